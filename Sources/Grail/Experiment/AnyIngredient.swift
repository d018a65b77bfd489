import Synchronization

/// An ingredient whatever its configuration, as lists of ingredients hold them.
public class AnyIngredient: @unchecked Sendable {
  // Sendable although unchecked, because subclasses know the configuration's type: all stored
  // properties, here and there, are constant and Sendable.

  /// The ingredients that this one is made of.
  public let ingredients: [AnyIngredient]
  let declarations = Mutex(Declarations())

  init(ingredients: [AnyIngredient]) { self.ingredients = ingredients }

  /// The class of the configuration, by which an ingredient finds its places; `nil` where the
  /// configuration is no class.
  var configuration: (any Configuration.Type)? { nil }

  /// Changes what is declared about the configuration; counts for runs that begin afterwards.
  final func declare(_ change: (inout Declarations) -> Void) {
    declarations.withLock { change(&$0) }
  }
}

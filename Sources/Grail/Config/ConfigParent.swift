/// Tells a superclass from a protocol, which a macro cannot see.
///
/// The macro `@Config` asks this of the first name after a class's colon. Only the compiler knows
/// what the name is, so that overloads answer: a class and what inherits its superclass have that
/// superclass in common, a class and what only conforms to its protocol have no class in common.
public enum ConfigParent {
  /// The answer that it is a superclass.
  public struct Superclass: Sendable {
    fileprivate init() {}
  }

  /// The answer that it is a protocol.
  public struct Interface: Sendable {
    fileprivate init() {}
  }

  /// Says that the name is a superclass's.
  ///
  /// - Parameters:
  ///   - parent: Any object to which the name applies.
  ///   - own: An object of the class.
  /// - Returns: The answer.
  public static func kind<Common: AnyObject>(of parent: Common, for own: Common) -> Superclass {
    Superclass()
  }

  /// Says that the name is a protocol's.
  ///
  /// - Parameters:
  ///   - parent: Any object to which the name applies.
  ///   - own: An object of the class.
  /// - Returns: The answer.
  @_disfavoredOverload
  public static func kind<Parent, Own>(of parent: Parent, for own: Own) -> Interface {
    Interface()
  }
}

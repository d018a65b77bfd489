import OrderedCollections
import Synchronization

extension Ingredient {
  /// Says that an ingredient is in several places of this configuration.
  ///
  /// ```swift
  /// let experiment = Experiment("curve", config: Fitting.self, ingredients: [dataset]) { run in
  ///   let training = run.with(\.training) { makePoints(run) }
  ///   let test = run.with(\.test) { makePoints(run) }
  ///   …
  /// }
  /// experiment.place(dataset, at: \.training, \.test)
  /// ```
  ///
  /// No run begins while an ingredient has places that are not named so: code that was written
  /// for one place, and reads `Dataset.current`, cannot know which of several is meant. In the
  /// ingredient's commands and hooks and in `run.with(\.training) { }` it is known.
  ///
  /// - Parameters:
  ///   - ingredient: One of ``AnyIngredient/ingredients``.
  ///   - places: The properties that are its places, each of them.
  public final func place<C, N>(
    _ ingredient: Ingredient<ConfigView<N>>, at places: any KeyPath<C, N> & Sendable...
  ) where Config == ConfigView<C> {
    declare { $0.places[ObjectIdentifier(ingredient), default: []] += places }
  }

  /// Says that an ingredient is in several choices of this configuration.
  ///
  /// - Parameters:
  ///   - ingredient: One of ``AnyIngredient/ingredients``, whose configuration a case holds.
  ///   - choices: The properties that hold the choices, each of them.
  public final func place<C, N, E: ConfigChoice>(
    _ ingredient: Ingredient<ConfigView<N>>, at choices: any KeyPath<C, E> & Sendable...
  ) where Config == ConfigView<C> {
    declare { $0.places[ObjectIdentifier(ingredient), default: []] += choices }
  }
}

extension AnyIngredient {
  /// The ingredients of this one that are in several places which were not all named.
  ///
  /// - Parameters:
  ///   - places: The places of configurations nested in this one's.
  ///   - owner: What this one is called in a message.
  /// - Returns: The problems.
  func unnamedPlaces(among places: [Place], on owner: String) -> [ConfigError] {
    guard let configuration else { return [] }
    let declared = declarations.withLock { $0.places }
    return ingredients.compactMap { ingredient in
      guard let type = ingredient.configuration else { return nil }
      let own = places.filter { $0.type == type }
      let isInSeveral = own.indices.contains { index in
        own[..<index].contains { $0.canBeBeside(own[index]) }
      }
      guard isInSeveral else { return nil }
      let named = Set(
        declared[ObjectIdentifier(ingredient), default: []]
          .compactMap { configuration.path(of: $0) })
      guard own.contains(where: { !named.contains($0.property) }) else { return nil }
      return Self.unnamed(own, of: "\(type)", in: "\(configuration)", on: owner)
    }
  }

  private static func unnamed(
    _ places: [Place], of type: String, in whole: String, on owner: String
  ) -> ConfigError {
    let paths = OrderedSet(places.map { "'\($0.path)'" })
    let properties = OrderedSet(places.map { "\\.\($0.property)" })
    let remedy =
      places.first { $0.branches.isEmpty }.map { "say which by run.with(\\.\($0.path)) { }" }
      ?? "read run.config instead"
    return ConfigError(
      code: .conflict, path: places.first?.path ?? "",
      message: "the ingredient of '\(type)' is in several places of '\(whole)', "
        + "\(paths.joined(separator: " and ")), and \(type).current would be any of them; name them "
        + "by '.place(INGREDIENT, at: \(properties.joined(separator: ", ")))' on \(owner), and "
        + "where code reads it \(remedy)")
  }
}

extension Place {
  /// Whether both can be in one configuration, rather than in two branches of a choice.
  fileprivate func canBeBeside(_ other: Place) -> Bool {
    branches.allSatisfy { choice, branch in other.branches[choice, default: branch] == branch }
  }

  /// The dotted name of the property that a key path leads to: the outermost choice around it,
  /// else the place itself.
  fileprivate var property: String { branches.keys.min { $0.count < $1.count } ?? path }
}

extension Configuration {
  /// The dotted name of a property of this class or of one nested in it.
  fileprivate static func path(of property: AnyKeyPath, in outer: AnyKeyPath? = nil) -> String? {
    for field in configFields {
      guard let own = outer.map({ $0.appending(path: field.path) }) ?? field.path else { continue }
      if own == property { return field.name }
      if case .nested(let nested) = field.content,
        let inner = nested.type.path(of: property, in: own)
      {
        return "\(field.name).\(inner)"
      }
    }
    return nil
  }
}

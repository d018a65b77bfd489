import GrailCore
import GrailRun
import OrderedCollections
import Synchronization

/// An experiment put together with its ingredients, each in its places.
struct Assembly<Config: Sendable>: Sendable {
  /// Makes the configurations of runs.
  let resolver: ConfigResolver<Config>
  /// The commands by the names that a command line has for them.
  private(set) var commands: OrderedDictionary<String, PlacedCommand> = [:]
  private let preRunHooks: [PlacedHook]
  private let postRunHooks: [PlacedHook]

  /// The name of the command that is run when none is named.
  static var mainCommand: String { "run" }

  /// A command and the part of the configuration that it is about.
  struct PlacedCommand: Sendable {
    /// The dotted name of the part.
    var path: String
    var command: Declarations.Command
  }

  private struct PlacedHook: Sendable {
    var path: String
    var hook: Declarations.Hook
  }

  /// Puts an experiment together.
  ///
  /// - Parameters:
  ///   - root: The experiment.
  ///   - model: The experiment's configuration.
  /// - Throws: ``ConfigProblems`` if ingredients have no place or share one.
  init(_ root: AnyIngredient, model: any ConfigModel<Config>) throws(ConfigProblems) {
    let parts = try Self.parts(of: root)
    var resolver = ConfigResolver(model: model)
    // What is nested is decided, and runs, before what is around it.
    let innerFirst = parts.sorted { $0.depth > $1.depth }
    for part in innerFirst {
      resolver.authorLayers += part.declarations.settings.map { $0(part.path) }
      resolver.hooks += part.declarations.configHooks.map { $0(part.path) }
    }
    for part in parts {
      for (name, named) in part.declarations.named {
        resolver.named[qualified(name, in: part.path)] = NamedConfig(
          help: named.help, layer: named.layer(part.path))
      }
      for (name, command) in part.declarations.commands {
        commands[qualified(name, in: part.path)] = PlacedCommand(
          path: part.path, command: command)
      }
    }
    resolver.seededPaths = parts.map(\.path).filter { !$0.isEmpty }
    self.resolver = resolver
    preRunHooks = innerFirst.flatMap { part in
      part.declarations.preRunHooks.map { PlacedHook(path: part.path, hook: $0) }
    }
    postRunHooks = innerFirst.flatMap { part in
      part.declarations.postRunHooks.map { PlacedHook(path: part.path, hook: $0) }
    }
  }

  /// Runs a command with the hooks around it.
  ///
  /// - Parameters:
  ///   - command: The command.
  ///   - run: The run.
  /// - Returns: The result, if there is one.
  /// - Throws: What the command or a hook throws.
  func perform(_ command: PlacedCommand, in run: Run) async throws -> Value? {
    try await perform(preRunHooks, in: run)
    let view = run.view(ofPart: command.path)
    let result = try await run.withScope(path: command.path) {
      try await command.command.body(run, view)
    }
    try await perform(postRunHooks, in: run)
    return result
  }

  private func perform(_ hooks: [PlacedHook], in run: Run) async throws {
    for placed in hooks where run.hasPart(placed.path) {
      let view = run.view(ofPart: placed.path)
      try await run.withScope(path: placed.path) { try await placed.hook(run, view) }
    }
  }

  // MARK: - Places

  /// An ingredient in one of its places, or the experiment itself.
  private struct Part {
    var path: String
    var declarations: Declarations
    var depth: Int { path.pathComponents.count }
  }

  private static func parts(of root: AnyIngredient) throws(ConfigProblems) -> [Part] {
    var parts = [Part(path: "", declarations: root.declarations.withLock { $0 })]
    var problems: [ConfigError] = []
    let places = root.configuration.map { $0.places() } ?? []
    var owners: [ObjectIdentifier: AnyIngredient] = [:]
    for ingredient in root.allIngredients {
      guard let type = ingredient.configuration else { continue }
      let own = places.filter { $0.type == type }.map(\.path)
      if let owner = owners.updateValue(ingredient, forKey: ObjectIdentifier(type)),
        owner !== ingredient
      {
        problems.append(
          ConfigError(
            code: .conflict, path: own.first ?? "",
            message: "two ingredients have the configuration '\(type)'; "
              + "use one, or give each a class of its own"))
      } else if own.isEmpty {
        let whole = root.configuration.map { "'\($0)'" } ?? "the configuration"
        problems.append(
          ConfigError(
            code: .unknownEntry, path: "",
            message: "the ingredient of '\(type)' has no place in \(whole); "
              + "add a property such as 'var part = \(type)()'"))
      } else {
        let declarations = ingredient.declarations.withLock { $0 }
        parts += own.map { Part(path: $0, declarations: declarations) }
      }
    }
    guard problems.isEmpty else { throw ConfigProblems(problems) }
    return parts
  }
}

extension AnyIngredient {
  /// The ingredients and those that they are made of, each once.
  fileprivate var allIngredients: [AnyIngredient] {
    var seen: Set<ObjectIdentifier> = []
    var all: [AnyIngredient] = []
    var open = ingredients[...]
    while let ingredient = open.popFirst() {
      guard seen.insert(ObjectIdentifier(ingredient)).inserted else { continue }
      all.append(ingredient)
      open += ingredient.ingredients
    }
    return all
  }
}

extension Configuration {
  /// The places of configurations nested in this class, also in branches that are not chosen.
  fileprivate static func places(
    path: String = ""
  ) -> [(path: String, type: any Configuration.Type)] {
    configFields.flatMap { field -> [(path: String, type: any Configuration.Type)] in
      let types: [any Configuration.Type] =
        switch field.content {
        case .value: []
        case .nested(let nested): [nested.type]
        case .choice(let choice): choice.branches.compactMap(\.type)
        }
      return types.flatMap { type in
        let inner = qualified(field.name, in: path)
        return [(inner, type)] + type.places(path: inner)
      }
    }
  }
}

extension Run {
  /// Whether the configuration has a part.
  fileprivate func hasPart(_ path: String) -> Bool {
    inputs.configurations.contains { $0.path == path }
  }

  /// What the run sees of a part of its configuration.
  fileprivate func view(ofPart path: String) -> any Sendable {
    inputs.configurations.first { $0.path == path }?.view ?? NoConfiguration()
  }
}

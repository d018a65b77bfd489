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
  private let interruptHooks: [PlacedInterruptHook]

  /// The name of the command that is run when none is named.
  static var mainCommand: String { "run" }

  /// A command and the part of the configuration that it is about.
  struct PlacedCommand: Sendable {
    /// The part.
    var place: Place
    var command: Declarations.Command
  }

  private struct PlacedHook: Sendable {
    var place: Place
    var hook: Declarations.Hook
  }

  private struct PlacedInterruptHook: Sendable {
    var place: Place
    var hook: Declarations.InterruptHook
  }

  /// Puts an experiment together.
  ///
  /// - Parameters:
  ///   - root: The experiment.
  ///   - model: The experiment's configuration.
  /// - Throws: ``ConfigProblems`` if ingredients have no place, share one, or have several that were
  ///   not named.
  init(_ root: AnyIngredient, model: any ConfigModel<Config>) throws(ConfigProblems) {
    let parts = try Self.parts(of: root)
    var resolver = ConfigResolver(model: model)
    // What is nested is decided, and runs, before what is around it.
    let depths = Set(parts.map(\.place.depth)).sorted(by: >)
    let innerFirst = depths.flatMap { depth in parts.filter { $0.place.depth == depth } }
    for part in innerFirst {
      resolver.authorLayers += part.declarations.settings.map(part.place.layer)
      resolver.hooks += part.declarations.configHooks.map(part.place.layer)
    }
    for part in parts {
      for (name, named) in part.declarations.named {
        resolver.named[qualified(name, in: part.place.path)] = NamedConfig(
          help: named.help, layer: part.place.layer(named.layer))
      }
      for (name, command) in part.declarations.commands {
        commands[qualified(name, in: part.place.path)] = PlacedCommand(
          place: part.place, command: command)
      }
    }
    resolver.seededParts = parts.map(\.place).filter { !$0.path.isEmpty }
      .map { ConfigPart(path: $0.path, branches: $0.branches) }
    self.resolver = resolver
    preRunHooks = innerFirst.flatMap { part in
      part.declarations.preRunHooks.map { PlacedHook(place: part.place, hook: $0) }
    }
    postRunHooks = innerFirst.flatMap { part in
      part.declarations.postRunHooks.map { PlacedHook(place: part.place, hook: $0) }
    }
    interruptHooks = innerFirst.flatMap { part in
      part.declarations.interruptHooks.map { PlacedInterruptHook(place: part.place, hook: $0) }
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
    try await perform(preRunHooks, kind: "hook before the run", in: run)
    let view = run.inputs.view(of: command.place)
    let result = try await run.withScope(path: command.place.path) {
      try await command.command.body(run, view)
    }
    try await perform(postRunHooks, kind: "hook after the run", in: run)
    return result
  }

  private func perform(_ hooks: [PlacedHook], kind: String, in run: Run) async throws {
    for placed in hooks where placed.place.isChosen(in: run.inputs.configurations) {
      let view = run.inputs.view(of: placed.place)
      try await run.recorder.during("ran the \(kind)\(placed.place.suffix)") {
        try await run.withScope(path: placed.place.path) { try await placed.hook(run, view) }
      }
    }
  }

  /// What cleans up after a run that something ends before it is done.
  ///
  /// - Parameter run: The run.
  /// - Returns: The hooks, in order.
  func interruptHooks(of run: Run) -> [RunStop.Hook] {
    interruptHooks.filter { $0.place.isChosen(in: run.inputs.configurations) }.map { placed in
      RunStop.Hook(
        activity: "ran the hook for interruptions\(placed.place.suffix)", limit: placed.hook.limit
      ) {
        let view = run.inputs.view(of: placed.place)
        try run.withScope(path: placed.place.path) { () throws in
          try placed.hook.body(run, view)
        }
      }
    }
  }

  // MARK: - Places

  /// An ingredient in one of its places, or the experiment itself.
  private struct Part {
    var place: Place
    var declarations: Declarations
  }

  private static func parts(of root: AnyIngredient) throws(ConfigProblems) -> [Part] {
    var parts = [Part(place: Place(), declarations: root.declarations.withLock { $0 })]
    var problems: [ConfigError] = []
    let places = root.configuration.map { $0.places() } ?? []
    var owners: [ObjectIdentifier: AnyIngredient] = [:]
    for ingredient in root.allIngredients {
      guard let type = ingredient.configuration else { continue }
      let own = places.filter { $0.type == type }
      if let owner = owners.updateValue(ingredient, forKey: ObjectIdentifier(type)),
        owner !== ingredient
      {
        problems.append(
          ConfigError(
            code: .conflict, path: own.first?.path ?? "",
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
        parts += own.map { Part(place: $0, declarations: declarations) }
      }
    }
    guard problems.isEmpty else { throw ConfigProblems(problems) }
    problems += root.unnamedPlaces(among: places, on: "the experiment")
    for ingredient in root.allIngredients where !ingredient.ingredients.isEmpty {
      guard let type = ingredient.configuration else { continue }
      problems += ingredient.unnamedPlaces(
        among: type.places(), on: "the ingredient of '\(type)'")
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

/// Where a configuration is in that of an experiment.
struct Place: Sendable {
  /// The dotted name; empty for the whole.
  var path = ""
  /// The branches that must be chosen for it to be there, by the dotted names of the variants.
  var branches: [String: String] = [:]
  /// The configuration's class; `nil` for the whole.
  var type: (any Configuration.Type)?

  /// The source of values that is made for this place.
  func layer(_ make: Declarations.PlacedLayer) -> ConfigLayer {
    make(path).needing(branches)
  }

  /// What a sentence says of where it is.
  fileprivate var suffix: String { path.isEmpty ? "" : " of '\(path)'" }

  /// How many configurations it is in.
  var depth: Int { path.isEmpty ? 0 : path.pathComponents.count }

  /// Whether it is among the configurations of a run, rather than in a branch not chosen.
  func isChosen(in configurations: [RunConfiguration]) -> Bool {
    path.isEmpty || configurations.contains(where: matches)
  }

  /// What must be chosen for it to be there, as updates.
  var neededChoices: String {
    branches.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }

  fileprivate func matches(_ configuration: RunConfiguration) -> Bool {
    configuration.path == path
      && (type.map { configuration.type == ObjectIdentifier($0) } ?? true)
  }
}

extension Configuration {
  /// The places of configurations nested in this class, also in branches that are not chosen.
  static func places(in outer: Place = Place()) -> [Place] {
    configFields.flatMap { field -> [Place] in
      var place = outer
      place.path = qualified(field.name, in: outer.path)
      switch field.content {
      case .value: return []
      case .nested(let nested):
        place.type = nested.type
        return [place] + nested.type.places(in: place)
      case .choice(let choice):
        return choice.branches.flatMap { branch -> [Place] in
          guard let type = branch.type else { return [] }
          place.type = type
          place.branches[place.path] = branch.name
          return [place] + type.places(in: place)
        }
      }
    }
  }
}

extension RunInputs {
  /// What the run sees of a part of its configuration.
  fileprivate func view(of place: Place) -> any Sendable {
    configurations.first(where: place.matches)?.view ?? NoConfiguration()
  }
}

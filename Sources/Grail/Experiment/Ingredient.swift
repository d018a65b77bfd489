import GrailCore
public import GrailRun
import OrderedCollections

/// A configuration with commands, hooks and named configurations of its own, to use in experiments.
///
/// ```swift
/// @Config final class Dataset {
///   var path = "data.csv"
///   var size = 100
/// }
///
/// let dataset = Ingredient(Dataset.self)
/// dataset.namedConfig("small") { $0.size = 10 }
/// dataset.command("stats", help: "Counts the rows.") { run in
///   try readRows(run.config.path).count
/// }
///
/// @Config final class Training {
///   var data = Dataset()
/// }
/// let experiment = Experiment("digits", config: Training.self, ingredients: [dataset]) { … }
/// ```
///
/// An ingredient is where a property of its class is: here its entries are `data.path` and
/// `data.size`, its command `data.stats`, its named configuration `data.small`. It may be in
/// several experiments, and in several places of one, which have to be named:
/// `experiment.place(dataset, at: \.train, \.test)`.
public class Ingredient<Config: Sendable>: AnyIngredient, @unchecked Sendable {
  // Sendable although unchecked, as its superclass: what it adds is constant and Sendable.
  private let ownConfiguration: (any Configuration.Type)?

  init(configuration: (any Configuration.Type)?, ingredients: [AnyIngredient]) {
    ownConfiguration = configuration
    super.init(ingredients: ingredients)
  }

  override final var configuration: (any Configuration.Type)? { ownConfiguration }

  /// Creates an ingredient.
  ///
  /// - Parameters:
  ///   - config: The class of its configuration.
  ///   - ingredients: Ingredients whose configurations are nested in this one's.
  public convenience init<C: Configuration>(_ config: C.Type, ingredients: [AnyIngredient] = [])
  where Config == ConfigView<C> {
    self.init(configuration: config, ingredients: ingredients)
  }

  // MARK: - Commands

  /// Adds a command, whose result is that of the run.
  ///
  /// - Parameters:
  ///   - name: What to write on the command line.
  ///   - help: What it does, for `--help`.
  ///   - isObserved: Whether its runs are recorded.
  ///   - body: What is run; it returns the result.
  public final func command(
    _ name: String, help: String = "", isObserved: Bool = true,
    body:
      @escaping @Sendable (ConfiguredRun<Config>) async throws -> some Encodable
      & SendableMetatype
  ) {
    declare(name, help: help, isObserved: isObserved) { run in
      Value(recording: try await body(run))
    }
  }

  /// Adds a command without a result.
  ///
  /// - Parameters:
  ///   - name: What to write on the command line.
  ///   - help: What it does, for `--help`.
  ///   - isObserved: Whether its runs are recorded.
  ///   - body: What is run.
  public final func command(
    _ name: String, help: String = "", isObserved: Bool = true,
    body: @escaping @Sendable (ConfiguredRun<Config>) async throws -> Void
  ) {
    declare(name, help: help, isObserved: isObserved) { run in
      try await body(run)
      return nil
    }
  }

  final func declare(
    _ name: String, help: String, isObserved: Bool,
    body: @escaping @Sendable (ConfiguredRun<Config>) async throws -> Value?
  ) {
    declare { declarations in
      declarations.commands[name] = Declarations.Command(help: help, isObserved: isObserved) {
        run, view in
        guard let run = Self.run(run, seeing: view) else { return nil }
        return try await body(run)
      }
    }
  }

  // MARK: - Hooks

  /// Adds what runs before each command, in its run.
  ///
  /// Those of nested ingredients come first, the experiment's last. An error ends the run.
  ///
  /// - Parameter hook: What is run.
  public final func preRunHook(
    _ hook: @escaping @Sendable (ConfiguredRun<Config>) async throws -> Void
  ) {
    declare { $0.preRunHooks.append(Self.erased(hook)) }
  }

  /// Adds what runs after each command that succeeded, in its run.
  ///
  /// Those of nested ingredients come first, the experiment's last. An error fails the run.
  ///
  /// - Parameter hook: What is run.
  public final func postRunHook(
    _ hook: @escaping @Sendable (ConfiguredRun<Config>) async throws -> Void
  ) {
    declare { $0.postRunHooks.append(Self.erased(hook)) }
  }

  /// Adds what cleans up when something ends a command before it is done: Ctrl-C, a scheduler's
  /// SIGTERM, a closed terminal, or the time limit.
  ///
  /// The command is cancelled first, and has a second to end by itself, as code does that meets
  /// `Task.checkCancellation()`. Hooks run on a thread of their own, one after the other, those of nested
  /// ingredients first; the command may still go on meanwhile. A second signal ends the program at
  /// once.
  ///
  /// - Parameters:
  ///   - limit: How long the hook may take; then the end goes on without it.
  ///   - hook: What is run. An error is noted on the run.
  public final func interruptHook(
    within limit: Duration = .seconds(3),
    _ hook: @escaping @Sendable (ConfiguredRun<Config>) throws -> Void
  ) {
    declare { declarations in
      declarations.interruptHooks.append(
        Declarations.InterruptHook(limit: limit) { run, view in
          guard let run = Self.run(run, seeing: view) else { return }
          try hook(run)
        })
    }
  }

  private static func erased(
    _ hook: @escaping @Sendable (ConfiguredRun<Config>) async throws -> Void
  ) -> Declarations.Hook {
    { run, view in
      guard let run = Self.run(run, seeing: view) else { return }
      try await hook(run)
    }
  }

  /// The run as this ingredient's code sees it.
  private static func run(_ run: Run, seeing view: any Sendable) -> ConfiguredRun<Config>? {
    // The whole experiment's code gets the run itself, which `Run.current` is too.
    if let whole = run as? ConfiguredRun<Config> { return whole }
    return (view as? Config).map {
      ConfiguredRun(
        recorder: run.recorder, inputs: run.inputs, config: $0,
        path: RunScope.current?.path(in: run) ?? "")
    }
  }

  // MARK: - Files

  /// Sets entries by a file, below named configurations and updates.
  ///
  /// - Parameter file: The path of a JSON, YAML or TOML file, relative to the working directory.
  public final func config(file: String) {
    declare { $0.settings.append { .file(file, origin: .authorFile(file), path: $0) } }
  }

  /// Adds a named configuration that is in a file.
  ///
  /// - Parameters:
  ///   - name: What to write after `with`.
  ///   - help: What it is for, for `--help`.
  ///   - file: The path of a JSON, YAML or TOML file, relative to the working directory.
  public final func namedConfig(_ name: String, help: String = "", file: String) {
    declare { declarations in
      declarations.named[name] = Declarations.Named(help: help) { path in
        .file(file, origin: .named(qualified(name, in: path)), path: path)
      }
    }
  }
}

/// A name with the place it belongs to before it.
func qualified(_ name: String, in path: String) -> String {
  path.isEmpty ? name : "\(path).\(name)"
}

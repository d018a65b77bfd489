import ArgumentParser
import GrailCore
public import GrailRun
import Logging
import OrderedCollections
import Synchronization

/// A program to run many times with different settings, each run recorded.
///
/// ```swift
/// /// How the network is trained.
/// @Config final class Training {
///   var layers = 7
///   lazy var rate = 1 / Double(layers)
/// }
///
/// let experiment = Experiment("digits", config: Training.self) { run in
///   for epoch in run.progress(0..<20) {
///     run.log("loss", train(rate: run.config.rate), step: epoch)
///   }
///   return accuracy
/// }
/// await experiment.main()
/// ```
///
/// The closure runs off the main actor. What it returns, any `Encodable` value or nothing, is
/// the run's result; an error that it throws ends the run as failed.
///
/// An experiment is an ingredient too: it may have named configurations, commands and hooks of its
/// own. What is declared counts for the runs that begin afterwards. Safe from any thread.
public final class Experiment<Config: Sendable>: Ingredient<Config>, @unchecked Sendable {
  // Sendable although unchecked, as its superclass: what it adds is constant and Sendable.

  /// The experiment's name.
  public let name: String
  /// What the experiment does, for `--help`.
  public let help: String
  /// The file that declares the experiment, from which its package is found.
  let declaredIn: String
  private let makeModel: @Sendable () throws(ConfigError) -> any ConfigModel<Config>
  private let model = Mutex<Result<any ConfigModel<Config>, ConfigError>?>(nil)
  let seedings = Mutex<[@Sendable (Int) -> Void]>([])
  let optionHooks = Mutex<[@Sendable (inout RunSettings) throws -> Void]>([])
  let ownOptions = Mutex<OwnOptions>(OwnOptions(NoOptions.self))
  let observers = Mutex<[DeclaredObserver]>([])

  private init(
    name: String, help: String, declaredIn: String, configuration: (any Configuration.Type)?,
    ingredients: [AnyIngredient],
    model: @escaping @Sendable () throws(ConfigError) -> any ConfigModel<Config>,
    body: @escaping @Sendable (ConfiguredRun<Config>) async throws -> Value?
  ) {
    (self.name, self.help, self.declaredIn) = (name, help, declaredIn)
    makeModel = model
    super.init(configuration: configuration, ingredients: ingredients)
    declare(
      Assembly<Config>.mainCommand, help: "Runs the experiment.", isObserved: true, body: body)
  }

  // MARK: - A class as the configuration

  /// Creates an experiment.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - help: What the experiment does, for `--help`.
  ///   - config: The class whose properties are the entries of the configuration.
  ///   - ingredients: Those whose configurations are nested in this one.
  ///   - file: The file that declares the experiment.
  ///   - body: What is run; it returns the result.
  public convenience init<C: Configuration>(
    _ name: String, help: String = "", config: C.Type, ingredients: [AnyIngredient] = [],
    file: StaticString = #filePath,
    body:
      @escaping @Sendable (ConfiguredRun<Config>) async throws -> some Encodable
      & SendableMetatype
  ) where Config == ConfigView<C> {
    self.init(
      name: name, help: help, declaredIn: "\(file)", configuration: config,
      ingredients: ingredients, model: { () throws(ConfigError) in try ObjectModel<C>() },
      body: { Value(recording: try await body($0)) })
  }

  /// Creates an experiment without a result.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - help: What the experiment does, for `--help`.
  ///   - config: The class whose properties are the entries of the configuration.
  ///   - ingredients: Those whose configurations are nested in this one.
  ///   - file: The file that declares the experiment.
  ///   - body: What is run.
  public convenience init<C: Configuration>(
    _ name: String, help: String = "", config: C.Type, ingredients: [AnyIngredient] = [],
    file: StaticString = #filePath,
    body: @escaping @Sendable (ConfiguredRun<Config>) async throws -> Void
  ) where Config == ConfigView<C> {
    self.init(
      name: name, help: help, declaredIn: "\(file)", configuration: config,
      ingredients: ingredients, model: { () throws(ConfigError) in try ObjectModel<C>() },
      body: {
        try await body($0)
        return nil
      })
  }

  // MARK: - Any value as the configuration

  /// Creates an experiment whose configuration is any `Codable` value.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - help: What the experiment does, for `--help`.
  ///   - config: The configuration as it is unless something is set from outside.
  ///   - file: The file that declares the experiment.
  ///   - body: What is run; it returns the result.
  public convenience init(
    _ name: String, help: String = "", config: Config, file: StaticString = #filePath,
    body:
      @escaping @Sendable (ConfiguredRun<Config>) async throws -> some Encodable
      & SendableMetatype
  ) where Config: Codable {
    self.init(
      name: name, help: help, declaredIn: "\(file)", configuration: nil, ingredients: [],
      model: { () throws(ConfigError) in try CodableModel(defaults: config) },
      body: { Value(recording: try await body($0)) })
  }

  /// Creates an experiment without a result, whose configuration is any `Codable` value.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - help: What the experiment does, for `--help`.
  ///   - config: The configuration as it is unless something is set from outside.
  ///   - file: The file that declares the experiment.
  ///   - body: What is run.
  public convenience init(
    _ name: String, help: String = "", config: Config, file: StaticString = #filePath,
    body: @escaping @Sendable (ConfiguredRun<Config>) async throws -> Void
  ) where Config: Codable {
    self.init(
      name: name, help: help, declaredIn: "\(file)", configuration: nil, ingredients: [],
      model: { () throws(ConfigError) in try CodableModel(defaults: config) },
      body: {
        try await body($0)
        return nil
      })
  }

  /// Creates an experiment whose configuration's type says its defaults.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - help: What the experiment does, for `--help`.
  ///   - config: The configuration's type.
  ///   - file: The file that declares the experiment.
  ///   - body: What is run; it returns the result.
  public convenience init(
    _ name: String, help: String = "", config: Config.Type, file: StaticString = #filePath,
    body:
      @escaping @Sendable (ConfiguredRun<Config>) async throws -> some Encodable
      & SendableMetatype
  ) where Config: Configurable {
    self.init(name, help: help, config: Config(), file: file, body: body)
  }

  /// Creates an experiment without a result, whose configuration's type says its defaults.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - help: What the experiment does, for `--help`.
  ///   - config: The configuration's type.
  ///   - file: The file that declares the experiment.
  ///   - body: What is run.
  public convenience init(
    _ name: String, help: String = "", config: Config.Type, file: StaticString = #filePath,
    body: @escaping @Sendable (ConfiguredRun<Config>) async throws -> Void
  ) where Config: Configurable {
    self.init(name, help: help, config: Config(), file: file, body: body)
  }

  // MARK: - No configuration

  /// Creates an experiment without a configuration.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - help: What the experiment does, for `--help`.
  ///   - file: The file that declares the experiment.
  ///   - body: What is run; it returns the result.
  public convenience init(
    _ name: String, help: String = "", file: StaticString = #filePath,
    body:
      @escaping @Sendable (Run) async throws -> some Encodable
      & SendableMetatype
  ) where Config == NoConfiguration {
    self.init(name, help: help, config: NoConfiguration(), file: file, body: body)
  }

  /// Creates an experiment without a configuration and a result.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - help: What the experiment does, for `--help`.
  ///   - file: The file that declares the experiment.
  ///   - body: What is run.
  public convenience init(
    _ name: String, help: String = "", file: StaticString = #filePath,
    body: @escaping @Sendable (Run) async throws -> Void
  ) where Config == NoConfiguration {
    self.init(name, help: help, config: NoConfiguration(), file: file, body: body)
  }

  // MARK: - Other libraries

  /// Adds what seeds another library's random numbers at the start of each run.
  ///
  /// - Parameter seed: Gets the run's seed, `1...1_000_000_000` unless it was set otherwise.
  public func seeding(_ seed: @escaping @Sendable (Int) -> Void) {
    seedings.withLock { $0.append(seed) }
  }

  /// Adds what changes how a run is recorded, before it begins.
  ///
  /// - Parameter hook: Changes the settings that code or the command line made.
  public func optionHook(_ hook: @escaping @Sendable (inout RunSettings) throws -> Void) {
    optionHooks.withLock { $0.append(hook) }
  }

  // MARK: - Together

  /// The experiment with its ingredients, as it is now.
  func assembly() throws(ConfigProblems) -> Assembly<Config> {
    let made = model.withLock { model in
      if let model { return model }
      let made = Result { () throws(ConfigError) in try makeModel() }
      model = made
      return made
    }
    switch made {
    case .success(let model): return try Assembly(self, model: model)
    case .failure(let error): throw ConfigProblems([error])
    }
  }
}

public import GrailCore
import GrailRecord
public import GrailRun
import Logging
import OrderedCollections

/// A program to run many times with different settings, each run recorded.
///
/// ```swift
/// struct Settings: Configurable {
///   var layers = 7
///   var rate = 0.1
/// }
///
/// let experiment = Experiment("digits", config: Settings.self) { run in
///   for epoch in run.progress(0..<20) {
///     run.log("loss", train(run.config), step: epoch)
///   }
///   return accuracy
/// }
/// await experiment.main()
/// ```
///
/// The closure runs off the main actor. What it returns, any `Encodable` value or nothing, is
/// the run's result; an error that it throws ends the run as failed.
public struct Experiment<Config: Codable & Sendable>: Sendable {
  /// The experiment's name.
  public let name: String
  private let defaults: Config
  private let body: @Sendable (ConfiguredRun<Config>) async throws -> Value?
  /// The file that declares the experiment.
  let declaredIn: String

  private init(
    name: String, defaults: Config, file: StaticString,
    body: @escaping @Sendable (ConfiguredRun<Config>) async throws -> Value?
  ) {
    (self.name, self.defaults, self.body) = (name, defaults, body)
    declaredIn = file.description
  }

  /// Creates an experiment whose configuration is any `Codable` value.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - config: The configuration as it is unless something is set from outside.
  ///   - file: The file that declares the experiment, from which its sources are found.
  ///   - body: What is run; it returns the result.
  public init(
    _ name: String, config: Config, file: StaticString = #filePath,
    body:
      @escaping @Sendable (ConfiguredRun<Config>) async throws -> some Encodable
      & SendableMetatype
  ) {
    self.init(name: name, defaults: config, file: file) { run in
      Value(recording: try await body(run))
    }
  }

  /// Creates an experiment without a result, whose configuration is any `Codable` value.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - config: The configuration as it is unless something is set from outside.
  ///   - file: The file that declares the experiment, from which its sources are found.
  ///   - body: What is run.
  public init(
    _ name: String, config: Config, file: StaticString = #filePath,
    body: @escaping @Sendable (ConfiguredRun<Config>) async throws -> Void
  ) {
    self.init(name: name, defaults: config, file: file) { run in
      try await body(run)
      return nil
    }
  }

  // MARK: - From code

  /// Runs the experiment.
  ///
  /// Several runs may go on at once. Parsing arguments, output, signals and exit codes are left
  /// to the program.
  ///
  /// - Parameters:
  ///   - settings: How the run is recorded.
  ///   - edit: Changes the configuration of this run.
  /// - Returns: The run's record.
  /// - Throws: ``RunStartError`` if the record cannot be created; else what the experiment's
  ///   closure throws, after the run is recorded as failed.
  @discardableResult
  public func run(
    settings: RunSettings = RunSettings(), with edit: (inout Config) throws -> Void = { _ in }
  ) async throws -> RunRecord {
    var config = defaults
    try edit(&config)
    return try await run(with: config, settings: settings)
  }

  /// Runs the experiment with a configuration.
  ///
  /// - Parameters:
  ///   - config: The configuration.
  ///   - settings: How the run is recorded.
  /// - Returns: The run's record.
  /// - Throws: ``RunStartError`` if the record cannot be created; else what the experiment's
  ///   closure throws, after the run is recorded as failed.
  @discardableResult
  public func run(
    with config: Config, settings: RunSettings = RunSettings()
  ) async throws -> RunRecord {
    let value = try TypedConfig(defaults: config).schema.defaults
    let before = try TypedConfig(defaults: defaults).schema.defaults
    let plan = RunPlan(
      experiment: name, command: "run", config: value.mapValue ?? [:],
      updates: value.changes(from: before), settings: settings, declaredIn: declaredIn)
    return try await execute(plan, config: config)
  }

  /// Runs the experiment with updates in the words of a command line.
  ///
  /// - Parameters:
  ///   - updates: Updates such as `layers=3` and `data.path=x.csv`.
  ///   - settings: How the run is recorded.
  /// - Returns: The run's record.
  /// - Throws: ``ConfigProblems`` with all that is wrong with the updates, before anything runs;
  ///   ``RunStartError`` if the record cannot be created; else what the experiment's closure
  ///   throws, after the run is recorded as failed.
  @discardableResult
  public func run(
    with updates: [String], settings: RunSettings = RunSettings()
  ) async throws -> RunRecord {
    let resolved = try TypedConfig(defaults: defaults).resolve(updates)
    return try await execute(plan(for: resolved, settings: settings), config: resolved.config)
  }

  func plan(for resolved: ResolvedConfig<Config>, settings: RunSettings) -> RunPlan {
    RunPlan(
      experiment: name, command: "run", config: resolved.value.mapValue ?? [:],
      updates: resolved.updates, settings: settings, declaredIn: declaredIn)
  }

  var typedConfig: TypedConfig<Config> {
    get throws { try TypedConfig(defaults: defaults) }
  }

  /// Runs the closure and records what becomes of it.
  @concurrent
  func execute(_ plan: RunPlan, config: Config) async throws -> RunRecord {
    try await execute(plan, config: config, recorder: recorder(for: plan))
  }

  /// Begins the record of a run.
  func recorder(for plan: RunPlan) throws(RunStartError) -> Recorder {
    try Recorder(plan, logger: Logger(label: plan.settings.name ?? name))
  }

  /// Runs the closure and records what becomes of it in a record that was begun.
  @concurrent
  func execute(_ plan: RunPlan, config: Config, recorder: Recorder) async throws -> RunRecord {
    let messages = RunMessages(recorder: recorder)
    messages.started(command: plan.command, isObserved: plan.settings.isObserved)
    let run = ConfiguredRun(recorder: recorder, config: config)
    do {
      let result = try await run.withCurrent { try await body(run) }
      if let result { run.result = result }
      let record = recorder.finish(.completed)
      messages.completed(record)
      return record
    } catch {
      let isCancelled = error is CancellationError
      let record = recorder.finish(
        isCancelled ? .interrupted : .failed, failTrace: RunMessages.trace(of: error))
      messages.failed(record, isInterrupted: isCancelled)
      throw error
    }
  }
}

extension Experiment where Config: Configurable {
  /// Creates an experiment whose configuration's type says its defaults.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - config: The configuration's type.
  ///   - file: The file that declares the experiment, from which its sources are found.
  ///   - body: What is run; it returns the result.
  public init(
    _ name: String, config: Config.Type, file: StaticString = #filePath,
    body:
      @escaping @Sendable (ConfiguredRun<Config>) async throws -> some Encodable
      & SendableMetatype
  ) {
    self.init(name, config: Config(), file: file, body: body)
  }

  /// Creates an experiment without a result, whose configuration's type says its defaults.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - config: The configuration's type.
  ///   - file: The file that declares the experiment, from which its sources are found.
  ///   - body: What is run.
  public init(
    _ name: String, config: Config.Type, file: StaticString = #filePath,
    body: @escaping @Sendable (ConfiguredRun<Config>) async throws -> Void
  ) {
    self.init(name, config: Config(), file: file, body: body)
  }
}

extension Experiment where Config == NoConfiguration {
  /// Creates an experiment without a configuration.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - file: The file that declares the experiment, from which its sources are found.
  ///   - body: What is run; it returns the result.
  public init(
    _ name: String, file: StaticString = #filePath,
    body:
      @escaping @Sendable (Run) async throws -> some Encodable
      & SendableMetatype
  ) {
    self.init(name, config: NoConfiguration(), file: file, body: body)
  }

  /// Creates an experiment without a configuration and a result.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - file: The file that declares the experiment, from which its sources are found.
  ///   - body: What is run.
  public init(
    _ name: String, file: StaticString = #filePath,
    body: @escaping @Sendable (Run) async throws -> Void
  ) {
    self.init(name, config: NoConfiguration(), file: file, body: body)
  }
}

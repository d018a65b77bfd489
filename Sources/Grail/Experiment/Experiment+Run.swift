public import GrailCore
public import GrailRun
import CGrailRecord
import Logging
import OrderedCollections
import Synchronization

// Runs that code begins. Parsing arguments, output, signals and exit codes are left to the
// program; several runs may go on at once.

extension Experiment {
  /// Runs the experiment, or another of its commands, with updates in the words of a command line.
  ///
  /// - Parameters:
  ///   - updates: Updates such as `layers=3`, names of named configurations, and files.
  ///   - command: The command, such as `evaluate` or an ingredient's `data.stats`.
  ///   - settings: How the run is recorded.
  /// - Returns: The run's record.
  /// - Throws: ``ConfigProblems`` with all that is wrong with the configuration, before anything
  ///   runs; ``RunStartError`` if the record cannot be created or there is no such command; else
  ///   what the command throws, after the run is recorded as failed.
  @discardableResult
  public func run(
    with updates: [String], command: String? = nil, settings: RunSettings = RunSettings()
  ) async throws -> RunRecord {
    try await run(updates, edit: nil, command: command, settings: settings)
  }

  /// Runs the experiment, or another of its commands.
  ///
  /// - Parameters:
  ///   - command: The command, such as `evaluate` or an ingredient's `data.stats`.
  ///   - settings: How the run is recorded.
  ///   - edit: Sets entries of the configuration of this run.
  /// - Returns: The run's record.
  /// - Throws: ``ConfigProblems`` with all that is wrong with the configuration, before anything
  ///   runs; ``RunStartError`` if the record cannot be created or there is no such command; else
  ///   what the command throws, after the run is recorded as failed.
  @discardableResult
  public func run<C>(
    command: String? = nil, settings: RunSettings = RunSettings(),
    with edit: @escaping @Sendable (ConfigEditor<C>) throws -> Void = { _ in }
  ) async throws -> RunRecord where Config == ConfigView<C> {
    try await run(
      [], edit: .object(.update) { editor, _ in try edit(editor) }, command: command,
      settings: settings)
  }

  private func run(
    _ updates: [String], edit: ConfigLayer?, command: String?, settings: RunSettings
  ) async throws -> RunRecord {
    let prepared = try prepare(
      updates, edit: edit, command: command ?? Assembly<Config>.mainCommand, settings: settings,
      options: nil)
    return try await execute(prepared, recorder: recorder(for: prepared))
  }
}

extension Experiment where Config: Codable {
  /// Runs the experiment, or another of its commands.
  ///
  /// - Parameters:
  ///   - command: The command, such as `evaluate`.
  ///   - settings: How the run is recorded.
  ///   - edit: Changes the configuration of this run.
  /// - Returns: The run's record.
  /// - Throws: ``ConfigProblems`` with all that is wrong with the configuration, before anything
  ///   runs; ``RunStartError`` if the record cannot be created or there is no such command; else
  ///   what the command throws, after the run is recorded as failed.
  @discardableResult
  public func run(
    command: String? = nil, settings: RunSettings = RunSettings(),
    with edit: @escaping @Sendable (inout Config) throws -> Void = { _ in }
  ) async throws -> RunRecord {
    try await run(
      [], edit: .value(.update) { config, _ in try edit(&config) }, command: command,
      settings: settings)
  }

  /// Runs the experiment with a configuration.
  ///
  /// - Parameters:
  ///   - config: The configuration.
  ///   - settings: How the run is recorded.
  /// - Returns: The run's record.
  /// - Throws: ``ConfigProblems`` if the configuration is not valid, before anything runs;
  ///   ``RunStartError`` if the record cannot be created; else what the experiment's closure
  ///   throws, after the run is recorded as failed.
  @discardableResult
  public func run(
    with config: Config, settings: RunSettings = RunSettings()
  ) async throws -> RunRecord {
    try await run(settings: settings) { $0 = config }
  }
}

// MARK: - One run

/// A run that is ready to begin.
struct PreparedRun<Config: Sendable>: Sendable {
  var assembly: Assembly<Config>
  var command: Assembly<Config>.PlacedCommand
  var config: ResolvedConfig<Config>
  var plan: RunPlan
  var inputs: RunInputs
}

extension Experiment {
  /// Decides everything about a run before it begins.
  ///
  /// - Parameters:
  ///   - words: Updates, names of named configurations, and files.
  ///   - edit: Sets entries in code.
  ///   - command: The command's name.
  ///   - settings: How the run is recorded.
  ///   - options: The values of the experiment's own options.
  /// - Returns: What ``execute(_:recorder:)`` needs.
  /// - Throws: ``ConfigProblems``, ``RunStartError``, or what an option hook throws.
  func prepare(
    _ words: [String], edit: ConfigLayer? = nil, command: String, settings: RunSettings,
    options: (any Sendable)?
  ) throws -> PreparedRun<Config> {
    let assembly = try assembly()
    guard let placed = assembly.commands[command] else {
      throw RunStartError(
        code: .unknownCommand,
        message: .unknownCommand(command, known: Array(assembly.commands.keys)))
    }
    let edits = try edit.map { try assembly.resolver.changes(by: $0, command: command) } ?? []
    let config = try assembly.resolver.resolve(words, edits: edits, command: command)
    guard placed.place.isChosen(in: config.parts) else {
      throw RunStartError(
        code: .unknownCommand,
        message: "the command '\(command)' needs \(placed.place.neededChoices); "
          + "write \(command) with \(placed.place.neededChoices)")
    }
    var settings = settings
    if let outer = RunScope.current?.run { settings.take(from: outer) }
    for hook in optionHooks.withLock({ $0 }) { try hook(&settings) }
    if let options { try ownOptions.withLock { $0 }.apply(options, &settings) }
    try addObservers(to: &settings)
    try settings.output.validate()
    let keepsInnerRuns = settings.isObserved
    if !placed.command.isObserved { settings.isObserved = false }
    let seed = config.seeds[""] ?? RunSeed.random()
    var plan = RunPlan(experiment: name, command: command, settings: settings)
    plan.config = config.value.mapValue ?? [:]
    if (plan.config[ConfigSchema.seedName] ?? .null).isNull {
      plan.config[ConfigSchema.seedName] = .int(Int64(seed))
    }
    plan.updates = .init(config.updates.map { ($0.path, $0.value) }) { _, last in last }
    plan.namedConfigs = config.names
    plan.declaredIn = declaredIn
    plan.configSources = .init(config.changes.map { ($0.path, $0.origin.text) }) { _, last in last }
    var inputs = RunInputs(
      seed: seed, seeds: config.seeds, configurations: config.parts, options: options)
    (inputs.store, inputs.keepsInnerRuns) = (settings.store, keepsInnerRuns)
    return PreparedRun(
      assembly: assembly, command: placed, config: config, plan: plan, inputs: inputs)
  }

  /// Begins the record of a run.
  func recorder(for prepared: PreparedRun<Config>) throws(RunStartError) -> Recorder {
    try Recorder(prepared.plan, logger: Logger(label: prepared.plan.settings.name ?? name))
  }

  /// Runs the command and records what becomes of it in a record that was begun.
  ///
  /// - Parameters:
  ///   - prepared: The run.
  ///   - recorder: Its record.
  ///   - whenTimeIsOver: Is called when the time limit has ended the run's record and the command
  ///     still goes on.
  /// - Returns: The record.
  /// - Throws: What the command throws; ``RunInterrupt`` if something ended it before it was done.
  @concurrent
  func execute(
    _ prepared: PreparedRun<Config>, recorder: Recorder,
    whenTimeIsOver: @escaping @Sendable () -> Void = {}
  ) async throws -> RunRecord {
    let messages = RunMessages(recorder: recorder)
    let plan = prepared.plan
    messages.started(command: plan.command, isObserved: plan.settings.isObserved)
    recorder.captureOutput(plan.settings.output)
    let run = ConfiguredRun(
      recorder: recorder, inputs: prepared.inputs, config: prepared.config.config)
    for seeding in seedings.withLock({ $0 }) { seeding(run.seed) }
    let task = Task {
      grail_crash_cover_thread()
      return try await run.withCurrent {
        try await prepared.assembly.perform(prepared.command, in: run)
      }
    }
    let stop = recorder.stop
    stop.begin {
      task.cancel()
    } conclude: { reason in
      recorder.clean(up: prepared.assembly.interruptHooks(of: run))
      recorder.warn(reason.message)
      messages.failed(recorder.finish(reason.status), word: "Aborted")
      recorder.finishDelivery(within: reason.deliveryLimit)
    }
    recorder.limitTime(plan.settings.timeout, whenOver: whenTimeIsOver)
    let outcome = await withTaskCancellationHandler {
      await task.result
    } onCancel: {
      task.cancel()
    }
    defer { stop.over() }
    // What the command returned although it was asked to end is kept.
    if case .success(let result?) = outcome { run.result = result }
    if stop.concludeIfStopped(), let reason = stop.reason {
      throw RunInterrupt(reason.status, reason.message)
    }
    switch outcome {
    case .success:
      let record = recorder.finish(.completed)
      messages.completed(record)
      return await recorder.finishDelivery()
    case .failure(let error):
      let record = recorder.finish(endingBy: error)
      messages.failed(record, word: record.status == .failed ? "Failed" : "Aborted")
      _ = await recorder.finishDelivery()
      throw error
    }
  }
}

extension RunSettings {
  /// Takes what a run that begins inside another has from that one, unless it is stated.
  fileprivate mutating func take(from outer: Run) {
    parent = parent ?? outer.key.description
    store = store ?? outer.inputs.store
    if !outer.inputs.keepsInnerRuns { isObserved = false }
  }
}

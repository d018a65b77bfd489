package import GrailCore
package import OrderedCollections

/// What is to be recorded of a run at its start.
package struct RunPlan: Sendable {
  /// The experiment's name.
  package var experiment: String
  /// The command of the experiment.
  package var command: String
  /// The configuration.
  package var config: Value.Entries
  /// What was set from outside, by dotted path.
  package var updates: Value.Entries
  /// The named configurations and files that were used, in order.
  package var namedConfigs: [String] = []
  /// Who set a value, by dotted path.
  package var configSources: OrderedDictionary<String, String> = [:]
  /// How the run is recorded.
  package var settings: RunSettings

  /// Creates a plan.
  ///
  /// - Parameters:
  ///   - experiment: The experiment's name.
  ///   - command: The command of the experiment.
  ///   - config: The configuration.
  ///   - updates: What was set from outside, by dotted path.
  ///   - settings: How the run is recorded.
  package init(
    experiment: String, command: String, config: Value.Entries = [:],
    updates: Value.Entries = [:], settings: RunSettings = RunSettings()
  ) {
    (self.experiment, self.command, self.config) = (experiment, command, config)
    (self.updates, self.settings) = (updates, settings)
  }

  /// The record of the run as it starts.
  func record(key: RunKey, id: String, time: Timestamp, session: SessionRecord) -> RunRecord {
    let experiment = ExperimentRecord(
      name: settings.name ?? self.experiment, baseDirectory: ProgramFacts.workingDirectory,
      mainFile: ProgramFacts.name)
    var record = RunRecord(
      key: key, id: id, experiment: experiment, command: command, status: .running)
    record.host = ProgramFacts.host
    record.meta = [
      "command": .text(command), "options": .map(settings.options),
      "config_updates": .map(updates), "named_configs": .list(namedConfigs.map(Value.text)),
    ]
    if let comment = settings.comment { record.meta["comment"] = .text(comment) }
    record.config = config
    record.configSources = configSources
    record.startTime = time
    record.sessions = [session]
    return record
  }
}

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
  /// Whether the run is only written down, to be run later.
  package var isQueued = false
  /// The file that declares the experiment, from which its sources are found.
  package var declaredIn: String?

  /// Whether git is asked about the program's code.
  package var asksGit: Bool { settings.isObserved && settings.provenance.gathersRepository }

  /// Creates a plan.
  ///
  /// - Parameters:
  ///   - experiment: The experiment's name.
  ///   - command: The command of the experiment.
  ///   - config: The configuration.
  ///   - updates: What was set from outside, by dotted path.
  ///   - settings: How the run is recorded.
  ///   - declaredIn: The file that declares the experiment.
  package init(
    experiment: String, command: String, config: Value.Entries = [:],
    updates: Value.Entries = [:], settings: RunSettings = RunSettings(), declaredIn: String? = nil
  ) {
    (self.experiment, self.command, self.config) = (experiment, command, config)
    (self.updates, self.settings, self.declaredIn) = (updates, settings, declaredIn)
  }

  /// The record of the run as it starts.
  func record(key: RunKey, id: String, time: Timestamp, session: SessionRecord) -> RunRecord {
    let experiment = ExperimentRecord(
      name: settings.name ?? self.experiment, baseDirectory: ProgramFacts.workingDirectory,
      mainFile: ProgramFacts.name)
    var record = RunRecord(
      key: key, id: id, experiment: experiment, command: command, status: .running)
    record.host = settings.provenance.gathersHost ? HostDescription.start : ["ENV": [:]]
    record.meta = [
      "command": .text(command), "options": .map(settings.options),
      "config_updates": .map(updates), "named_configs": .list(namedConfigs.map(Value.text)),
    ]
    if let comment = settings.comment { record.meta["comment"] = .text(comment) }
    if let priority = settings.priority { record.meta["priority"] = .double(priority) }
    for (name, value) in settings.meta.sorted(by: { $0.key < $1.key }) {
      record.meta[name] = Value(recording: value)
    }
    (record.group, record.parent) = (settings.group, settings.parent)
    record.arguments = Redaction.arguments(settings.arguments ?? CommandLine.arguments)
    record.workingDirectory = ProgramFacts.workingDirectory
    record.config = config.mapValues(Redaction.urls(in:))
    record.meta = record.meta.mapValues(Redaction.urls(in:))
    record.configSources = configSources
    record.output = settings.output.record
    if isQueued {
      (record.status, record.queueTime) = (.queued, time)
    } else {
      (record.startTime, record.sessions) = (time, [session])
    }
    return record
  }
}

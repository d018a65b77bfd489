import OrderedCollections

/// Something that happened in a run.
///
/// New cases may be added in a minor release, so a `switch` needs a `default`.
public enum RunEvent: Hashable, Sendable {
  /// The run was written down to be run later.
  case queued(RunRecord)
  /// A process took up the run; the record holds what is known at the start.
  case started(RunRecord)
  /// Points of one metric, in the order of logging.
  case points(MetricSeries)
  /// The run printed something; what comes next follows on it without a gap.
  case output(RunOutput)
  /// An entry of the run's info was set, or removed if the value is `nil`.
  case info(name: String, value: Value?)
  /// The result was set.
  case result(Value)
  /// An artifact was added; one of the same name is replaced.
  case artifact(ArtifactRecord)
  /// A resource was opened.
  case resource(ResourceRecord)
  /// A warning was noted.
  case warning(RunWarning)
  /// A loop has come further.
  case progress(ProgressRecord)
  /// Something was found out about the program or its machine.
  case provenance(RunProvenance)
  /// The heart beat.
  case heartbeat(Timestamp)
  /// The count of what could not be recorded has grown to this.
  case losses(Losses)
  /// The run ended.
  case ended(RunEnding)
}

/// Some consecutive bytes of what a run printed.
public struct RunOutput: Hashable, Sendable {
  /// The number of bytes that the run printed before.
  public var offset: Int64
  /// The bytes as they were printed, which may begin or end in the middle of a character.
  public var bytes: [UInt8]

  /// Creates a piece of output.
  ///
  /// - Parameters:
  ///   - offset: The number of bytes that the run printed before.
  ///   - bytes: The bytes as they were printed.
  public init(offset: Int64, bytes: [UInt8]) { (self.offset, self.bytes) = (offset, bytes) }
}

/// How a run ended.
public struct RunEnding: Hashable, Sendable {
  /// The final status.
  public var status: RunStatus
  /// When it ended; `nil` where only its last sign of life is known.
  public var time: Timestamp?
  /// The error that ended it, in lines that each keep their line break.
  public var failTrace: [String]

  /// Creates an ending.
  ///
  /// - Parameters:
  ///   - status: The final status.
  ///   - time: When the run ended.
  ///   - failTrace: The error that ended it, in lines.
  public init(status: RunStatus, time: Timestamp?, failTrace: [String] = []) {
    (self.status, self.time, self.failTrace) = (status, time, failTrace)
  }
}

extension RunRecord {
  /// Takes in an event, as a reader of the run's journal does.
  ///
  /// Points and output are not part of a record and leave it as it is.
  public mutating func apply(_ event: RunEvent) {
    switch event {
    case .queued(let record), .started(let record):
      let earlier = self
      self = record
      (info, artifacts, resources) = (earlier.info, earlier.artifacts, earlier.resources)
      (warnings, losses, progress) = (earlier.warnings, earlier.losses, earlier.progress)
      deliveries = earlier.deliveries
      sessions = earlier.sessions.filter { old in
        !record.sessions.contains { $0.number == old.number }
      }
      sessions += record.sessions
    case .points, .output:
      break
    case .info(let name, let value):
      info[name] = value
    case .result(let value):
      result = value
    case .artifact(let artifact):
      if let index = artifacts.firstIndex(where: { $0.name == artifact.name }) {
        artifacts[index] = artifact
      } else {
        artifacts.append(artifact)
      }
    case .resource(let resource):
      if !resources.contains(resource) { resources.append(resource) }
    case .warning(let warning):
      warnings.append(warning)
    case .progress(let report):
      if let index = progress.firstIndex(where: { $0.label == report.label }) {
        progress[index] = report
      } else {
        progress.append(report)
      }
    case .provenance(let provenance):
      apply(provenance)
    case .heartbeat(let time):
      heartbeat = time
    case .losses(let total):
      losses = total
    case .ended(let ending):
      status = ending.status
      stopTime = ending.time
      failTrace = ending.failTrace
      if !sessions.isEmpty { sessions[sessions.count - 1].stopTime = ending.time }
    }
  }
}

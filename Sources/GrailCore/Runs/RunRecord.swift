public import OrderedCollections

/// All that is known of one run but its points, output and files.
///
/// The fields carry Sacred's names and meaning; what Sacred does not have is `nil` or empty for
/// a run that Sacred wrote.
public struct RunRecord: Hashable, Sendable {
  /// What the run is known by in every store; a run of Sacred's has none.
  public var key: RunKey?
  /// The group of runs that it belongs to, if it was given one.
  public var group: String?
  /// The run that it came from, by its key or its id, if one was named.
  public var parent: String?
  /// What the run is known by in its store: a number or a name, the directory's name in a
  /// file store.
  public var id: String
  /// The program that runs.
  public var experiment: ExperimentRecord
  /// The command of the experiment, `run` unless another was called.
  public var command: String
  /// Where the run stands.
  public var status: RunStatus
  /// The words that the program was started with, its name first; what looks like a secret is
  /// left out.
  public var arguments: [String]
  /// The working directory of the program at the start.
  public var workingDirectory: String?
  /// The program's file, where it was looked at.
  public var executable: ExecutableRecord?
  /// The folders under version control that the program's sources lie in, as far as the record
  /// says more of them than the experiment's repositories.
  public var workingTrees: [WorkingTreeRecord]
  /// The machine: `hostname`, `os`, `cpu` and what else was gathered.
  public var host: OrderedDictionary<String, Value>
  /// How the run was called: `comment`, `options`, `config_updates` and what else was given.
  public var meta: OrderedDictionary<String, Value>
  /// The configuration.
  public var config: OrderedDictionary<String, Value>
  /// Who set a value of the configuration, by its dotted name: `author`, `named big`,
  /// `file big.yaml`, `hook` or `with`; a default has no entry.
  public var configSources: OrderedDictionary<String, String>
  /// What the run noted about itself.
  public var info: OrderedDictionary<String, Value>
  /// What the run returned.
  public var result: Value
  /// When it was written down to be run later.
  public var queueTime: Timestamp?
  /// When it started.
  public var startTime: Timestamp?
  /// When its heart last beat.
  public var heartbeat: Timestamp?
  /// When it ended.
  public var stopTime: Timestamp?
  /// The error that ended it, in lines that each keep their line break.
  public var failTrace: [String]
  /// The files it made, in the order of adding.
  public var artifacts: [ArtifactRecord]
  /// The files it read, in the order of opening.
  public var resources: [ResourceRecord]
  /// What went wrong without ending it, and what the author warned of.
  public var warnings: [RunWarning]
  /// How far its loops have come.
  public var progress: [ProgressRecord]
  /// What it logged that could not be recorded.
  public var losses: Losses
  /// How its output was captured; `nil` for a run of Sacred's.
  public var output: OutputRecord?
  /// The processes that ran it, one unless it was continued.
  public var sessions: [SessionRecord]
  /// What the run's observers have received, by their names; observers do not see it.
  public var deliveries: [DeliveryRecord]

  /// Creates a record of a run that has done nothing yet.
  ///
  /// - Parameters:
  ///   - key: What the run is known by in every store.
  ///   - id: What the run is known by in its store.
  ///   - experiment: The program that runs.
  ///   - command: The command of the experiment.
  ///   - status: Where the run stands.
  public init(
    key: RunKey?, id: String, experiment: ExperimentRecord, command: String, status: RunStatus
  ) {
    (self.key, self.id, self.experiment) = (key, id, experiment)
    (self.command, self.status) = (command, status)
    (host, meta, config, info, result) = ([:], [:], [:], [:], .null)
    (configSources, failTrace, artifacts, resources) = ([:], [], [], [])
    (warnings, progress, losses, sessions) = ([], [], Losses(), [])
    (arguments, workingTrees, deliveries) = ([], [], [])
  }

  /// How long the run took, or has taken until its last sign of life.
  public var elapsed: Duration? {
    guard let startTime, let end = stopTime ?? heartbeat else { return nil }
    return end.since(startTime)
  }
}

/// The program of a run.
public struct ExperimentRecord: Hashable, Sendable {
  /// The experiment's name.
  public var name: String
  /// The folder that the paths of the sources start from.
  public var baseDirectory: String
  /// The program's main file, relative to the base directory.
  public var mainFile: String?
  /// The source files.
  public var sources: [SourceRecord]
  /// The packages that the program was built with, as `name==version`.
  public var dependencies: [String]
  /// The version control repositories: `url`, `commit` and `dirty` of each.
  public var repositories: [OrderedDictionary<String, Value>]

  /// Creates a description of a program.
  ///
  /// - Parameters:
  ///   - name: The experiment's name.
  ///   - baseDirectory: The folder that the paths of the sources start from.
  ///   - mainFile: The program's main file, relative to the base directory.
  public init(name: String, baseDirectory: String = "", mainFile: String? = nil) {
    (self.name, self.baseDirectory, self.mainFile) = (name, baseDirectory, mainFile)
    (sources, dependencies, repositories) = ([], [], [])
  }
}

/// A source file of a run's program.
public struct SourceRecord: Hashable, Sendable {
  /// The path, relative to the experiment's base directory.
  public var path: String
  /// Where the store keeps the content, as the record says it; `nil` where it keeps only a digest.
  public var storedPath: String?
  /// The MD5 digest of the content in hexadecimal, where the record has it.
  public var md5: String?

  /// Creates a description of a source file.
  ///
  /// - Parameters:
  ///   - path: The path, relative to the experiment's base directory.
  ///   - storedPath: Where the store keeps the content.
  ///   - md5: The MD5 digest of the content in hexadecimal.
  public init(path: String, storedPath: String? = nil, md5: String? = nil) {
    (self.path, self.storedPath, self.md5) = (path, storedPath, md5)
  }
}

/// A file that a run made.
public struct ArtifactRecord: Hashable, Sendable {
  /// The name that the author gave, which may contain folders.
  public var name: String
  /// Where the content lies, relative to the run's directory.
  public var storedPath: String
  /// The size in bytes, where the record has it.
  public var byteCount: Int64?
  /// The SHA-256 digest of the content in hexadecimal, where the record has it.
  public var sha256: String?
  /// The media type, such as `image/png`, where the author gave one.
  public var contentType: String?
  /// What the author noted about the file.
  public var metadata: Value

  /// Creates a description of an artifact.
  ///
  /// - Parameters:
  ///   - name: The name that the author gave.
  ///   - storedPath: Where the content lies, relative to the run's directory.
  ///   - byteCount: The size in bytes.
  ///   - sha256: The SHA-256 digest of the content in hexadecimal.
  ///   - contentType: The media type.
  ///   - metadata: What the author noted about the file.
  public init(
    name: String, storedPath: String, byteCount: Int64? = nil, sha256: String? = nil,
    contentType: String? = nil, metadata: Value = .null
  ) {
    (self.name, self.storedPath, self.byteCount) = (name, storedPath, byteCount)
    (self.sha256, self.contentType, self.metadata) = (sha256, contentType, metadata)
  }
}

/// A file that a run read.
public struct ResourceRecord: Hashable, Sendable {
  /// The absolute path from which it was read.
  public var path: String
  /// Where the store keeps the content; the path itself when it is kept by reference.
  public var storedPath: String
  /// The size in bytes, where the record has it.
  public var byteCount: Int64?
  /// The MD5 digest of the content in hexadecimal, where the record has it.
  public var md5: String?
  /// The SHA-256 digest of the content in hexadecimal, where the record has it.
  public var sha256: String?

  /// Creates a description of a resource.
  ///
  /// - Parameters:
  ///   - path: The absolute path from which it was read.
  ///   - storedPath: Where the store keeps the content.
  ///   - byteCount: The size in bytes.
  ///   - md5: The MD5 digest of the content in hexadecimal.
  ///   - sha256: The SHA-256 digest of the content in hexadecimal.
  public init(
    path: String, storedPath: String, byteCount: Int64? = nil, md5: String? = nil,
    sha256: String? = nil
  ) {
    (self.path, self.storedPath, self.byteCount) = (path, storedPath, byteCount)
    (self.md5, self.sha256) = (md5, sha256)
  }

  /// Whether the store keeps only the path and the digests, not the content.
  public var isReference: Bool { path == storedPath }
}

/// Something that went wrong in a run without ending it.
public struct RunWarning: Hashable, Sendable {
  /// When it was noticed.
  public var time: Timestamp
  /// What was found, in one line.
  public var message: String

  /// Creates a warning.
  ///
  /// - Parameters:
  ///   - time: When it was noticed.
  ///   - message: What was found, in one line.
  public init(time: Timestamp, message: String) { (self.time, self.message) = (time, message) }
}

/// How far a loop of a run has come.
public struct ProgressRecord: Hashable, Sendable {
  /// The loop's name, unique within a run.
  public var label: String
  /// How many turns are done.
  public var completed: Int64
  /// How many turns there are, where that is known.
  public var total: Int64?
  /// When the loop began.
  public var startTime: Timestamp
  /// When `completed` was counted.
  public var time: Timestamp

  /// Creates a report of progress.
  ///
  /// - Parameters:
  ///   - label: The loop's name, unique within a run.
  ///   - completed: How many turns are done.
  ///   - total: How many turns there are, where that is known.
  ///   - startTime: When the loop began.
  ///   - time: When `completed` was counted.
  public init(
    label: String, completed: Int64, total: Int64?, startTime: Timestamp, time: Timestamp
  ) {
    (self.label, self.completed, self.total) = (label, completed, total)
    (self.startTime, self.time) = (startTime, time)
  }
}

/// What was logged and could not be recorded, for want of space or because files refused.
public struct Losses: Hashable, Sendable {
  /// The number of points of metrics.
  public var points: Int64
  /// The number of other records: info, artifacts, resources, warnings.
  public var events: Int64
  /// The number of bytes of output.
  public var outputBytes: Int64
  /// Why, in one line, if anything was lost.
  public var reason: String?

  /// Creates a count of losses.
  ///
  /// - Parameters:
  ///   - points: The number of points of metrics.
  ///   - events: The number of other records.
  ///   - outputBytes: The number of bytes of output.
  ///   - reason: Why, in one line.
  public init(
    points: Int64 = 0, events: Int64 = 0, outputBytes: Int64 = 0, reason: String? = nil
  ) {
    (self.points, self.events) = (points, events)
    (self.outputBytes, self.reason) = (outputBytes, reason)
  }

  /// Whether nothing was lost.
  public var isEmpty: Bool { points == 0 && events == 0 && outputBytes == 0 }
}

/// What an observer has received of a run.
public struct DeliveryRecord: Hashable, Sendable {
  /// The name that the experiment has for the observer.
  public var observer: String
  /// The number of events that it acknowledged, or that were given up.
  public var offset: Int64
  /// The number of events that are known and that it has not acknowledged.
  public var undelivered: Int64
  /// The number of events that it refused for good.
  public var givenUp: Int64
  /// Why the last try failed, or why events were given up, in one line.
  public var error: String?
  /// When the tries began to fail; `nil` if the last one did not.
  public var failingSince: Timestamp?

  /// Creates a description of what an observer has received.
  ///
  /// - Parameters:
  ///   - observer: The name that the experiment has for the observer.
  ///   - offset: The number of events that it acknowledged, or that were given up.
  ///   - undelivered: The number of events that are known and that it has not acknowledged.
  ///   - givenUp: The number of events that it refused for good.
  ///   - error: Why the last try failed, or why events were given up, in one line.
  ///   - failingSince: When the tries began to fail.
  public init(
    observer: String, offset: Int64 = 0, undelivered: Int64 = 0, givenUp: Int64 = 0,
    error: String? = nil, failingSince: Timestamp? = nil
  ) {
    (self.observer, self.offset, self.undelivered) = (observer, offset, undelivered)
    (self.givenUp, self.error, self.failingSince) = (givenUp, error, failingSince)
  }
}

/// One process that ran a run, with what tells whether it still lives.
public struct SessionRecord: Hashable, Sendable {
  /// The session's number, from 1: the N of its `journal.N`.
  public var number: Int
  /// When the process took up the run.
  public var startTime: Timestamp
  /// When the process left the run; `nil` while it runs, or when it died.
  public var stopTime: Timestamp?
  /// The process and its machine.
  public var process: ProcessEvidence

  /// Creates a description of a session.
  ///
  /// - Parameters:
  ///   - number: The session's number, from 1.
  ///   - startTime: When the process took up the run.
  ///   - stopTime: When the process left the run.
  ///   - process: The process and its machine.
  public init(
    number: Int, startTime: Timestamp, stopTime: Timestamp? = nil, process: ProcessEvidence
  ) {
    (self.number, self.startTime) = (number, startTime)
    (self.stopTime, self.process) = (stopTime, process)
  }
}

/// What identifies a process for as long as its machine is up.
public struct ProcessEvidence: Hashable, Sendable {
  /// The machine's name.
  public var hostname: String
  /// The id of the machine's present boot, where the system gives one.
  public var bootID: String?
  /// The process id.
  public var processID: Int64
  /// When the process started, in the system's own count since boot.
  public var processStart: UInt64?
  /// The namespace that the process id is of, where the system has such.
  public var processNamespace: String?
  /// The time between two beats of the heart, in microseconds; 0 where it never beats.
  public var beatInterval: Int64
  /// Whether the process holds a lock on its journal.
  public var holdsLock: Bool

  /// Creates evidence.
  ///
  /// - Parameters:
  ///   - hostname: The machine's name.
  ///   - bootID: The id of the machine's present boot.
  ///   - processID: The process id.
  ///   - processStart: When the process started, in the system's own count.
  ///   - processNamespace: The namespace that the process id is of.
  ///   - beatInterval: The time between two beats, in microseconds.
  ///   - holdsLock: Whether the process holds a lock on its journal.
  public init(
    hostname: String, bootID: String?, processID: Int64, processStart: UInt64?,
    processNamespace: String?, beatInterval: Int64, holdsLock: Bool
  ) {
    (self.hostname, self.bootID, self.processID) = (hostname, bootID, processID)
    (self.processStart, self.processNamespace) = (processStart, processNamespace)
    (self.beatInterval, self.holdsLock) = (beatInterval, holdsLock)
  }
}

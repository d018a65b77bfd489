import GrailCore
import GrailRecord

/// A run of this process, which goes on until it is told to end.
///
/// Sendable although unchecked: a test uses it in one place at a time.
final class LiveRun: @unchecked Sendable {
  let directory: String
  private var journal: JournalWriter?
  private let output: OutputFiles
  private var record: RunRecord

  /// Begins a run.
  ///
  /// - Parameters:
  ///   - id: The run's id.
  ///   - store: Where it is kept.
  ///   - process: The process that runs it, if not this one.
  /// - Throws: Why its files cannot be made.
  init(_ id: String = "1", in store: TestStore, process: ProcessEvidence? = nil) throws {
    try store.write("", to: "runs/\(id)/cout.txt")
    directory = "\(store.runs)/\(id)"
    var generator = SystemRandomNumberGenerator()
    let now = SystemClock.now()
    let key = RunKey(time: now, using: &generator)
    let journal = try JournalWriter(
      path: "\(directory)/journal.1", key: key, session: 1, time: now)
    self.journal = journal
    output = try OutputFiles(directory: directory, key: key)
    record = RunRecord(
      key: key, id: id, experiment: ExperimentRecord(name: "live"), command: "run",
      status: .running)
    (record.startTime, record.heartbeat) = (now, now)
    record.output = OutputRecord(capture: .fd)
    let own = ProcessEvidence.ofThisProcess(beatInterval: 10_000_000, holdsLock: true)
    record.sessions = [SessionRecord(number: 1, startTime: now, process: process ?? own)]
    journal.append(.started(record), time: now)
    try RunFiles(directory: directory).writeRun(record)
  }

  func print(_ text: String) { output.append(Array(text.utf8)) }

  func note(_ event: RunEvent) { journal?.append(event, time: SystemClock.now()) }

  func log(_ value: Double, _ name: String, step: Int64) {
    journal?.metric(name, unit: nil, kind: .double)
      .append(value, step: step, time: SystemClock.now().microseconds)
  }

  /// Leaves the run as a process does that dies: its journal is not closed, and nobody holds its lock.
  func abandon() throws {
    let path = "\(directory)/journal.1"
    try AtomicFile.write(WholeFile.read(path), to: path)
  }

  /// Ends the run, then its output, as a program does whose output is captured.
  func end(_ status: RunStatus = .completed) throws {
    let ending = RunEnding(status: status, time: SystemClock.now())
    try journal?.close(ending, time: SystemClock.now())
    _ = output.end()
    output.close()
    record.apply(.ended(ending))
    try RunFiles(directory: directory).writeRun(record)
  }
}

extension ProcessEvidence {
  /// Another process of this machine.
  static func of(_ process: Int32) -> ProcessEvidence {
    var evidence = ProcessEvidence.ofThisProcess(beatInterval: 10_000_000, holdsLock: false)
    evidence.processID = Int64(process)
    evidence.processStart = ProcessEvidence.start(ofProcess: Int64(process))
    return evidence
  }

  /// A process of this machine that is gone.
  static var gone: ProcessEvidence {
    var process = ProcessEvidence.ofThisProcess(beatInterval: 10_000_000, holdsLock: false)
    process.processStart = 1
    return process
  }

  /// A process of another machine.
  static var elsewhere: ProcessEvidence {
    var process = ProcessEvidence.ofThisProcess(beatInterval: 10_000_000, holdsLock: false)
    (process.hostname, process.bootID, process.processID) = ("far\u{1B}away", "another", 4711)
    return process
  }
}

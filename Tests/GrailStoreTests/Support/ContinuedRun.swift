import GrailCore
import GrailRecord

/// A run with a journal a session, which logs a point in each.
struct ContinuedRun {
  let id: String
  private let directory: String
  private let key: RunKey

  /// Records a run that is over.
  init(in store: StoreFolder) throws {
    try store.prepare()
    (id, directory) = try store.claimRun(id: nil)
    var generator = SystemRandomNumberGenerator()
    key = RunKey(time: SystemClock.now(), using: &generator)
    try end(try begin(session: 1), .completed)
  }

  /// Begins a session.
  func begin(session: Int) throws -> JournalWriter {
    let now = SystemClock.now()
    let journal = try JournalWriter(
      path: "\(directory)/journal.\(session)", key: key, session: UInt32(session), time: now)
    var record = RunRecord(
      key: key, id: id, experiment: ExperimentRecord(name: "continued"), command: "run",
      status: .running)
    record.startTime = now
    record.sessions = [
      SessionRecord(
        number: session, startTime: now,
        process: .ofThisProcess(beatInterval: 10_000_000, holdsLock: journal.holdsLock))
    ]
    journal.append(.started(record), time: now)
    journal.metric("loss", unit: nil, kind: .double)
      .append(Double(session), step: Int64(session), time: now.microseconds)
    return journal
  }

  /// Ends a session.
  func end(_ journal: JournalWriter, _ status: RunStatus) throws {
    let now = SystemClock.now()
    try journal.close(RunEnding(status: status, time: now), time: now)
  }
}

import CGrailRecord
package import GrailCore
import GrailRecord
package import Logging
import OrderedCollections
import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Records one run from its start to its end: the engine behind a ``Run``.
///
/// Safe from any thread. The journal is written first and is the truth; the record in memory is
/// what the files beside the journal are written from.
package final class Recorder: Sendable {
  package let key: RunKey
  package let id: String
  /// The absolute path of the run's directory.
  package let directory: String
  package let logger: Logger
  package let startTime: Timestamp
  /// What ends the run before it is done.
  package let stop = RunStop()
  let metricClock: MetricClock
  let metrics = Mutex(MetricTable())
  private let store: StoreFolder
  let journal: JournalWriter
  let files: RunFiles
  let isObserved: Bool
  let record: Mutex<RunRecord>
  let derived = Mutex(Derived())
  private let heart = Mutex<Heartbeat?>(nil)
  private let provenance = Mutex<ProvenanceCollector?>(nil)
  let output: OutputRecorder
  let delivery = Mutex<Delivery?>(nil)
  let observerTimeout: Duration
  /// What the user called the store, if anything.
  let storeName: String?
  let hasSaidLostOutput = Atomic<Bool>(false)
  /// Whether the end is being written, and whether it is.
  private let finishing = Monitor((hasBegun: false, isWritten: false))

  /// What the files beside the journal hold already.
  struct Derived {
    var info: Value.Entries = [:]
    var metrics: MetricsNote?
    /// The length of the journal when the metrics were written.
    var journalLength: Int64 = 0
  }

  /// Begins a run: makes its directory and all files that it has from the start.
  ///
  /// - Parameters:
  ///   - plan: What is to be recorded.
  ///   - logger: Where the run's messages go.
  /// - Throws: ``RunStartError`` if the record cannot be created.
  package init(_ plan: RunPlan, logger: Logger) throws(RunStartError) {
    if let id = plan.settings.id, let problem = StoreFolder.problem(withID: id) {
      throw RunStartError(code: .invalidID, message: "'\(id)' cannot be the run's id: \(problem)")
    }
    for name in plan.settings.observers.keys.sorted() {
      guard let problem = DeliveryFile.problem(withName: name) else { continue }
      throw RunStartError(
        code: .invalidObserver, message: "'\(name)' cannot be an observer's name: \(problem)")
    }
    ProcessEnd.beginRecord()
    defer { ProcessEnd.endBeginning() }
    (observerTimeout, storeName) = (plan.settings.observerTimeout, plan.settings.store)
    grail_fill_standard_streams()
    let now = SystemClock.now()
    var generator = SystemRandomNumberGenerator()
    key = RunKey(time: now, using: &generator)
    startTime = now
    isObserved = plan.settings.isObserved
    metricClock = plan.settings.metricClock
    var logger = logger
    if let level = plan.settings.logLevel { logger.logLevel = level }
    self.logger = logger
    var claimed: String?
    do {
      store = isObserved ? StoreFolder.find(named: plan.settings.store) : try Self.temporaryStore()
      try store.prepare()
      (id, directory) = try store.claimRun(id: plan.settings.id)
      claimed = isObserved ? directory : store.path
      files = RunFiles(directory: directory)
      let reporter = JournalReporter(logger: logger, id: id)
      journal = try JournalWriter(
        path: "\(directory)/journal.1", key: key, session: 1, time: now,
        keepsMicroseconds: plan.settings.metricClock == .precise, notify: reporter.report)
      let beat = plan.settings.keptBeatInterval ?? .zero
      let session = SessionRecord(
        number: 1, startTime: now,
        process: .ofThisProcess(
          beatInterval: beat.microseconds, holdsLock: journal.holdsLock))
      let start = plan.record(key: key, id: id, time: now, session: session)
      record = Mutex(start)
      output = try OutputRecorder(
        directory: directory, key: key, redactions: plan.settings.output.redactions)
      reporter.connect(to: self)
      let first = plan.isQueued ? RunEvent.queued(start) : .started(start)
      guard journal.append(first, time: now) else { throw Errno.noSpace }
      try files.writeConfig(start.config)
      try files.writeInfo([:])
      try files.writeNoMetrics()
      try files.writeRun(start)
    } catch {
      // A record that could not be begun is not left behind as one of a run that died.
      if let claimed { removeFolder(claimed) }
      if let error = error as? RunStartError { throw error }
      throw RunStartError(code: .cannotCreate, message: "the run's record: \(error)")
    }
    if isObserved { collectProvenance(of: plan) }
    if isObserved { beginDelivery(of: plan) }
    guard !plan.isQueued else { return }
    heart.withLock { heart in
      heart = Heartbeat(every: plan.settings.keptBeatInterval) { [self] in
        sync()
      } beat: { [self] in
        beat()
      }
    }
    CapturedOutput.noteRun()
    _ = grail_crash_add(journal.descriptor)
    ProcessEnd.insert(self)
  }

  private func collectProvenance(of plan: RunPlan) {
    let task = ProvenanceCollector.Task(
      settings: plan.settings.provenance, declaredIn: plan.declaredIn, store: store,
      environment: ProcessEnvironment())
    let collector = ProvenanceCollector(task) { [weak self] event in
      if case .warning(let warning) = event { self?.logger.warning("\(warning.message)") }
      self?.add(event)
    }
    provenance.withLock { $0 = collector }
  }

  private static func temporaryStore() throws(RunStartError) -> StoreFolder {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(folder)/grail-XXXXXX".utf8CString)
    guard let path = mkdtemp(&template).map({ String(cString: $0) }) else {
      throw RunStartError(
        code: .cannotCreate, message: "no temporary folder can be made in '\(folder)'")
    }
    return StoreFolder(path: path)
  }

  // MARK: - What is said

  /// Notes something, and says it.
  package func warn(_ message: String) {
    logger.warning("\(message)")
    add(.warning(RunWarning(time: SystemClock.now(), message: message)))
  }

  /// Runs a closure and keeps what it is, so that a crash there is recorded as that.
  ///
  /// - Parameters:
  ///   - activity: What the closure does, as a part of a sentence.
  ///   - body: The closure.
  /// - Returns: What the closure returns.
  package func during<Result>(
    _ activity: String, _ body: () async throws -> Result
  ) async rethrows -> Result {
    note(activity: activity)
    defer { note(activity: nil) }
    return try await body()
  }

  /// Keeps what the run does, for whoever finds it dead.
  ///
  /// - Parameter activity: What it does, as a part of a sentence; `nil` for nothing of note.
  func note(activity: String?) { journal.noteActivity(activity) }

  // MARK: - Events

  /// The record as it is now.
  package var snapshot: RunRecord { record.withLock { $0 } }

  /// Records an event.
  ///
  /// - Returns: Whether it is in the journal; if not, it is counted as lost.
  @discardableResult
  func add(_ event: RunEvent) -> Bool {
    let time = SystemClock.now()
    return record.withLock { record in
      record.apply(event)
      return journal.append(event, time: time)
    }
  }

  func makeWriter(_ name: String, unit: String?) -> MetricWriter {
    journal.metric(name, unit: unit, kind: .double)
  }

  // MARK: - Files

  func addArtifact(
    _ source: ArtifactSource, name: String, contentType: String?, metadata: Value
  ) throws(RunFileError) -> ArtifactRecord {
    guard let storedPath = RunFiles.storedPath(ofArtifact: name) else {
      throw failure(
        path: name,
        message: "'\(name)' cannot be an artifact's name: write a relative path without '..'")
    }
    let target = "\(directory)/\(storedPath)"
    let digest: FileDigest
    do {
      switch source {
      case .file(let path): digest = try FileCopy.copy(path, to: target)
      case .bytes(let bytes): digest = try FileCopy.write(bytes, to: target)
      }
    } catch {
      throw failure("artifact '\(name)'", path: name, error)
    }
    let artifact = ArtifactRecord(
      name: name, storedPath: storedPath, byteCount: digest.byteCount, sha256: digest.sha256,
      contentType: contentType, metadata: metadata)
    add(.artifact(artifact))
    return artifact
  }

  func addResource(_ path: String, byReference: Bool) throws(RunFileError) -> ResourceRecord {
    let absolute = StoreFolder.absolute(path)
    let digest: FileDigest
    var storedPath = absolute
    do {
      if byReference {
        digest = try FileCopy.digest(of: absolute)
      } else {
        (digest, storedPath) = try FileCopy.share(absolute, in: "\(store.path)/_resources")
      }
    } catch {
      throw failure("resource '\(path)'", path: absolute, error)
    }
    let resource = ResourceRecord(
      path: absolute, storedPath: storedPath, byteCount: digest.byteCount, md5: digest.md5,
      sha256: digest.sha256)
    add(.resource(resource))
    return resource
  }

  /// Notes on the run that a file is not in its record.
  private func failure(_ what: String, path: String, _ error: FileError) -> RunFileError {
    failure(path: path, message: "\(what) is not recorded: \(error)")
  }

  private func failure(path: String, message: String) -> RunFileError {
    add(.warning(RunWarning(time: SystemClock.now(), message: message)))
    return RunFileError(path: path, message: message)
  }

  // MARK: - Time goes on

  private func beat() {
    let now = SystemClock.now()
    journal.beat(now)
    noteLosses()
    noteLostOutput()
    record.withLock { $0.heartbeat = now }
    noteDeliveries()
    do {
      try writeDerived(isLast: false)
    } catch {
      logger.debug("the files of run \(id) are behind its journal: \(error)")
    }
    sync()
  }

  private func sync() {
    do {
      try journal.sync()
    } catch {
      logger.debug("the journal of run \(id) cannot be brought to its disk: \(error)")
    }
  }

  private func noteLosses() {
    let losses = journal.losses
    guard losses != record.withLock({ $0.losses }) else { return }
    add(.losses(losses))
  }

  /// Writes the files beside the journal.
  private func writeDerived(isLast: Bool) throws {
    let record = snapshot
    try derived.withLock { derived in
      // Where space was short there may be some for this file, but not for all.
      if !record.losses.isEmpty { try files.writeRun(record, metrics: derived.metrics) }
      if record.info != derived.info || isLast {
        try files.writeInfo(record.info)
        derived.info = record.info
      }
      // Writing at each doubling keeps the cost in proportion to the number of points.
      let length = journal.usedLength
      if isLast || length >= 2 * derived.journalLength {
        derived.metrics = try files.writeMetrics()
        derived.journalLength = length
      }
      try files.writeRun(record, metrics: derived.metrics)
    }
  }

  /// How long others wait for the end to be written.
  private static let endLimit = Duration.seconds(10)

  /// Ends the run; who comes second waits until its end is written.
  ///
  /// - Parameters:
  ///   - status: How it ended.
  ///   - failTrace: The error that ended it, in lines.
  /// - Returns: The record.
  package func finish(_ status: RunStatus, failTrace: [String] = []) -> RunRecord {
    let isFirst = finishing.withLock { finishing in
      defer { finishing.hasBegun = true }
      return !finishing.hasBegun
    }
    guard isFirst else {
      _ = finishing.wait(atMost: Self.endLimit) { $0.isWritten ? true : nil }
      return snapshot
    }
    defer { finishing.change { $0.isWritten = true } }
    // The run has ended now; what is still to be found out about it takes none of its time.
    let now = SystemClock.now()
    provenance.withLock { $0 }?.finish()
    // The heart holds on to this recorder, which is to go when the run is over.
    heart.withLock { $0.take() }?.stop()
    endOutput()
    noteLosses()
    journal.beat(now)
    let ending = RunEnding(status: status, time: now, failTrace: failTrace)
    noteDeliveries()
    record.withLock { record in
      record.heartbeat = now
      record.apply(.ended(ending))
    }
    grail_crash_remove(journal.descriptor)
    do {
      try journal.close(ending, time: now)
    } catch {
      logger.error("the end of run \(id) is not in its journal: \(error)")
    }
    do {
      try writeDerived(isLast: true)
    } catch {
      logger.error(
        "the files of run \(id) are incomplete, its journal has all that was recorded: \(error)")
    }
    let losses = snapshot.losses
    if !losses.isEmpty {
      logger.error("run \(id) lost \(losses.summary)")
    }
    output.release()
    if !isObserved { removeFolder(store.path) }
    ProcessEnd.remove(self)
    return snapshot
  }

  /// Ends the record of a run that is only written down, with the program's sources.
  ///
  /// - Returns: The record.
  /// - Throws: The system's error if the record cannot be completed.
  package func finishQueued() throws -> RunRecord {
    provenance.withLock { $0 }?.finish()
    defer { output.release() }
    try journal.close(nil, time: SystemClock.now())
    try writeDerived(isLast: true)
    return finishDelivery(within: observerTimeout)
  }
}

/// What an artifact's content is taken from.
enum ArtifactSource {
  case file(String)
  case bytes([UInt8])
}

/// A file that is not recorded.
public struct RunFileError: Error, Hashable, CustomStringConvertible {
  /// The file's path, or the artifact's name.
  public var path: String
  /// What was found and what to do, in one line.
  public var message: String

  /// The error in one line.
  public var description: String { message }
}

/// Tells people, and the record, what becomes of the journal's disk.
private final class JournalReporter: Sendable {
  private let logger: Logger
  private let id: String
  private let recorder = Mutex<WeakRecorder>(WeakRecorder())

  private struct WeakRecorder {
    weak var recorder: Recorder?
  }

  init(logger: Logger, id: String) { (self.logger, self.id) = (logger, id) }

  func connect(to recorder: Recorder) {
    self.recorder.withLock { $0.recorder = recorder }
  }

  func report(_ notice: JournalNotice) {
    switch notice {
    case .full(let reason):
      logger.error(
        "run \(id) cannot record: \(reason). It goes on, and what it logs is counted as lost until there is space"
      )
    case .recovered:
      let losses = recorder.withLock { $0.recorder }?.resumeRecording() ?? Losses()
      logger.warning("run \(id) records again; lost so far: \(losses.summary)")
    case .stalled:
      logger.warning("run \(id) waits for its disk; nothing is lost")
    case .late:
      // What goes on after it was asked to end is not surprised by that.
      guard recorder.withLock({ $0.recorder })?.stop.reason == nil else { return }
      logger.warning("values that were logged after the end of run \(id) are not recorded")
    }
  }
}

extension Recorder {
  /// Notes what was lost while nothing could be recorded.
  fileprivate func resumeRecording() -> Losses {
    noteLosses()
    let losses = snapshot.losses
    if !losses.isEmpty {
      add(
        .warning(
          RunWarning(
            time: SystemClock.now(),
            message: "recording stopped for a while: lost \(losses.summary)"
          )))
    }
    return losses
  }
}

extension Losses {
  /// What was lost, for people.
  package var summary: String {
    let counts = [(points, "points"), (events, "other records"), (outputBytes, "bytes of output")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let what = counts.isEmpty ? "nothing" : counts.joined(separator: ", ")
    return reason.map { "\(what) (\($0))" } ?? what
  }
}

extension Duration {
  /// The whole microseconds.
  package var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}

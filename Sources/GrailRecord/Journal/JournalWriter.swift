import CGrailRecord
package import GrailCore
import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes the journal of one process that runs a run: its one writer.
///
/// Safe from any thread. What a call recorded is in the file when it returns, and outlives the
/// process from then on; what ``sync()`` has met outlives a loss of power. Nothing is dropped
/// unless the disk is full, and that is counted in ``losses``.
package final class JournalWriter: Sendable {
  /// The journal's path.
  package let path: String
  /// How bytes reach the file.
  package let mode: JournalMode
  /// Whether the file's lock was to be had.
  package let holdsLock: Bool
  let space: JournalSpace
  let timeUnit: TimeUnit
  private let file: FileDescriptor
  private let salt: UInt32
  private let header: Segment
  private let worker: WorkerThread?
  private let events = Mutex(EventState())
  private let metrics = Mutex(MetricTable())
  private let lostPoints = Atomic<Int64>(0)
  private let lostEvents = Atomic<Int64>(0)
  private let lostOutput = Atomic<Int64>(0)
  private let lossReason: LossReason
  private let notify: @Sendable (JournalNotice) -> Void
  private let hasSaidLate = Atomic<Bool>(false)
  private let isClosed = Atomic<Bool>(false)
  /// Whether another gives the lock back.
  private let sharesLock = Atomic<Bool>(false)

  private struct EventState {
    var block: OpenBlock?
    var ordinal: UInt32 = 0
    var count: Int64 = 0
  }

  private struct MetricTable {
    var writers: [MetricWriter] = []
    var nextStream: UInt32 = 0
  }

  /// Creates a journal.
  ///
  /// - Parameters:
  ///   - path: The path of a file that does not exist.
  ///   - key: The run's key.
  ///   - session: The session's number, from 1.
  ///   - time: The present moment.
  ///   - keepsMicroseconds: Whether times of points are kept to the microsecond, or to the
  ///     millisecond, which takes less space and is all that the coarse clock has.
  ///   - mode: How bytes reach the file; without one, as the file system allows.
  ///   - notify: Hears of a full or stalled disk, on a thread of its own.
  /// - Throws: ``JournalError`` if the file cannot be created or there is no space for its start.
  package init(
    path: String, key: RunKey, session: UInt32, time: Timestamp, keepsMicroseconds: Bool = false,
    mode: JournalMode? = nil, notify: @escaping @Sendable (JournalNotice) -> Void = { _ in }
  ) throws(JournalError) {
    self.path = path
    timeUnit = keepsMicroseconds ? .microsecond : .millisecond
    salt = JournalFormat.salt(key: key, session: session)
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(
        FilePath(path), .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch {
      throw JournalError(path: path, found: "\(error)", advice: "cannot be created")
    }
    self.file = file
    let lockError = grail_lock(file.rawValue)
    guard lockError != Errno.wouldBlock.rawValue else {
      throw JournalError(path: path, found: "another process holds its lock", advice: "is in use")
    }
    holdsLock = lockError == 0
    self.notify = notify
    let lossReason = LossReason()
    self.lossReason = lossReason
    let space: JournalSpace
    do throws(Errno) {
      space = try Self.makeSpace(file: file, mode: mode) { notice in
        if case .full(let reason) = notice { lossReason.text.withLock { $0 = reason } }
        notify(notice)
      }
    } catch {
      try? file.close()
      unlink(path)
      throw JournalError(path: path, found: "\(error)", advice: "cannot be given space")
    }
    self.space = space
    self.mode = space.mode
    header = space.firstSegment
    let start = JournalHeader(key: key, session: session, time: time).bytes
    header.memory.copyMemory(from: start, byteCount: start.count)
    guard
      space.flush(
        JournalSpace.Place(segment: header, offset: 0), offset: 0, count: start.count)
    else {
      try? file.close()
      unlink(path)
      throw JournalError(path: path, found: "no space", advice: "cannot be written")
    }
    worker = space.startWorker()
  }

  /// Takes mapped space where that is safe, else space that is written to.
  private static func makeSpace(
    file: FileDescriptor, mode: JournalMode?, notify: @escaping @Sendable (JournalNotice) -> Void
  ) throws(Errno) -> JournalSpace {
    if mode == .mapped || mode == nil && grail_mapping_is_safe(file.rawValue) {
      do {
        return try JournalSpace(file: file, mode: .mapped, notify: notify)
      } catch  where error != .noSpace {
        guard mode == nil else { throw error }
      }
    }
    return try JournalSpace(file: file, mode: .written, notify: notify)
  }

  /// Returns what keeps the journal's lock as long as it is there, also when the journal is closed;
  /// `nil` where there is no lock.
  package func retainLock() -> JournalLock? {
    guard holdsLock, !isClosed.load(ordering: .relaxed) else { return nil }
    let lock = JournalLock(sharing: file)
    if lock != nil { sharesLock.store(true, ordering: .sequentiallyConsistent) }
    return lock
  }

  // MARK: - Metrics

  /// Begins a metric.
  ///
  /// - Parameters:
  ///   - name: The name, of which the caller begins one metric only.
  ///   - unit: The unit of the values.
  ///   - kind: The kind of the first values; others widen it.
  /// - Returns: What appends the metric's points.
  package func metric(_ name: String, unit: String?, kind: MetricKind) -> MetricWriter {
    let writer = MetricWriter(name: name, unit: unit, kind: kind, journal: self)
    // A metric holds the journal, and a journal that is closed has nothing to do for it any more.
    metrics.withLock { table in
      if !isClosed.load(ordering: .relaxed) { table.writers.append(writer) }
    }
    return writer
  }

  /// Records that a stream of points belongs to a metric; returns the stream's number.
  func define(_ metric: MetricWriter, kind: MetricKind) -> UInt32? {
    let stream = metrics.withLock { table in
      defer { table.nextStream += 1 }
      return table.nextStream
    }
    let descriptor = MetricDescriptor(name: metric.name, unit: metric.unit, kind: kind)
    let record = JournalRecord.metric(stream: stream, descriptor)
    return append(record, time: grail_clock_coarse(), urgency: .point) ? stream : nil
  }

  /// Opens a block; `nil` if the disk is full or the journal closed.
  func open(_ header: BlockHeader, urgency: JournalSpace.Urgency) -> OpenBlock? {
    guard !isClosed.load(ordering: .relaxed) else { return nil }
    let place = space.allocate(size: header.size, urgency: urgency) { place in
      space.write(header, at: place, salt: salt)
    }
    return place.map { OpenBlock(place: $0, in: space, header: header, salt: salt) }
  }

  func countLostPoint() {
    lostPoints.add(1, ordering: .relaxed)
    sayIfLate()
  }

  private func sayIfLate() {
    guard isClosed.load(ordering: .relaxed), !hasSaidLate.exchange(true, ordering: .relaxed) else {
      return
    }
    WorkerThread.detach { [notify] in notify(.late) }
  }

  // MARK: - Events

  /// Records an event other than points.
  ///
  /// - Parameters:
  ///   - event: The event.
  ///   - time: When it happened.
  /// - Returns: Whether it is recorded; if not, it is counted as lost.
  @discardableResult
  package func append(_ event: RunEvent, time: Timestamp) -> Bool {
    let isRecorded = append(.event(event), time: time.microseconds, urgency: .event)
    if !isRecorded {
      lostEvents.add(1, ordering: .relaxed)
      sayIfLate()
    }
    return isRecorded
  }

  private static let eventBlockSize = 4096

  private func append(
    _ record: JournalRecord, time: Int64, urgency: JournalSpace.Urgency
  ) -> Bool {
    let content = record.bytes(time: time)
    return events.withLock { state in
      if state.block == nil || state.block.map({ $0.room < content.count }) == true {
        let needed = JournalFormat.blockSize(
          headerLength: JournalFormat.Block.plainLength, content: content.count)
        let header = BlockHeader(
          kind: .events, size: max(needed, Self.eventBlockSize), ordinal: state.ordinal,
          baseStep: state.count, baseTime: time)
        guard let block = open(header, urgency: urgency) else { return false }
        state.block = block
        state.ordinal += 1
      }
      state.block?.end.copyMemory(from: content, byteCount: content.count)
      guard state.block?.commit(content.count) == true else {
        state.block = nil
        return false
      }
      state.count += 1
      return true
    }
  }

  // MARK: - Time goes on

  /// What was logged and could not be recorded so far.
  package var losses: Losses {
    let points = lostPoints.load(ordering: .relaxed)
    let events = lostEvents.load(ordering: .relaxed)
    let bytes = lostOutput.load(ordering: .relaxed)
    guard points + events + bytes > 0 else { return Losses() }
    let reason = lossReason.text.withLock { $0 }
    return Losses(points: points, events: events, outputBytes: bytes, reason: reason)
  }

  /// Counts output of the run that could not be recorded.
  ///
  /// - Parameters:
  ///   - count: The number of bytes.
  ///   - reason: Why, in a few words.
  package func countLostOutput(_ count: Int64, reason: String?) {
    lostOutput.add(count, ordering: .relaxed)
    lossReason.text.withLock { $0 = $0 ?? reason }
  }

  /// The bytes of the file that hold something.
  package var usedLength: Int64 { space.usedEnd }

  /// The open file, for who notes in its header how the process ends.
  package var descriptor: Int32 { file.rawValue }

  /// Notes in the header what the run does at the moment, for who finds it dead.
  ///
  /// - Parameter text: What is done, as a part of a sentence; `nil` for nothing of note.
  package func noteActivity(_ text: String?) {
    guard !isClosed.load(ordering: .relaxed) else { return }
    let bytes = JournalNote.activityBytes(text)
    (header.memory + JournalFormat.activityOffset).copyMemory(
      from: bytes, byteCount: bytes.count)
    _ = space.flush(
      JournalSpace.Place(segment: header, offset: 0), offset: JournalFormat.activityOffset,
      count: bytes.count)
  }

  /// Notes a sign of life, for readers of the file.
  package func beat(_ time: Timestamp) {
    guard !isClosed.load(ordering: .relaxed) else { return }
    grail_store_release(
      header.memory + JournalFormat.heartbeatOffset,
      UInt64(bitPattern: time.microseconds).littleEndian)
    _ = space.flush(
      JournalSpace.Place(segment: header, offset: 0), offset: JournalFormat.heartbeatOffset,
      count: 8)
  }

  /// Brings all that is recorded to the disk; what was before the call survives a loss of power.
  ///
  /// Takes as long as the disk takes; whoever logs meanwhile does not wait for it.
  ///
  /// - Throws: The system's error.
  package func sync() throws {
    guard !isClosed.load(ordering: .relaxed) else { return }
    for metric in metrics.withLock({ $0.writers }) { metric.checkpoint() }
    events.withLock { $0.block?.checkpoint() }
    let number = grail_sync(file.rawValue)
    guard number == 0 else { throw Errno(rawValue: number) }
  }

  /// Ends the journal: nothing can be recorded afterwards.
  ///
  /// Points that come later, from tasks that outlive the run, are counted as lost.
  ///
  /// - Parameters:
  ///   - ending: How the run ended; `nil` where another session will go on with it.
  ///   - time: The present moment.
  /// - Throws: ``JournalError`` if the end cannot be written; what was recorded before is kept.
  package func close(_ ending: RunEnding?, time: Timestamp) throws(JournalError) {
    guard !isClosed.exchange(true, ordering: .sequentiallyConsistent) else { return }
    space.stopWorker()
    worker?.join()
    let writers = metrics.withLock { table in
      defer { table.writers = [] }
      return table.writers
    }
    for metric in writers { metric.seal() }
    events.withLock { $0.block = nil }
    defer {
      if !sharesLock.load(ordering: .sequentiallyConsistent) { JournalLock.release(file) }
      try? file.close()
    }
    var last: [RunEvent] = []
    if !losses.isEmpty { last.append(.losses(losses)) }
    if let ending { last.append(.ended(ending)) }
    try JournalEnd.write(last, time: time, to: file, path: path, usedLength: space.usedEnd)
  }
}

/// Why something was lost, as the disk said it last.
private final class LossReason: Sendable {
  let text = Mutex<String?>(nil)
}

/// A journal that cannot be created, written or read.
package struct JournalError: Error, Hashable, CustomStringConvertible {
  /// The journal's path.
  package var path: String
  /// What was found.
  package var found: String
  /// What follows from it.
  package var advice: String

  package init(path: String, found: String, advice: String) {
    (self.path, self.found, self.advice) = (path, found, advice)
  }

  /// The error in one line.
  package var description: String { "the journal '\(path)' \(advice): \(found)" }
}

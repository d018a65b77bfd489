import GrailCore
import GrailRecord
import Logging

/// Delivers the events of a run to one observer, on a thread of its own.
///
/// The observer's own code runs on another thread, so that one which hangs is left alone after a
/// time. What is not delivered waits in the journal, not in memory.
final class ObserverFeed: Sendable {
  /// What all feeds of a run share.
  struct Context: Sendable {
    var directory: String
    var runID: String
    var key: RunKey
    var settings: DeliverySettings
    var logger: Logger
    /// Whether what was refused for good is delivered again.
    var repeatsRefused: Bool
    /// Opens the run's sequence of events, which all feeds share.
    var sequence: @Sendable () throws -> DeliverySequence
  }

  let name: String
  let observer: any RunObserver
  let context: Context
  let control: Monitor<Control>

  struct Control {
    var file: DeliveryFile
    /// What was wrong with the file, if anything was.
    var problem: FileProblem?
    /// How long to go on; set when nothing more is recorded.
    var end: End?
    var isStopped = false
    var hasLeft = false
    var lastProgress = ContinuousClock.now
    /// What became of a call that is waited for.
    var result: (call: Int, Result<Void, any Error>)?
    var callCount = 0
    /// The failures since something was delivered.
    var failures = 0
    /// How often the time between tries has doubled.
    var doublings = 0
    /// What the observer's code runs on; another when it does not come back.
    var executor = ObserverExecutor()
    /// The calls that were left behind and have not returned.
    var abandoned: Set<Int> = []
  }

  /// How long a feed goes on when nothing more is recorded.
  struct End: Sendable {
    /// When the end began.
    var start = ContinuousClock.now
    /// How long to go on at most.
    var limit: Duration
    /// Whether each batch that arrives gives as much time again.
    var isRenewed = false
  }

  /// Prepares the delivery to an observer, and notes on the disk that there is one.
  ///
  /// - Parameters:
  ///   - name: The observer's name.
  ///   - observer: The observer.
  ///   - experiment: The experiment whose observer it is.
  ///   - context: What all feeds of the run share.
  init(
    _ name: String, observer: any RunObserver, experiment: String, in context: Context
  ) {
    (self.name, self.observer, self.context) = (name, observer, context)
    let (file, problem) = Self.file(of: name, experiment: experiment, in: context)
    // What cannot be written now is written before the first batch.
    if problem != .newer { try? file.write(in: context.directory) }
    control = Monitor(Control(file: file, problem: problem))
  }

  /// What is wrong with the file that says how far the delivery is.
  enum FileProblem: Hashable {
    case damaged(String)
    case newer
  }

  private static func file(
    of name: String, experiment: String, in context: Context
  ) -> (DeliveryFile, problem: FileProblem?) {
    let fresh = DeliveryFile(observer: name, experiment: experiment, key: context.key)
    switch DeliveryFile.read(observer: name, in: context.directory) {
    case .missing: return (fresh, nil)
    case .damaged(let reason): return (fresh, .damaged(reason))
    case .newer: return (fresh, .newer)
    case .file(var file):
      guard file.key == context.key else { return (fresh, .damaged("it is of another run")) }
      file.completeSession = 0
      if context.repeatsRefused { file.returnToRefused() }
      return (file, nil)
    }
  }

  /// Begins to deliver.
  func start() {
    let hasThread = WorkerThread.detach { [self] in
      WorkerThread.giveWay()
      work()
      control.change { $0.hasLeft = true }
    }
    guard !hasThread else { return }
    control.change { control in
      control.file.record.error = "the system gives no thread"
      control.hasLeft = true
    }
  }

  // MARK: - What others ask and say

  /// How far the delivery is.
  var record: DeliveryRecord { control.withLock { $0.file.record } }

  /// Says that nothing more is recorded, and how long to go on.
  func end(_ end: End) { control.change { $0.end = end } }

  /// Waits until the feed has left.
  ///
  /// - Parameter limit: How long at most, beyond what it was given.
  /// - Returns: Whether it has left.
  func waitForEnd(atMost limit: Duration) -> Bool {
    while true {
      let wait = control.withLock { Self.timeLeft($0) ?? .zero } + limit
      if control.wait(atMost: wait, until: { $0.hasLeft ? true : nil }) ?? false { return true }
      // With each batch that arrived there was more time.
      if control.withLock({ Self.timeLeft($0) ?? .zero }) <= .zero { return false }
    }
  }

  /// Waits until the feed has left, for a limited time; returns whether it has.
  func hasLeft(within limit: Duration) -> Bool {
    control.wait(atMost: max(limit, .zero)) { $0.hasLeft ? true : nil } ?? false
  }

  /// Makes the feed leave, and write nothing any more.
  func stop() { control.change { $0.isStopped = true } }

  /// How long the feed goes on; `nil` while things are recorded.
  static func timeLeft(_ control: Control) -> Duration? {
    guard let end = control.end else { return nil }
    let start = end.isRenewed ? max(end.start, control.lastProgress) : end.start
    return end.limit - (ContinuousClock.now - start)
  }

  // MARK: - The thread

  private func work() {
    switch control.withLock({ $0.problem }) {
    case nil: break
    case .damaged(let reason):
      context.logger.warning(
        "what observer '\(name)' received of run \(context.runID) cannot be read (\(reason)); it is told all again, from the start"
      )
    case .newer:
      // Nothing of another version's is overwritten.
      fail(DeliveryError("what it received was written by a newer version of Grail"))
      return control.change { $0.file.record.undelivered = 1 }
    }
    var cursor: DeliverySequence.Cursor?
    while true {
      let (isFinal, isStopped) = control.withLock { ($0.end != nil, $0.isStopped) }
      if isStopped { return }
      do {
        let sequence = try context.sequence()
        if cursor == nil { cursor = try place(in: sequence) }
        guard var next = cursor else { return }
        let events = try events(of: sequence, from: &next, isFinal: isFinal)
        if events.isEmpty {
          if isFinal { return complete() }
          pause(context.settings.interval, untilEnd: true)
          continue
        }
        if control.withLock({ (Self.timeLeft($0) ?? .seconds(1)) <= .zero }) {
          return leave(sequence)
        }
        let batch = RunEventBatch(
          key: context.key, offset: next.offset - Int64(events.count), events: events,
          record: next.record
        ) { [record = next.record] path in
          try sequence.contents(ofStored: path, in: record)
        }
        try save { $0.pending = Int64(events.count) }
        guard deliver(batch, in: sequence) else { return leave(sequence) }
        cursor = next
      } catch {
        // Trouble of our own: a full disk, a journal that cannot be read.
        fail(error)
        guard pauseBeforeRetry(requested: nil) else { return leave(nil) }
        cursor = nil
      }
    }
  }

  /// Finds where the observer is.
  private func place(in sequence: DeliverySequence) throws -> DeliverySequence.Cursor {
    let offset = control.withLock { $0.file.record.offset }
    if sequence.decidedCount < offset {
      // The end of the order was lost, and is decided anew.
      context.logger.warning(
        "the order of the events of run \(context.runID) is damaged; observer '\(name)' is told again what comes behind event \(sequence.decidedCount)"
      )
    }
    let cursor = try sequence.cursor(at: offset)
    control.change { control in
      if cursor.offset != offset { control.file.pending = 0 }
      control.file.record.offset = cursor.offset
    }
    return cursor
  }

  /// Reads the next events, those again of which it is not known whether they arrived.
  private func events(
    of sequence: DeliverySequence, from cursor: inout DeliverySequence.Cursor, isFinal: Bool
  ) throws -> [RunEvent] {
    let pending = control.withLock { $0.file.pending }
    if pending > 0 {
      var again = cursor
      let events = try sequence.next(&again, count: pending)
      if Int64(events.count) == pending {
        cursor = again
        return events
      }
    }
    try extend(sequence, beyond: cursor.offset, isFinal: isFinal)
    return try sequence.next(&cursor)
  }

  private static let cutsPerBatch = 10
  private static let eventsAhead: Int64 = 1000

  /// Decides the order of enough for a batch.
  private func extend(
    _ sequence: DeliverySequence, beyond offset: Int64, isFinal: Bool
  ) throws {
    for _ in 0..<Self.cutsPerBatch where sequence.decidedCount - offset < Self.eventsAhead {
      if try !sequence.extend(isFinal: isFinal) { break }
    }
    let decided = sequence.decidedCount
    control.change { $0.file.record.undelivered = decided - $0.file.record.offset }
  }

  /// Delivers a batch, with as many tries as it takes; returns whether to go on with the next.
  private func deliver(_ batch: RunEventBatch, in sequence: DeliverySequence) -> Bool {
    let count = Int64(batch.events.count)
    while true {
      let result = call(batch)
      guard !control.withLock({ $0.isStopped }) else { return false }
      var requested: Duration?
      switch result {
      case .success:
        sayRecovery()
        acknowledge(count, in: sequence)
        return true
      case .failure(let error):
        let delivery = error as? DeliveryError
        if delivery?.isFinal == true {
          giveUp(count, error, in: sequence)
          return true
        }
        requested = delivery?.retryAfter
        fail(error)
      }
      let hasEnded = control.withLock { $0.end != nil }
      try? extend(sequence, beyond: batch.offset, isFinal: hasEnded)
      try? save { _ in }
      guard pauseBeforeRetry(requested: requested) else { return false }
    }
  }

  // MARK: - What is kept

  /// Changes the file, on the disk too.
  private func save(_ change: (inout DeliveryFile) -> Void) throws {
    let (file, isStopped) = control.change { control in
      change(&control.file)
      return (control.file, control.isStopped)
    }
    // Another process may deliver by now.
    if !isStopped { try file.write(in: context.directory) }
  }

  private func acknowledge(_ count: Int64, in sequence: DeliverySequence) {
    control.change { ($0.lastProgress, $0.failures, $0.doublings) = (.now, 0, 0) }
    let decided = sequence.decidedCount
    // Where this cannot be written the batch comes again, the same, and the next one waits.
    try? save { file in
      file.record.offset += count
      file.record.undelivered = max(0, decided - file.record.offset)
      file.pending = 0
      // Why something was given up stays.
      if file.record.failingSince != nil { file.record.error = nil }
      file.record.failingSince = nil
    }
  }

  private func giveUp(_ count: Int64, _ error: any Error, in sequence: DeliverySequence) {
    let text = Self.text(of: error)
    context.logger.error(
      "observer '\(name)' refuses \(count.counted("event")) of run \(context.runID) for good: \(text)"
    )
    let offset = control.withLock { $0.file.record.offset }
    acknowledge(count, in: sequence)
    try? save { file in
      file.refusedFrom = file.refusedFrom ?? offset
      file.record.givenUp += count
      file.record.error = text
    }
  }

  private func complete() {
    let session = RunFiles.journals(in: context.directory).last ?? 0
    try? save { file in
      (file.completeSession, file.record.undelivered) = (session, 0)
    }
  }

  /// Notes what is left when there is no more time.
  private func leave(_ sequence: DeliverySequence?) {
    guard let sequence = try? sequence ?? context.sequence() else { return }
    while (try? sequence.extend(isFinal: true)) ?? false {}
    let decided = sequence.decidedCount
    try? save { $0.record.undelivered = max(0, decided - $0.record.offset) }
  }

  // MARK: - What is said

  private func fail(_ error: any Error) {
    let text = Self.text(of: error)
    let isFirst = control.change { control in
      control.failures += 1
      control.doublings += 1
      control.file.record.error = text
      if control.file.record.failingSince == nil {
        control.file.record.failingSince = SystemClock.now()
      }
      return control.failures == 1 && !control.isStopped
    }
    guard isFirst else { return }
    context.logger.warning(
      "observer '\(name)' does not take what happens in run \(context.runID): \(text). It is kept and tried again"
    )
  }

  private func sayRecovery() {
    let (failures, since) = control.withLock { ($0.failures, $0.file.record.failingSince) }
    guard failures > 0 else { return }
    let time = since.map { " after \(DurationText.text(of: SystemClock.now().since($0).rounded))" }
    context.logger.warning(
      "observer '\(name)' takes what happens in run \(context.runID) again\(time ?? ""), \(failures.counted("try", "tries")) failed"
    )
  }

  /// An error in one line, without what a URL may hold of secrets.
  private static func text(of error: any Error) -> String {
    let line = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
    let text = Redaction.urls(in: line)
    return text.count > 300 ? "\(text.prefix(300))…" : text
  }

  // MARK: - Waiting

  /// Waits, unless the feed is stopped or, if asked for, nothing more is recorded.
  private func pause(_ time: Duration, untilEnd: Bool) {
    _ = control.wait(atMost: time) { control -> Bool? in
      control.isStopped || untilEnd && control.end != nil ? true : nil
    }
  }

  /// Waits before another try; returns whether there is to be one.
  private func pauseBeforeRetry(requested: Duration?) -> Bool {
    let (hadEnded, doublings) = control.withLock { ($0.end != nil, $0.doublings) }
    let delay = context.settings.delay(afterFailures: doublings, requested: requested)
    if !hadEnded {
      let start = ContinuousClock.now
      // At its end the run is worth a try at once, unless the observer asked to be left alone.
      pause(delay, untilEnd: true)
      let rest = delay - (ContinuousClock.now - start)
      let (isStopped, hasEnded) = control.change { control in
        // What failed for long is tried soon again when the run ends.
        if control.end != nil { control.doublings = min(control.doublings, 1) }
        return (control.isStopped, control.end != nil)
      }
      guard hasEnded, requested != nil, rest > .zero else { return !isStopped }
      return pauseAtEnd(rest, isRequested: true)
    }
    return pauseAtEnd(delay, isRequested: requested != nil)
  }

  private func pauseAtEnd(_ delay: Duration, isRequested: Bool) -> Bool {
    var delay = delay
    let left = control.withLock { Self.timeLeft($0) ?? delay }
    // The time that is left is for tries, as long as one is worth it.
    if !isRequested, left > context.settings.firstDelay { delay = min(delay, left / 2) }
    // What comes too late need not be waited for.
    guard left >= delay else { return false }
    pause(delay, untilEnd: false)
    return !control.withLock { $0.isStopped }
  }
}

extension Duration {
  /// The time without fractions that nobody reads.
  var rounded: Duration {
    self < .seconds(1)
      ? .milliseconds(Int64(self / .milliseconds(1))) : .seconds(components.seconds)
  }
}

extension BinaryInteger {
  /// A number of things: `1 event`, `2 events`.
  package func counted(_ one: String, _ many: String? = nil) -> String {
    "\(self) \(self == 1 ? one : many ?? one + "s")"
  }
}

package import GrailCore
import Synchronization

/// The events of a run in the one order in which its observers are told them.
///
/// Safe from any thread. The order is decided as somebody needs the next event, and written down;
/// the events are read from the journals and the output whenever they are needed, so that nothing
/// waits in memory. In one process at a time, which holds the journal's lock.
package final class DeliverySequence: Sendable {
  /// The run.
  package let key: RunKey
  private let directory: String
  private let state: Mutex<State>

  /// How much one cut decides at most.
  private enum Limit {
    static let records = 1000
    static let recordBytes = 1 << 20
    static let points = 100_000
    static let pointsPerStream = RunReader.pointsPerEvent
    static let streams = 1000
    static let output = RunReader.outputPerEvent
  }

  /// How much one batch holds at most, unless one cut is more.
  private enum BatchLimit {
    static let events = 1000
    static let points = 100_000
    static let output = 1 << 20
  }

  private struct State {
    var order: DeliveryOrder
    var journals: [Int: JournalReader] = [:]
    /// The stream with which the next cut begins, so that none waits for long.
    var nextStream: UInt32 = 0
    /// The blocks that were nowhere, although a later one was there, when last looked for.
    var missing: [UInt32: UInt32] = [:]
    /// The commit words of the last blocks, whose points are all told.
    var commits: [UInt32: [UInt8]] = [:]
  }

  /// How far somebody is in the sequence.
  package struct Cursor: Sendable {
    /// The number of events before.
    package var offset: Int64 { place.eventCount }
    /// The run as the events before leave it.
    package fileprivate(set) var record: RunRecord
    fileprivate var place = DeliveryPlace()
    fileprivate var orderOffset = DeliveryOrder.start
  }

  /// Opens a run's sequence, or begins it.
  ///
  /// - Parameters:
  ///   - directory: The run's directory, with a folder for the delivery.
  ///   - key: The run's key.
  /// - Throws: ``FileError`` if the order cannot be read or written.
  package init(directory: String, key: RunKey) throws(FileError) {
    (self.directory, self.key) = (directory, key)
    orderPath = "\(DeliveryFile.folder(ofRun: directory))/\(DeliveryOrder.name)"
    state = Mutex(State(order: try DeliveryOrder(path: orderPath, key: key)))
  }

  private let orderPath: String

  /// The number of events whose order is decided.
  package var decidedCount: Int64 { state.withLock { $0.order.place.eventCount } }

  // MARK: - Deciding

  /// Decides the order of what was recorded since, or of a part of it if it is much.
  ///
  /// - Parameter isFinal: Whether nothing more will be recorded; only then the end is told.
  /// - Returns: Whether there was anything.
  /// - Throws: ``JournalError`` or ``FileError`` if that is not possible, or the system's error.
  @discardableResult
  package func extend(isFinal: Bool) throws -> Bool {
    try state.withLock { state in
      guard let cut = try nextCut(&state, isFinal: isFinal) else { return false }
      try state.order.append(cut, path: orderPath)
      return true
    }
  }

  private func nextCut(_ state: inout State, isFinal: Bool) throws -> DeliveryCut? {
    let sessions = RunFiles.journals(in: directory)
    var place = state.order.place
    guard var session = place.session == 0 ? sessions.first : place.session else { return nil }
    while true {
      if session != place.session { place.begin(session) }
      let next = sessions.first { $0 > session }
      do {
        try open(session, &state)
        let isOver = isFinal || next != nil
        if !place.hasEnded,
          let cut = try cut(of: session, after: place, &state, isFinal: isOver)
        {
          return cut
        }
      } catch {
        // What cannot be read of one session costs only itself.
        guard next != nil else { throw error }
      }
      guard let next else { return nil }
      session = next
      state.journals = [:]
      (state.missing, state.commits, state.nextStream) = ([:], [:], 0)
    }
  }

  private func open(_ session: Int, _ state: inout State) throws(JournalError) {
    guard state.journals[session] == nil else { return }
    state.journals[session] = try JournalReader(
      path: "\(directory)/\(RunLayout.journal(session: session))", keepsEvents: false)
  }

  /// Decides what comes next in one session's journal; `nil` if there is nothing new.
  private func cut(
    of session: Int, after place: DeliveryPlace, _ state: inout State, isFinal: Bool
  ) throws -> DeliveryCut? {
    // Before the journal, so that no beat is told that is later than what is told with it.
    let outputLength = OutputFile.length(in: directory)
    try state.journals[session]?.refresh()
    guard let journal = state.journals[session] else { return nil }
    var cut = DeliveryCut(session: session)
    var endingPlace: Int?
    var bytes = 0
    let range = place.recordCount..<max(place.recordCount, journal.recordCount)
    var lastEnd = place.recordCount
    try journal.forEachEvent(inRecords: range) { event, end, length in
      if case .ended = event {
        endingPlace = end
        return false
      }
      lastEnd = end
      cut.recordedEventCount += 1
      bytes += length
      return cut.recordedEventCount < Limit.records && bytes < Limit.recordBytes
    }
    cut.recordCount = lastEnd - place.recordCount
    cut.points = try points(of: journal, after: place, &state, isFinal: isFinal)
    let news = max(0, outputLength - place.outputLength)
    cut.outputLength = Int(min(news, Int64(Limit.output)))
    if let beat = journal.heartbeat, place.heartbeat.map({ beat > $0 }) ?? true,
      beat.microseconds != 0
    {
      cut.heartbeat = beat
    }
    if cut.eventCount > 0 { return cut }
    // The end comes when there is nothing else, and alone.
    guard isFinal, let endingPlace else { return nil }
    cut.recordCount = endingPlace - place.recordCount
    cut.recordedEventCount = 1
    cut.isEnd = true
    return cut
  }

  private func points(
    of journal: JournalReader, after place: DeliveryPlace, _ state: inout State, isFinal: Bool
  ) throws -> [(stream: UInt32, end: DeliveryPlace.PointPlace)] {
    let streams = journal.streams.values.filter { $0.isDefined || isFinal }
      .sorted { $0.number < $1.number }
    let first = streams.firstIndex { $0.number >= state.nextStream } ?? 0
    var ends: [(stream: UInt32, end: DeliveryPlace.PointPlace)] = []
    var left = Limit.points
    state.nextStream = 0
    for stream in streams[first...] + streams[..<first] {
      guard left > 0, ends.count < Limit.streams else {
        state.nextStream = stream.number
        break
      }
      let start = place.points[stream.number] ?? DeliveryPlace.PointPlace()
      let limit = min(left, Limit.pointsPerStream)
      let (end, count) = try advance(
        start, by: limit, in: stream, of: journal, &state, isFinal: isFinal)
      guard count > 0 else { continue }
      left -= count
      ends.append((stream.number, end))
    }
    return ends.sorted { $0.stream < $1.stream }
  }

  /// Goes on in a stream by a number of points, or fewer if there are no more.
  private func advance(
    _ start: DeliveryPlace.PointPlace, by limit: Int, in stream: JournalReader.Stream,
    of journal: JournalReader, _ state: inout State, isFinal: Bool
  ) throws -> (end: DeliveryPlace.PointPlace, count: Int) {
    var (place, count) = (start, 0)
    let first = stream.firstBlock(from: start.ordinal)
    for position in first..<max(first, stream.blocks.count) {
      let block = stream.blocks[position]
      let isLast = position == stream.blocks.count - 1
      var commit: [UInt8] = []
      if isLast {
        commit = try journal.source.read(
          at: block.offset &+ Int64(JournalFormat.Block.commit), count: 8)
        if commit == state.commits[stream.number], block.ordinal == place.ordinal {
          return (place, count)
        }
      }
      if block.ordinal != place.ordinal {
        // A block that was begun before one that was found, and is not found by the next look
        // either, is lost.
        guard isFinal || state.missing[stream.number] == place.ordinal else {
          state.missing[stream.number] = place.ordinal
          return (place, count)
        }
        place = DeliveryPlace.PointPlace(ordinal: block.ordinal)
      }
      state.missing[stream.number] = nil
      let size = try pointCount(of: block, in: stream, of: journal)
      let taken = min(max(0, size - place.count), limit - count)
      count += taken
      place.count += taken
      if place.count < size { return (place, count) }
      if isLast {
        state.commits[stream.number] = commit
        return (place, count)
      }
      place = DeliveryPlace.PointPlace(ordinal: block.ordinal &+ 1)
      if count == limit { return (place, count) }
    }
    return (place, count)
  }

  private func pointCount(
    of block: JournalReader.BlockPlace, in stream: JournalReader.Stream, of journal: JournalReader
  ) throws -> Int {
    // What a damaged summary says of points is not believed beyond a point in each byte.
    if let summary = block.summary { return min(Int(summary.count), block.size) }
    var damages: [JournalDamage] = []
    return try journal.readBlock(block, of: stream, damages: &damages).steps.count
  }

  // MARK: - Telling

  /// The place before all events.
  package var start: Cursor {
    Cursor(
      record: RunRecord(
        key: key, id: "", experiment: ExperimentRecord(name: ""), command: "",
        status: RunStatus(rawValue: "")))
  }

  /// Goes on to a place that somebody was at before.
  ///
  /// - Parameter offset: The number of events before it; where it lies in the middle of what was
  ///   decided at once, the place before that is taken, and if it is not decided, the last one.
  /// - Returns: The place.
  /// - Throws: The system's error, or ``JournalError``.
  package func cursor(at offset: Int64) throws -> Cursor {
    try state.withLock { state in
      var cursor = start
      while cursor.offset < offset,
        let (cut, next) = try state.order.cut(at: cursor.orderOffset),
        cursor.offset + Int64(cut.eventCount) <= offset
      {
        try pass(cut, next: next, of: &cursor, &state, deliver: nil)
      }
      return cursor
    }
  }

  /// Reads what comes next.
  ///
  /// - Parameters:
  ///   - cursor: Where to begin; it is moved behind what is read.
  ///   - count: The number of events that were read from here before, to read the same ones again;
  ///     without one, as many as a batch holds.
  /// - Returns: The events, none if the order of nothing further is decided.
  /// - Throws: The system's error, or ``JournalError``.
  package func next(_ cursor: inout Cursor, count: Int64? = nil) throws -> [RunEvent] {
    var events: [RunEvent] = []
    let start = cursor.offset
    var (pointCount, outputLength) = (0, 0)
    try state.withLock { state in
      while let (cut, next) = try state.order.cut(at: cursor.orderOffset) {
        let sum = Int(cursor.offset - start) + cut.eventCount
        if let count {
          if Int64(sum) > count { break }
        } else if sum > BatchLimit.events || pointCount >= BatchLimit.points
          || outputLength >= BatchLimit.output, sum > cut.eventCount
        {
          break
        }
        try pass(cut, next: next, of: &cursor, &state) { event in
          switch event {
          case .points(let series): pointCount += series.count
          case .output(let output): outputLength += output.bytes.count
          default: break
          }
          events.append(event)
        }
        if Int64(sum) == count { break }
      }
    }
    return events
  }

  /// Moves a cursor behind a cut.
  private func pass(
    _ cut: DeliveryCut, next: Int64, of cursor: inout Cursor, _ state: inout State,
    deliver: ((RunEvent) -> Void)?
  ) throws {
    try open(cut.session, &state)
    guard var journal = state.journals[cut.session] else { return }
    var place = cursor.place
    if cut.session != place.session { place.begin(cut.session) }
    func tell(_ event: RunEvent) {
      cursor.record.apply(event)
      deliver?(event)
    }
    let end = place.recordCount + cut.recordCount
    if journal.recordCount < end {
      // What was decided by a process before this one is there.
      try journal.refresh()
      state.journals[cut.session] = journal
    }
    try journal.forEachEvent(inRecords: place.recordCount..<end) { event, _, _ in
      tell(event)
      return true
    }
    if deliver != nil {
      for (number, end) in cut.points {
        let start = place.points[number] ?? DeliveryPlace.PointPlace()
        tell(.points(try points(from: start, to: end, ofStream: number, in: journal)))
      }
      if cut.outputLength > 0 {
        let bytes = OutputFile.read(
          in: directory, at: place.outputLength, count: cut.outputLength)
        tell(.output(RunOutput(offset: place.outputLength, bytes: bytes)))
      }
    }
    if let beat = cut.heartbeat { tell(.heartbeat(beat)) }
    cursor.place.pass(cut)
    cursor.orderOffset = next
  }

  private func points(
    from start: DeliveryPlace.PointPlace, to end: DeliveryPlace.PointPlace, ofStream number: UInt32,
    in journal: JournalReader
  ) throws -> MetricSeries {
    guard let stream = journal.streams[number] else {
      return MetricSeries(descriptor: MetricDescriptor(name: "metric \(number)", kind: .value))
    }
    var series = MetricSeries(descriptor: stream.descriptor)
    var scan = BlockScan(journal, stream, from: stream.firstBlock(from: start.ordinal))
    var damages: [JournalDamage] = []
    while let block = try scan.next(damages: &damages), block.ordinal <= end.ordinal {
      series.append(
        scan.columns, unit: block.unit, from: block.ordinal == start.ordinal ? start.count : 0,
        to: block.ordinal == end.ordinal ? end.count : .max)
      if block.ordinal == end.ordinal { break }
    }
    return series
  }

  // MARK: - Files

  /// Reads the content of one of the run's files.
  ///
  /// - Parameters:
  ///   - storedPath: Where the run keeps it, as its record says.
  ///   - record: The record.
  /// - Returns: The content.
  /// - Throws: ``FileError`` if the record has no such file, or the system's error.
  package func contents(ofStored storedPath: String, in record: RunRecord) throws -> [UInt8] {
    try RunReader(directory: directory, knowing: record).contents(ofStored: storedPath)
  }
}

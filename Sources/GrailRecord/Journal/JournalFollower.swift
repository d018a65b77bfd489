package import GrailCore

/// Tells what is new in a journal, again and again, while it grows and when it is closed.
///
/// Nothing comes twice and nothing is left out; a metric's points come in the order of logging. A
/// call takes as long as there is news, and a look at each metric.
package struct JournalFollower: Sendable {
  /// The reader, with all events so far and what could not be read of them.
  package private(set) var reader: JournalReader
  /// What could not be read of points.
  package private(set) var damages: [JournalDamage] = []
  private var eventCount = 0
  private var places: [UInt32: Place] = [:]

  /// How far the points of a stream have been told.
  private struct Place {
    /// The block that comes next, or of which more may come.
    var ordinal: UInt32 = 0
    /// The points of this block that were told.
    var pointCount = 0
    /// The block's commit word before these were read.
    var commit: [UInt8] = []
    /// Whether the block was nowhere, although a later one was there, when last looked for.
    var isMissing = false
  }

  /// Opens a journal; the first poll tells all that it holds.
  ///
  /// - Parameter path: The path of the file.
  /// - Throws: ``JournalError`` if there is no file, or it does not begin as a journal.
  package init(path: String) throws(JournalError) {
    reader = try JournalReader(path: path)
  }

  /// Follows what a reader reads; the first poll tells all that it has read too.
  package init(_ reader: JournalReader) {
    self.reader = reader
  }

  /// Returns what is new since the last call.
  ///
  /// Points come behind the other events, but before those that say how the run ended.
  ///
  /// - Returns: Events, and the new points of each metric that has some.
  /// - Throws: The system's error.
  package mutating func poll() throws -> [RunEvent] {
    try reader.refresh()
    var isLast = reader.isClosed
    if !isLast, reader.events[eventCount...].contains(where: \.isEnding) {
      // The end was written last, so that all else is found now.
      try reader.refresh()
      isLast = true
    }
    let events = reader.events[eventCount...]
    let end = events.firstIndex(where: \.isEnding) ?? events.endIndex
    var points: [RunEvent] = []
    for (_, stream) in reader.streams.sorted(by: { $0.key < $1.key }) {
      let series = try newPoints(of: stream, isLast: isLast)
      if series.count > 0 { points.append(.points(series)) }
    }
    eventCount = reader.events.count
    return events[..<end] + points + events[end...]
  }

  private mutating func newPoints(
    of stream: JournalReader.Stream, isLast: Bool
  ) throws -> MetricSeries {
    var place = places[stream.number] ?? Place()
    let first = stream.firstBlock(from: place.ordinal)
    var series = MetricSeries(
      descriptor: stream.descriptor, capacity: stream.sealedPoints(from: first))
    guard first < stream.blocks.count else { return series }
    if first == stream.blocks.count - 1 {
      let commit = try reader.source.read(
        at: stream.blocks[first].offset &+ Int64(JournalFormat.Block.commit), count: 8)
      if stream.blocks[first].ordinal == place.ordinal, commit == place.commit { return series }
      place.commit = commit
    }
    var scan = BlockScan(reader, stream, from: first)
    var news: [JournalDamage] = []
    while let block = try scan.next(damages: &news) {
      if block.ordinal != place.ordinal {
        // A block that was begun before one that was found, and is not found by the next look
        // either, is lost.
        guard place.isMissing || isLast else {
          place.isMissing = true
          place.commit = []
          break
        }
        place.ordinal = block.ordinal
      }
      place.isMissing = false
      series.append(scan.columns, unit: block.unit, from: place.pointCount)
      if block.ordinal == stream.blocks.last?.ordinal {
        place.pointCount = max(place.pointCount, scan.columns.steps.count)
      } else {
        place.pointCount = 0
        place.ordinal = block.ordinal &+ 1
      }
    }
    for damage in news where !damages.contains(damage) { damages.append(damage) }
    places[stream.number] = place
    return series
  }
}

extension RunEvent {
  /// Whether the event is one of those that a journal ends with.
  fileprivate var isEnding: Bool {
    switch self {
    case .losses, .ended: true
    default: false
    }
  }
}

extension JournalReader.Stream {
  /// The position of the first block that is not before the one with a number.
  func firstBlock(from ordinal: UInt32) -> Int {
    var (low, high) = (0, blocks.count)
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].ordinal < ordinal { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// A number of points that the sealed blocks from a position on do not exceed.
  fileprivate func sealedPoints(from position: Int) -> Int {
    blocks[position...].reduce(0) { $0 + min($1.size, $1.summary.map { Int($0.count) } ?? 0) }
  }
}

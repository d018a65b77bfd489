import GrailCore

/// A place in the order of a run's events, and what the order says of what is before it.
struct DeliveryPlace: Hashable, Sendable {
  /// The number of events before it.
  var eventCount: Int64 = 0
  /// The session whose journal is being told; 0 before the first.
  var session = 0
  /// The number of records of that journal before it.
  var recordCount = 0
  /// How far each of that journal's streams of points is told.
  var points: [UInt32: PointPlace] = [:]
  /// Whether the end of the session is before it, so that nothing more of it comes.
  var hasEnded = false
  /// The number of bytes of output before it.
  var outputLength: Int64 = 0
  /// The last sign of life that was told.
  var heartbeat: Timestamp?

  /// How far the points of a stream are told.
  struct PointPlace: Hashable, Sendable {
    /// The block that comes next, or of which more may come.
    var ordinal: UInt32 = 0
    /// The points of this block that were told.
    var count = 0
  }

  /// Goes on by a cut.
  mutating func pass(_ cut: DeliveryCut) {
    if cut.session != session { begin(cut.session) }
    eventCount += Int64(cut.eventCount)
    recordCount += cut.recordCount
    for (stream, end) in cut.points { points[stream] = end }
    outputLength += Int64(cut.outputLength)
    heartbeat = cut.heartbeat ?? heartbeat
    hasEnded = hasEnded || cut.isEnd
  }

  /// Goes on to the start of a session.
  mutating func begin(_ session: Int) {
    self.session = session
    (recordCount, points, hasEnded) = (0, [:], false)
  }
}

/// What comes next in the order of a run's events.
///
/// A journal has an order of its own for events and for the points of each metric, but none among
/// them, nor with the output. A cut decides it: so many records, then the points of each stream up
/// to a place, then so much output, then a sign of life.
struct DeliveryCut: Hashable, Sendable {
  /// The session whose journal the records and points are in.
  var session: Int
  /// The number of records of the journal, those included that are no events.
  var recordCount = 0
  /// The number of these records that are events.
  var recordedEventCount = 0
  /// Where the points of each stream end, in the order of the streams' numbers; an event each.
  var points: [(stream: UInt32, end: DeliveryPlace.PointPlace)] = []
  /// The number of bytes of output; an event, unless there are none.
  var outputLength = 0
  /// The last sign of life, if it is told; an event.
  var heartbeat: Timestamp?
  /// Whether it is the end of the session, and nothing else.
  var isEnd = false

  /// The number of events.
  var eventCount: Int {
    recordedEventCount + points.count + (outputLength > 0 ? 1 : 0) + (heartbeat == nil ? 0 : 1)
  }

  static func == (left: DeliveryCut, right: DeliveryCut) -> Bool { left.bytes == right.bytes }

  func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

extension DeliveryCut {
  init(session: Int) { self.session = session }

  /// The cut as it is written down.
  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.append(varint: UInt64(session))
    writer.append(varint: UInt64(recordCount))
    writer.append(varint: UInt64(recordedEventCount))
    writer.append(varint: UInt64(outputLength))
    // A sign of life is never at the start of 1970, which so stands for none.
    writer.append(zigzag: heartbeat?.microseconds ?? 0)
    writer.append(varint: isEnd ? 1 : 0)
    writer.append(varint: UInt64(points.count))
    for (stream, end) in points {
      writer.append(varint: UInt64(stream))
      writer.append(varint: UInt64(end.ordinal))
      writer.append(varint: UInt64(end.count))
    }
    return writer.bytes
  }

  /// Reads a cut; `nil` if the bytes are none.
  init?(_ bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes)
    func count() -> Int? { reader.varint().flatMap { $0 < 1 << 48 ? Int($0) : nil } }
    guard let session = count(), let recordCount = count(), let recordedEventCount = count(),
      let outputLength = count(), let heartbeat = reader.zigzag(), let end = count(),
      let streamCount = count(), end <= 1,
      session > 0, recordedEventCount <= recordCount, streamCount <= bytes.count
    else { return nil }
    self.init(session: session)
    (self.recordCount, self.recordedEventCount) = (recordCount, recordedEventCount)
    self.outputLength = outputLength
    self.heartbeat = heartbeat == 0 ? nil : Timestamp(microseconds: heartbeat)
    isEnd = end == 1
    for _ in 0..<streamCount {
      guard let stream = count().flatMap(UInt32.init(exactly:)),
        let ordinal = count().flatMap(UInt32.init(exactly:)), let place = count()
      else { return nil }
      points.append((stream, DeliveryPlace.PointPlace(ordinal: ordinal, count: place)))
    }
    guard reader.isAtEnd else { return nil }
  }
}

package import GrailCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a journal, finished or growing, from any process at any moment.
///
/// What the writer has committed when reading begins is found; a torn end is "not yet". A
/// reader takes no lock and changes nothing. Damage costs what is damaged: all intact blocks before
/// and behind it are read, and ``damages`` says what is not.
package struct JournalReader: Sendable {
  /// The run's key.
  package let key: RunKey
  /// The session's number, from 1.
  package let session: Int
  /// The minor version of the format that it is written in.
  let minorVersion: UInt16
  /// When the journal was begun.
  package let startTime: Timestamp
  /// The last sign of life, if there was one.
  package private(set) var heartbeat: Timestamp?
  /// What the header says of the end of the process.
  package private(set) var note: JournalNote
  /// The events other than points, in order; none where they are not kept.
  package private(set) var events: [RunEvent] = []
  /// What could not be read.
  package internal(set) var damages: [JournalDamage] = []
  /// Whether the journal was ended and its closing index read.
  package private(set) var isClosed = false
  /// Where something begins that is neither a block nor free space and nothing follows: an
  /// unfinished write, or damage at the very end.
  package private(set) var tornEnd: Int64?

  let source: any ByteSource
  let salt: UInt32
  /// The streams of points by their number.
  private(set) var streams: [UInt32: Stream] = [:]
  /// The numbers of each metric's streams, in the order in which they were begun.
  private(set) var streamNumbers: [String: [UInt32]] = [:]
  private var hasNewNames = true
  private(set) var eventBlocks: [Int64] = []
  /// The end of the last block.
  private(set) var usedEnd: Int64
  /// Whether the events are kept, or only where they are.
  private let keepsEvents: Bool
  /// The blocks of events in order, each with the number of records before it.
  private var eventPlaces: [(offset: Int64, header: BlockHeader, firstRecord: Int)] = []
  /// The number of records of events and definitions.
  private(set) var recordCount = 0
  private var openEnds: Set<Int64> = []
  private var nextSegment: Int64
  /// Blocks of events that were found and not yet read.
  private var newEvents: [(offset: Int64, header: BlockHeader)] = []
  /// The last block of events, which may grow, and how many of its records are read.
  private var lastEvents: (offset: Int64, header: BlockHeader, recordsRead: Int)?
  private(set) var nextEventOrdinal: UInt32 = 0
  private var eventOrdinals: Set<UInt32> = []
  /// The streams of which blocks were found since the last scan.
  private var grownStreams: Set<UInt32> = []
  /// Those of them whose blocks were found out of order.
  private var unorderedStreams: Set<UInt32> = []

  /// The points of a metric of one kind.
  struct Stream: Sendable {
    var number: UInt32
    var descriptor: MetricDescriptor
    /// Whether the journal says what the metric is, or its definition is damaged.
    var isDefined = true
    /// In the order of logging.
    var blocks: [BlockPlace] = []

    fileprivate mutating func sealLast(_ summary: BlockSummary) {
      blocks[blocks.count - 1].summary = summary
    }
  }

  /// Where a block of points is, and what is known of it.
  struct BlockPlace: Sendable {
    var offset: Int64
    var size: Int
    var ordinal: UInt32
    var unit: TimeUnit
    /// `nil` while the block may grow.
    var summary: BlockSummary?
  }

  /// Opens a journal and reads what it holds but the points.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - keepsEvents: Whether to keep all events, which takes memory for each.
  /// - Throws: ``JournalError`` if there is no file, or it does not begin as a journal that this
  ///   reader knows.
  package init(path: String, keepsEvents: Bool = true) throws(JournalError) {
    let source: FileSource
    do {
      source = try FileSource(path: path)
    } catch {
      throw JournalError(path: path, found: "\(error)", advice: "cannot be opened")
    }
    try self.init(source, path: path, keepsEvents: keepsEvents)
  }

  /// Reads what a journal holds but the points.
  ///
  /// - Parameters:
  ///   - source: The journal's bytes.
  ///   - path: What errors call it.
  ///   - keepsEvents: Whether to keep all events, which takes memory for each.
  /// - Throws: ``JournalError`` if it does not begin as a journal that this reader knows.
  package init(
    _ source: any ByteSource, path: String, keepsEvents: Bool = true
  ) throws(JournalError) {
    self.keepsEvents = keepsEvents
    do {
      let start = try source.read(at: 0, count: JournalFormat.headerLength)
      guard let header = JournalHeader(start) else {
        throw JournalError(
          path: path, found: "\(start.count) bytes that do not begin as a journal",
          advice: "cannot be read")
      }
      guard header.major == JournalFormat.major else {
        throw JournalError(
          path: path, found: "format version \(header.major).\(header.minor)",
          advice: "needs a newer version of Grail, this one reads \(JournalFormat.major).x")
      }
      self.source = source
      key = header.key
      session = Int(header.session)
      minorVersion = header.minor
      startTime = header.time
      heartbeat = header.heartbeat
      note = JournalNote(header: start)
      salt = JournalFormat.salt(key: key, session: header.session)
      usedEnd = Int64(header.length)
      nextSegment = Int64(JournalFormat.segmentSize)
      openEnds = [usedEnd]
      if try readIndex() {
        // It may have been closed since its start was read.
        let start = try source.read(at: 0, count: JournalFormat.headerLength)
        heartbeat = JournalHeader(start)?.heartbeat ?? heartbeat
      } else {
        try scan()
      }
      indexNames()
    } catch let error as JournalError {
      throw error
    } catch {
      throw JournalError(path: path, found: "\(error)", advice: "cannot be read")
    }
  }

  /// Takes in what was recorded since.
  ///
  /// - Throws: The system's error.
  package mutating func refresh() throws {
    guard !isClosed else { return }
    let start = try source.read(at: 0, count: JournalFormat.headerLength)
    heartbeat = JournalHeader(start)?.heartbeat ?? heartbeat
    note = JournalNote(header: start)
    try readMoreEvents()
    try scan()
    indexNames()
  }

  // MARK: - Scanning

  private mutating func scan() throws {
    grownStreams = []
    try scanSegments()
    // A block that was begun while the scan was past its place is older than one found later; the
    // next scan finds it.
    for _ in 0..<Self.mostScans where hasGap { try scanSegments() }
    try readNewEvents()
  }

  /// While a writer is fast, each scan may find what the one before was too early for.
  private static let mostScans = 4

  /// Brings the blocks of a stream in order; one that is there again took the place of another.
  private mutating func orderBlocks(of number: UInt32) {
    guard var blocks = streams.removeValue(forKey: number) else { return }
    blocks.blocks.sort { ($0.ordinal, $0.offset) < ($1.ordinal, $1.offset) }
    var previous: UInt32?
    blocks.blocks.removeAll { block in
      defer { previous = block.ordinal }
      guard block.ordinal == previous else { return false }
      note(JournalDamage(offset: block.offset, length: Int64(block.size), detail: .block))
      return true
    }
    streams[number] = blocks
  }

  /// Adds a damage, once.
  private mutating func note(_ damage: JournalDamage) {
    if !damages.contains(damage) { damages.append(damage) }
  }

  private mutating func scanSegments() throws {
    let end = try source.count()
    tornEnd = nil
    for position in openEnds.sorted() { try scanSegment(from: position, fileEnd: end) }
    while nextSegment < end {
      let start = nextSegment
      nextSegment += Int64(JournalFormat.segmentSize)
      openEnds.insert(start)
      try scanSegment(from: start, fileEnd: end)
    }
    newEvents.sort { $0.header.ordinal < $1.header.ordinal }
    for number in unorderedStreams { orderBlocks(of: number) }
    unorderedStreams = []
  }

  /// Whether blocks are missing before those that were found.
  private var hasGap: Bool {
    let hasEvents = newEvents.enumerated().allSatisfy { place, block in
      block.header.ordinal == nextEventOrdinal &+ UInt32(place)
    }
    let hasPoints = grownStreams.allSatisfy { number in
      guard let blocks = streams[number]?.blocks else { return true }
      return blocks.last.map { Int($0.ordinal) + 1 == blocks.count } ?? true
    }
    return !hasEvents || !hasPoints
  }

  /// Reads the headers of the blocks of one segment.
  private mutating func scanSegment(from start: Int64, fileEnd: Int64) throws {
    // A great block that was found meanwhile may have taken the place.
    guard openEnds.remove(start) != nil else { return }
    var position = start
    let segment = Int64(JournalFormat.segmentSize)
    var segmentEnd = start / segment * segment + segment
    while position < segmentEnd {
      let bytes = try source.read(at: position, count: JournalFormat.Block.pointsLength)
      if let header = BlockHeader(bytes[...], salt: salt) ?? padding(bytes),
        fits(header, at: position, segmentEnd: segmentEnd)
      {
        try take(header, bytes: bytes, at: position)
        position += Int64(header.size)
        usedEnd = max(usedEnd, position)
        if position > segmentEnd {
          // A block with segments of its own; the end of the journal may share the last of them.
          segmentEnd = (position + segment - 1) / segment * segment
          nextSegment = max(nextSegment, segmentEnd)
          openEnds = openEnds.filter { $0 < start || $0 >= segmentEnd }
        }
        continue
      }
      if isTrailer(bytes) { return }
      let (next, isFree) = try nextBlock(after: position, before: segmentEnd)
      if let next {
        // Blocks are begun in order: one that was not there a moment ago is there by now.
        let again = try source.read(at: position, count: JournalFormat.Block.pointsLength)
        if again != bytes { continue }
        note(JournalDamage(offset: position, length: next - position, detail: .block))
        position = next
        continue
      }
      openEnds.insert(position)
      if position < fileEnd, !isFree { tornEnd = max(tornEnd ?? 0, position) }
      return
    }
  }

  private func fits(_ header: BlockHeader, at position: Int64, segmentEnd: Int64) -> Bool {
    header.size >= JournalFormat.alignment
      && (position + Int64(header.size) <= segmentEnd
        || position % Int64(JournalFormat.segmentSize) == 0)
  }

  /// Padding belongs to no journal: its checksum starts from nothing.
  private func padding(_ bytes: [UInt8]) -> BlockHeader? {
    guard let header = BlockHeader(bytes[...], salt: 0), header.kind == .padding else {
      return nil
    }
    return header
  }

  private func isTrailer(_ bytes: [UInt8]) -> Bool {
    Array(bytes.prefix(8)) == JournalFormat.trailerMagic
  }

  /// Finds the next intact header behind damage, or says whether nothing was ever written here.
  private func nextBlock(
    after position: Int64, before end: Int64
  ) throws -> (next: Int64?, isFree: Bool) {
    let bytes = try source.read(at: position, count: Int(end - position))
    if bytes.isZero { return (nil, true) }
    var offset = JournalFormat.alignment
    while offset + JournalFormat.Block.plainLength <= bytes.count {
      if BlockHeader(bytes[offset...], salt: salt) != nil {
        return (position + Int64(offset), false)
      }
      offset += JournalFormat.alignment
    }
    return (nil, false)
  }

  private mutating func take(_ header: BlockHeader, bytes: [UInt8], at offset: Int64) throws {
    switch header.kind {
    case .points:
      let place = BlockPlace(
        offset: offset, size: header.size, ordinal: header.ordinal, unit: header.unit,
        summary: BlockSummary(bytes[...], header: header))
      try take(place, in: header)
    case .events:
      newEvents.append((offset, header))
    case .padding, .index:
      break
    }
  }

  private mutating func take(_ block: BlockPlace, in header: BlockHeader) throws {
    let number = header.stream
    grownStreams.insert(number)
    guard let last = streams[number]?.blocks.last else {
      if streams[number] == nil { hasNewNames = true }
      streams[number, default: Self.undefinedStream(header)].blocks.append(block)
      return
    }
    if block.ordinal <= last.ordinal { unorderedStreams.insert(number) }
    if last.summary == nil, let summary = try readSummary(of: last) {
      // The block before was sealed when this one was begun.
      streams[number]?.sealLast(summary)
    }
    streams[number]?.blocks.append(block)
  }

  private func readSummary(of block: BlockPlace) throws -> BlockSummary? {
    let bytes = try source.read(at: block.offset, count: JournalFormat.Block.pointsLength)
    return BlockHeader(bytes[...], salt: salt).flatMap { BlockSummary(bytes[...], header: $0) }
  }

  /// Notes which streams each metric has.
  private mutating func indexNames() {
    guard hasNewNames else { return }
    hasNewNames = false
    streamNumbers = [:]
    for (number, stream) in streams.sorted(by: { $0.key < $1.key }) {
      streamNumbers[stream.descriptor.name, default: []].append(number)
    }
  }

  private static func undefinedStream(_ header: BlockHeader) -> Stream {
    let name = "metric \(header.stream)"
    let descriptor = MetricDescriptor(name: name, kind: header.metricKind ?? .value)
    return Stream(number: header.stream, descriptor: descriptor, isDefined: false)
  }

  // MARK: - Events

  private mutating func readNewEvents() throws {
    for (offset, header) in newEvents {
      guard eventOrdinals.insert(header.ordinal).inserted else {
        note(JournalDamage(offset: offset, length: Int64(header.size), detail: .block))
        continue
      }
      if header.ordinal > nextEventOrdinal {
        damages.append(
          JournalDamage(
            offset: 0, length: 0,
            detail: .missingEvents(blocks: Int(header.ordinal - nextEventOrdinal))))
      }
      eventBlocks.append(offset)
      nextEventOrdinal = max(nextEventOrdinal, header.ordinal &+ 1)
      // The block before may have grown until this one was begun.
      try readMoreEvents()
      // Blocks that were lost had records too; no file has more than the limit.
      recordCount = max(recordCount, Int(min(header.baseStep, 1 << 48)))
      eventPlaces.append((offset, header, recordCount))
      lastEvents = (offset, header, try readEvents(header, at: offset, skipping: 0))
    }
    newEvents = []
  }

  private mutating func readMoreEvents() throws {
    guard let (offset, header, recordsRead) = lastEvents else { return }
    let count = try readEvents(header, at: offset, skipping: recordsRead)
    lastEvents = (offset, header, count)
  }

  /// Reads the records of a block; returns how many there are.
  private mutating func readEvents(
    _ header: BlockHeader, at offset: Int64, skipping skipped: Int
  ) throws -> Int {
    let (bodies, isDamaged) = try recordBodies(header, at: offset)
    for body in bodies.dropFirst(skipped) { take(JournalRecord(body: body)) }
    recordCount += max(0, bodies.count - skipped)
    if isDamaged {
      note(JournalDamage(offset: offset, length: Int64(header.size), detail: .events))
    }
    return bodies.count
  }

  /// The bodies of a block's records, and whether the block is damaged.
  private func recordBodies(
    _ header: BlockHeader, at offset: Int64
  ) throws -> (bodies: [ArraySlice<UInt8>], isDamaged: Bool) {
    let bytes = try source.read(at: offset, count: header.size)
    let content = BlockContent(bytes[...], header: header)
    // Records have checksums of their own, which go further than a commit word that is damaged.
    let isTrusted = content.isIntact && !content.bytes.isEmpty
    var reader = ByteReader(isTrusted ? content.bytes : content.allBytes)
    var bodies: [ArraySlice<UInt8>] = []
    while reader.remaining >= JournalRecord.prefixLength {
      guard let length = reader.littleEndian(UInt32.self),
        let checksum = reader.littleEndian(UInt32.self), length > 0,
        let body = reader.slice(count: Int(length)),
        JournalFormat.crc32c(0, body) == checksum
      else { break }
      bodies.append(body)
    }
    // Of several records the first at least was committed.
    return (bodies, !content.isIntact || !isTrusted && bodies.count > 1)
  }

  /// Reads events again, whether they are kept or not.
  ///
  /// - Parameters:
  ///   - range: The numbers of the records to read, from the journal's first one on; those that are
  ///     no events are passed over.
  ///   - body: Is given each event, with the number behind its record and its length in bytes;
  ///     returns whether to go on.
  /// - Throws: The system's error.
  func forEachEvent(
    inRecords range: Range<Int>, _ body: (RunEvent, _ end: Int, _ length: Int) -> Bool
  ) throws {
    var (low, high) = (0, eventPlaces.count)
    while low < high {
      let middle = (low + high) / 2
      if eventPlaces[middle].firstRecord <= range.lowerBound {
        low = middle + 1
      } else {
        high = middle
      }
    }
    for (offset, header, first) in eventPlaces.dropFirst(max(0, low - 1)) {
      guard first < range.upperBound else { return }
      let bodies = try recordBodies(header, at: offset).bodies
      for (number, bytes) in zip(first..., bodies) where range.contains(number) {
        guard case .event(let event)? = JournalRecord(body: bytes) else { continue }
        guard body(event, number + 1, bytes.count) else { return }
      }
    }
  }

  private mutating func take(_ record: JournalRecord?) {
    switch record {
    case .event(let event):
      if keepsEvents { events.append(event) }
    case .metric(let number, let descriptor):
      streams[number, default: Stream(number: number, descriptor: descriptor)].descriptor =
        descriptor
      streams[number]?.isDefined = true
      hasNewNames = true
    case nil:
      break
    }
  }

  // MARK: - Closing index

  /// Reads the index of a closed journal; returns whether there is an intact one.
  private mutating func readIndex() throws -> Bool {
    let end = try source.count()
    let length = JournalFormat.trailerLength
    guard end >= Int64(usedEnd) + Int64(length),
      let trailer = JournalTrailer(
        try source.read(at: end - Int64(length), count: length), salt: salt),
      trailer.fileLength == end, trailer.indexOffset >= usedEnd, trailer.indexOffset < end
    else { return false }
    let available = Int(end - trailer.indexOffset) - length
    let bytes = try source.read(at: trailer.indexOffset, count: available)
    guard let header = BlockHeader(bytes[...], salt: salt), header.kind == .index,
      header.size <= available
    else { return false }
    let content = BlockContent(bytes[...], header: header)
    guard content.isIntact, let index = JournalIndex(content.bytes) else { return false }
    streams = index.streams
    for offset in index.eventBlocks {
      let start = try source.read(at: offset, count: JournalFormat.Block.pointsLength)
      guard let header = BlockHeader(start[...], salt: salt), header.kind == .events else {
        damages.append(JournalDamage(offset: offset, length: 0, detail: .events))
        continue
      }
      newEvents.append((offset, header))
    }
    newEvents.sort { $0.header.ordinal < $1.header.ordinal }
    try readNewEvents()
    // The definitions of the index are those of the records, but are there when these are not.
    for (number, stream) in index.streams { streams[number]?.descriptor = stream.descriptor }
    usedEnd = trailer.indexOffset
    isClosed = true
    return true
  }
}

extension [UInt8] {
  /// Whether there is nothing but zeros.
  fileprivate var isZero: Bool {
    withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, !bytes.isEmpty else { return true }
      return bytes[0] == 0 && memcmp(start, start + 1, bytes.count - 1) == 0
    }
  }
}

package import GrailCore

extension JournalReader {
  /// The metrics, in the order in which they were begun; one that was widened counts once.
  package var metrics: [MetricDescriptor] {
    streamNumbers.sorted { $0.value[0] < $1.value[0] }.compactMap { metric($0.key) }
  }

  /// Returns what a metric is; `nil` if there is no such metric.
  package func metric(_ name: String) -> MetricDescriptor? {
    let descriptors = streams(of: name).map(\.descriptor)
    guard let widest = descriptors.map(\.kind).max(by: { $0.rank < $1.rank }) else { return nil }
    return MetricDescriptor(
      name: name, unit: descriptors.lazy.compactMap(\.unit).first, kind: widest)
  }

  /// Reads all points of a metric.
  ///
  /// - Parameters:
  ///   - name: The metric's name; one whose definition is damaged is `metric 7`.
  ///   - damages: What of the metric could not be read is added here.
  /// - Returns: The points in the order of logging; `nil` if there is no such metric.
  /// - Throws: The system's error.
  package func series(_ name: String, damages: inout [JournalDamage]) throws -> MetricSeries? {
    guard let descriptor = metric(name) else { return nil }
    let streams = streams(of: name)
    // A point takes a byte at least: what damage says of their number is not believed beyond that.
    let known = streams.lazy.flatMap(\.blocks).reduce(0) { $0 + $1.pointLimit }
    var series = MetricSeries(
      descriptor: descriptor, capacity: min(known, Int(try source.count())))
    for stream in streams {
      var expected: UInt32 = 0
      var scan = BlockScan(self, stream)
      while let block = try scan.next(damages: &damages) {
        if block.ordinal > expected {
          damages.append(missing(from: expected, to: block.ordinal, in: stream))
        }
        expected = block.ordinal &+ 1
        series.append(scan.columns, unit: block.unit)
      }
    }
    return series
  }

  /// Sums up a metric, from headers alone but for blocks that may still grow.
  ///
  /// - Returns: `nil` if there is no such metric, or it has no points.
  /// - Throws: The system's error.
  package func summary(_ name: String) throws -> MetricSummary? {
    var total: MetricSummary?
    for stream in streams(of: name) {
      for block in stream.blocks {
        guard let part = try summary(of: block, in: stream) else { continue }
        if total?.merge(part) == nil { total = part }
      }
    }
    return total
  }

  /// The streams of a metric, in the order in which they were begun.
  func streams(of name: String) -> [Stream] {
    (streamNumbers[name] ?? []).compactMap { streams[$0] }
  }

  /// What a block sums up to; read from its points if its header does not say.
  func summary(of block: BlockPlace, in stream: Stream) throws -> MetricSummary? {
    if let summary = block.summary { return summary.metricSummary(unit: block.unit) }
    var damages: [JournalDamage] = []
    let columns = try readBlock(block, of: stream, damages: &damages)
    guard !columns.steps.isEmpty else { return nil }
    return BlockSummary(columns).metricSummary(unit: block.unit)
  }

  /// The streams with the summaries of all their blocks.
  func summarizedStreams() throws -> [UInt32: Stream] {
    var result = streams
    for (number, stream) in streams {
      for (position, block) in stream.blocks.enumerated() where block.summary == nil {
        var damages: [JournalDamage] = []
        let columns = try readBlock(block, of: stream, damages: &damages)
        guard !columns.steps.isEmpty else { continue }
        result[number]?.blocks[position].summary = BlockSummary(columns)
      }
    }
    return result
  }

  /// Reads the points of one block.
  func readBlock(
    _ block: BlockPlace, of stream: Stream, damages: inout [JournalDamage]
  ) throws -> PointColumns {
    var columns = PointColumns()
    let bytes = try source.read(at: block.offset, count: block.size)
    decode(bytes[...], of: block, in: stream, to: &columns, damages: &damages)
    return columns
  }

  /// Appends the points of a block to columns.
  ///
  /// - Parameters:
  ///   - bytes: The block's bytes, fewer if the file ends before.
  ///   - block: The block, as the journal's headers or its index say.
  ///   - stream: The stream that it belongs to.
  ///   - columns: What the points are added to.
  ///   - damages: What of the block could not be read is added here.
  func decode(
    _ bytes: ArraySlice<UInt8>, of block: BlockPlace, in stream: Stream,
    to columns: inout PointColumns, damages: inout [JournalDamage]
  ) {
    guard let header = BlockHeader(bytes, salt: salt), header.kind == .points,
      header.metricKind == stream.descriptor.kind, header.stream == stream.number,
      header.ordinal == block.ordinal
    else {
      damages.append(lost(block, of: stream, read: 0))
      return
    }
    let content = BlockContent(bytes, header: header)
    let before = columns.steps.count
    let isWellFormed = content.bytes.withUnsafeBytes { bytes in
      var decoder = PointDecoder(
        bytes, kind: stream.descriptor.kind, baseStep: header.baseStep, baseTime: header.baseTime)
      return decoder.appendAll(to: &columns)
    }
    let count = columns.steps.count - before
    let isComplete = block.summary.map { Int($0.count) == count } ?? true
    if !content.isIntact || !isWellFormed || !isComplete || isErased(content, of: stream) {
      damages.append(lost(block, of: stream, read: count))
    }
  }

  /// Whether a block says that nothing was committed, but holds more than the first point.
  private func isErased(_ content: BlockContent, of stream: Stream) -> Bool {
    guard content.bytes.isEmpty, stream.descriptor.kind != .value else { return false }
    return content.allBytes.dropFirst(2 * PointCoding.longestNumber).contains { $0 != 0 }
  }

  private func lost(_ block: BlockPlace, of stream: Stream, read: Int) -> JournalDamage {
    JournalDamage(
      offset: block.offset, length: Int64(block.size),
      detail: .points(
        metric: stream.descriptor.name, count: block.summary.map { Int($0.count) - read }))
  }

  private func missing(from first: UInt32, to next: UInt32, in stream: Stream) -> JournalDamage {
    JournalDamage(
      offset: 0, length: 0,
      detail: .missing(metric: stream.descriptor.name, blocks: Int(next - first)))
  }
}

extension MetricKind {
  /// Kinds with a greater rank hold what this holds.
  fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Reads the points of a stream's blocks one block after the other.
struct BlockScan {
  /// The points of the last block that was read.
  private(set) var columns = PointColumns()
  private let reader: JournalReader
  private let stream: JournalReader.Stream
  private var position: Int
  /// Bytes of the file, from ``start`` on: blocks that lie side by side are read at once.
  private var bytes: [UInt8] = []
  private var start: Int64 = 0

  private static let mostBytesAtOnce: Int64 = 1 << 18

  /// Creates a scan of a stream's blocks, or of those from a position on.
  init(_ reader: JournalReader, _ stream: JournalReader.Stream, from position: Int = 0) {
    (self.reader, self.stream, self.position) = (reader, stream, position)
  }

  /// Reads the points of the next block; `nil` if there is none.
  mutating func next(damages: inout [JournalDamage]) throws -> JournalReader.BlockPlace? {
    guard position < stream.blocks.count else { return nil }
    let block = stream.blocks[position]
    if block.offset < start || block.end > start &+ Int64(bytes.count) { try readNeighbors() }
    position += 1
    columns.removeAll()
    let first = Int(block.offset - start)
    reader.decode(
      bytes.dropFirst(first).prefix(block.size), of: block, in: stream, to: &columns,
      damages: &damages)
    return block
  }

  /// Reads the bytes of the next block and of those that follow without a gap.
  private mutating func readNeighbors() throws {
    start = stream.blocks[position].offset
    var end = stream.blocks[position].end
    for block in stream.blocks[(position + 1)...] {
      guard block.offset == end, block.end &- start <= Self.mostBytesAtOnce else { break }
      end = block.end
    }
    bytes = try reader.source.read(at: start, count: Int(end &- start))
  }
}

extension JournalReader.BlockPlace {
  /// Where the block ends.
  var end: Int64 { offset &+ Int64(size) }

  /// A number of points that the block does not exceed.
  fileprivate var pointLimit: Int { min(size, summary.map { Int($0.count) } ?? size) }
}

extension MetricSeries {
  /// Creates a series without points but with room for some.
  init(descriptor: MetricDescriptor, capacity: Int) {
    self.init(descriptor: descriptor)
    steps.reserveCapacity(capacity)
    timestamps.reserveCapacity(capacity)
    switch values {
    case .ints(var column):
      column.reserveCapacity(capacity)
      values = .ints(column)
    case .doubles(var column):
      column.reserveCapacity(capacity)
      values = .doubles(column)
    case .values(var column):
      column.reserveCapacity(capacity)
      values = .values(column)
    }
  }

  /// Appends the points of a block, or those in a range, in the series' kind.
  mutating func append(
    _ columns: PointColumns, unit: TimeUnit, from first: Int = 0, to end: Int = .max
  ) {
    steps += columns.steps.prefix(end).dropFirst(first)
    let times = columns.times.prefix(end).dropFirst(first)
    timestamps.append(addingCapacity: times.count) { timestamps in
      for time in times { timestamps.append(Timestamp(microseconds: time &* unit.microseconds)) }
    }
    switch values {
    case .ints(var values):
      self.values = .ints([])
      values += columns.ints.prefix(end).dropFirst(first)
      self.values = .ints(values)
    case .doubles(var values):
      self.values = .doubles([])
      values += columns.doubles.prefix(end).dropFirst(first)
      values += columns.ints.prefix(end).dropFirst(first).lazy.map(Double.init)
      self.values = .doubles(values)
    case .values(var values):
      self.values = .values([])
      values += columns.doubles.prefix(end).dropFirst(first).lazy.map(Value.double)
      values += columns.ints.prefix(end).dropFirst(first).lazy.map(Value.int)
      values += columns.values.prefix(end).dropFirst(first)
      self.values = .values(values)
    }
  }
}

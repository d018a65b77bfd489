package import GrailCore

extension JournalReader {
  /// The metrics, in the order in which they were begun; one that was widened counts once.
  package var metrics: [MetricDescriptor] {
    var order: [String] = []
    var found: [String: MetricDescriptor] = [:]
    for (_, stream) in streams.sorted(by: { $0.key < $1.key }) {
      let name = stream.descriptor.name
      if found[name] == nil { order.append(name) }
      let kind = Self.widest(found[name]?.kind, stream.descriptor.kind)
      found[name] = MetricDescriptor(
        name: name, unit: found[name]?.unit ?? stream.descriptor.unit, kind: kind)
    }
    return order.compactMap { found[$0] }
  }

  /// Reads all points of a metric.
  ///
  /// - Parameters:
  ///   - name: The metric's name; one whose definition is damaged is `metric 7`.
  ///   - damages: What of the metric could not be read is added here.
  /// - Returns: The points in the order of logging; `nil` if there is no such metric.
  /// - Throws: The system's error.
  package func series(_ name: String, damages: inout [JournalDamage]) throws -> MetricSeries? {
    guard let descriptor = metrics.first(where: { $0.name == name }) else { return nil }
    var series = MetricSeries(descriptor: descriptor)
    for stream in streams(of: name) {
      var expected: UInt32 = 0
      for block in stream.blocks {
        if block.ordinal > expected {
          damages.append(missing(from: expected, to: block.ordinal, in: stream))
        }
        expected = block.ordinal &+ 1
        let read = try readBlock(block, of: stream, damages: &damages)
        series.append(read, unit: block.unit)
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
    streams.sorted { $0.key < $1.key }.map(\.value).filter { $0.descriptor.name == name }
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
    let bytes = try source.read(at: block.offset, count: block.size)
    var columns = PointColumns()
    guard let header = BlockHeader(bytes[...], salt: salt), header.kind == .points,
      header.metricKind == stream.descriptor.kind, header.stream == stream.number,
      header.ordinal == block.ordinal
    else {
      damages.append(lost(block, of: stream, read: 0))
      return columns
    }
    let content = BlockContent(bytes, header: header)
    let isWellFormed = content.bytes.withUnsafeBytes { bytes in
      var decoder = PointDecoder(
        bytes, kind: stream.descriptor.kind, baseStep: header.baseStep, baseTime: header.baseTime)
      return decoder.appendAll(to: &columns)
    }
    columns.trim()
    let isComplete = block.summary.map { Int($0.count) == columns.steps.count } ?? true
    if !content.isIntact || !isWellFormed || !isComplete || isErased(content, of: stream) {
      damages.append(lost(block, of: stream, read: columns.steps.count))
    }
    return columns
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

  private static func widest(_ one: MetricKind?, _ other: MetricKind) -> MetricKind {
    let order = MetricKind.allCases
    guard let one, let left = order.firstIndex(of: one), let right = order.firstIndex(of: other)
    else { return other }
    return order[max(left, right)]
  }
}

extension PointColumns {
  /// Cuts columns that a malformed end left of unequal length.
  fileprivate mutating func trim() {
    let count = steps.count
    doubles = Array(doubles.prefix(count))
    ints = Array(ints.prefix(count))
    values = Array(values.prefix(count))
  }
}

extension MetricSeries {
  /// Appends the points of a block, in the series' kind.
  mutating func append(_ columns: PointColumns, unit: TimeUnit) {
    steps += columns.steps
    timestamps += columns.times.lazy.map {
      Timestamp(microseconds: $0 &* unit.microseconds)
    }
    switch values {
    case .ints(var values):
      self.values = .ints([])
      values += columns.ints
      self.values = .ints(values)
    case .doubles(var values):
      self.values = .doubles([])
      values += columns.doubles
      values += columns.ints.lazy.map(Double.init)
      self.values = .doubles(values)
    case .values(var values):
      self.values = .values([])
      values += columns.doubles.lazy.map(Value.double)
      values += columns.ints.lazy.map(Value.int)
      values += columns.values
      self.values = .values(values)
    }
  }
}

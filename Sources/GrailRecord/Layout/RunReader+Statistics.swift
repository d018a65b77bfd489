package import GrailCore

extension RunReader {
  /// What queries know of a metric: its summary, and the points that stand out.
  ///
  /// From a journal, the blocks' headers tell where these points are, and only their blocks are read.
  ///
  /// - Parameter name: The metric's name.
  /// - Returns: `nil` if there is no such metric, or it has no points.
  /// - Throws: The system's error, if a journal cannot be read.
  /// - Complexity: O(blocks of the metric), and the points of four blocks for each session and kind.
  package func statistics(_ name: String) throws -> QueryMetric? {
    if let series = sacredSeries(name) { return series.count > 0 ? QueryMetric(series) : nil }
    var whole: MetricStatistics?
    for journal in allJournals {
      for stream in journal.streams(of: name) {
        guard let part = try journal.statistics(of: stream) else { continue }
        if whole?.append(part) == nil { whole = part }
      }
    }
    return whole?.metric
  }
}

/// What is known of some consecutive points of a metric.
private struct MetricStatistics {
  private var kind: MetricKind
  private var summary: MetricSummary
  private var first: QueryMetric.Point
  private var last: QueryMetric.Point
  private var min: QueryMetric.Point?
  private var max: QueryMetric.Point?

  init?(
    kind: MetricKind, summary: MetricSummary, first: QueryMetric.Point?, last: QueryMetric.Point?,
    min: QueryMetric.Point?, max: QueryMetric.Point?
  ) {
    guard let first, let last else { return nil }
    (self.kind, self.summary, self.first, self.last) = (kind, summary, first, last)
    (self.min, self.max) = (min, max)
  }

  mutating func append(_ later: MetricStatistics) {
    if later.summary.numberCount > 0 {
      if summary.numberCount == 0 || later.summary.min < summary.min { min = later.min }
      if summary.numberCount == 0 || later.summary.max > summary.max { max = later.max }
    }
    summary.merge(later.summary)
    last = later.last
    kind = kind.widened(by: later.kind)
  }

  var metric: QueryMetric {
    QueryMetric(
      count: summary.count, mean: summary.numberCount > 0 ? summary.mean : nil,
      first: widened(first), last: widened(last), min: min.map(widened), max: max.map(widened))
  }

  /// The point as the whole metric's column holds it: whole numbers among others are no longer such.
  private func widened(_ point: QueryMetric.Point) -> QueryMetric.Point {
    var point = point
    if kind == .double, case .int(let number) = point.value {
      point.value = .double(Double(number))
    }
    return point
  }
}

extension JournalReader {
  fileprivate func statistics(of stream: Stream) throws -> MetricStatistics? {
    var total: MetricSummary?
    var summaries: [(block: BlockPlace, summary: MetricSummary)] = []
    for block in stream.blocks {
      guard let summary = try summary(of: block, in: stream) else { continue }
      summaries.append((block, summary))
      if total?.merge(summary) == nil { total = summary }
    }
    guard let total, let opening = summaries.first, let closing = summaries.last else { return nil }
    var read = LastBlock(journal: self, stream: stream)
    let first = try read.point(of: opening.block) { $0.steps.indices.first }
    let last = try read.point(of: closing.block) { $0.steps.indices.last }
    // The closing block often holds the extremes too, and is at hand.
    let hasNumbers = total.numberCount > 0
    let least = hasNumbers ? summaries.first { $0.summary.min == total.min } : nil
    let greatest = hasNumbers ? summaries.first { $0.summary.max == total.max } : nil
    return MetricStatistics(
      kind: stream.descriptor.kind, summary: total, first: first, last: last,
      min: try least.flatMap { least in
        try read.point(of: least.block) { $0.firstIndex(of: total.min) }
      },
      max: try greatest.flatMap { greatest in
        try read.point(of: greatest.block) { $0.firstIndex(of: total.max) }
      })
  }

  /// The points of the block that was read last.
  private struct LastBlock {
    let journal: JournalReader
    let stream: Stream
    private var offset: Int64?
    private var columns = PointColumns()

    init(journal: JournalReader, stream: Stream) { (self.journal, self.stream) = (journal, stream) }

    /// Reads a point of a block.
    mutating func point(
      of block: BlockPlace, at position: (PointColumns) -> Int?
    ) throws -> QueryMetric.Point? {
      if offset != block.offset {
        var damages: [JournalDamage] = []
        columns = try journal.readBlock(block, of: stream, damages: &damages)
        offset = block.offset
      }
      return position(columns).map { columns.point($0, unit: block.unit) }
    }
  }
}

extension PointColumns {
  /// Where a number stands first.
  fileprivate func firstIndex(of number: Double) -> Int? {
    if !doubles.isEmpty { return doubles.firstIndex(of: number) }
    if !ints.isEmpty { return ints.firstIndex { Double($0) == number } }
    return values.firstIndex { $0.doubleValue == number }
  }

  fileprivate func point(_ position: Int, unit: TimeUnit) -> QueryMetric.Point {
    let value: Value =
      if !doubles.isEmpty {
        .double(doubles[position])
      } else if !ints.isEmpty { .int(ints[position]) } else { values[position] }
    return QueryMetric.Point(
      value: value, step: steps[position],
      time: Timestamp(microseconds: times[position] &* unit.microseconds))
  }
}

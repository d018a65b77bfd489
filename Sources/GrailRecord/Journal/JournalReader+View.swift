package import GrailCore

extension JournalReader {
  /// Sums up a metric in equal parts of a window, as a chart shows it.
  ///
  /// Blocks of points that lie in the window and are not wide are taken whole, from their headers
  /// or the closing index, and count where their middle is. All others are read, and each point
  /// counts in its own part. So nothing outside the window is counted, and no extreme inside is lost.
  ///
  /// - Parameters:
  ///   - name: The metric's name.
  ///   - window: The points that count; the range of their steps or times is cut into parts.
  ///   - buckets: The number of parts, at least 1.
  /// - Returns: The parts that are not empty, in order, with their true extents; `nil` if there is no
  ///   such metric.
  /// - Throws: The system's error.
  /// - Complexity: O(blocks of the metric), and the points of those blocks that are read.
  package func view(
    _ name: String, window: MetricWindow, buckets: Int
  ) throws -> [MetricSummary]? {
    guard streamNumbers[name] != nil else { return nil }
    let sources = try viewSources(of: name)
    guard let range = window.range ?? Self.stepRange(of: sources) else { return [] }
    let axis = ViewAxis(window, range: range, buckets: buckets)
    var view = MetricView()
    try add(sources, along: axis, to: &view)
    return view.summaries
  }

  /// Adds a metric's points in this journal to a view of several.
  func add(_ name: String, along axis: ViewAxis, to view: inout MetricView) throws {
    try add(viewSources(of: name), along: axis, to: &view)
  }

  private func add(
    _ sources: [ViewSource], along axis: ViewAxis, to view: inout MetricView
  ) throws {
    for source in sources {
      switch axis.placement(of: source.summary) {
      case .outside:
        continue
      case .whole(let part):
        view.add(source.summary, to: part)
      case .points:
        var damages: [JournalDamage] = []
        let columns =
          try source.columns ?? readBlock(source.block, of: source.stream, damages: &damages)
        view.add(columns, unit: source.block.unit, along: axis)
      }
    }
  }

  private func viewSources(of name: String) throws -> [ViewSource] {
    try streams(of: name).flatMap { try viewSources(of: $0) }
  }

  /// A block with what it sums up to; its points too, if they had to be read for that.
  private struct ViewSource {
    var stream: Stream
    var block: BlockPlace
    var summary: MetricSummary
    var columns: PointColumns?
  }

  private func viewSources(of stream: Stream) throws -> [ViewSource] {
    try stream.blocks.compactMap { block in
      if let summary = block.summary {
        let summary = summary.metricSummary(unit: block.unit)
        return ViewSource(stream: stream, block: block, summary: summary)
      }
      var damages: [JournalDamage] = []
      let columns = try readBlock(block, of: stream, damages: &damages)
      guard !columns.steps.isEmpty else { return nil }
      let summary = BlockSummary(columns).metricSummary(unit: block.unit)
      return ViewSource(stream: stream, block: block, summary: summary, columns: columns)
    }
  }

  private static func stepRange(of sources: [ViewSource]) -> ClosedRange<Int64>? {
    guard let first = sources.lazy.map(\.summary.steps.lowerBound).min(),
      let last = sources.lazy.map(\.summary.steps.upperBound).max()
    else { return nil }
    return first...last
  }
}

extension MetricWindow {
  var isTime: Bool {
    if case .times = self { true } else { false }
  }

  /// The range that is cut into parts; `nil` if it is that of all steps.
  var range: ClosedRange<Int64>? {
    switch self {
    case .all: nil
    case .steps(let steps): steps
    case .times(let times): times.lowerBound.microseconds...times.upperBound.microseconds
    }
  }
}

/// A range of whole numbers that is cut into parts of one length.
struct EqualParts {
  let range: ClosedRange<Int64>
  private let count: UInt64
  /// The numbers in the range less one: the whole range of numbers has more than fit.
  private let reach: UInt64

  init(of range: ClosedRange<Int64>, count: Int) {
    self.range = range
    self.count = UInt64(max(1, count))
    reach = UInt64(bitPattern: range.upperBound &- range.lowerBound)
  }

  /// The part, from 0, that a number of the range lies in.
  func part(of number: Int64) -> Int {
    let offset = UInt64(bitPattern: number &- range.lowerBound)
    let (high, low) = offset.multipliedFullWidth(by: count)
    let length = reach &+ 1
    if length == 0 { return Int(high) }
    return Int(high == 0 ? low / length : length.dividingFullWidth((high, low)).quotient)
  }
}

/// What the parts of a view are parts of: steps or times.
struct ViewAxis {
  let isTime: Bool
  let parts: EqualParts

  init(_ window: MetricWindow, range: ClosedRange<Int64>, buckets: Int) {
    isTime = window.isTime
    parts = EqualParts(of: range, count: buckets)
  }

  /// Blocks that reach over more parts than this many more are read.
  private static let mostPartsCrossed = 4

  enum Placement {
    case outside
    case whole(part: Int)
    case points
  }

  func placement(of block: MetricSummary) -> Placement {
    let (first, last) =
      isTime
      ? (block.times.lowerBound.microseconds, block.times.upperBound.microseconds)
      : (block.steps.lowerBound, block.steps.upperBound)
    guard first <= parts.range.upperBound, last >= parts.range.lowerBound else { return .outside }
    guard parts.range.contains(first), parts.range.contains(last),
      parts.part(of: last) - parts.part(of: first) <= Self.mostPartsCrossed
    else { return .points }
    let middle = first &+ Int64(bitPattern: UInt64(bitPattern: last &- first) / 2)
    return .whole(part: parts.part(of: middle))
  }
}

/// The parts of a view that are not empty.
struct MetricView {
  private var parts: [Int: MetricSummary] = [:]

  var summaries: [MetricSummary] { parts.sorted { $0.key < $1.key }.map(\.value) }

  mutating func add(_ summary: MetricSummary, to part: Int) {
    if parts[part]?.merge(summary) == nil { parts[part] = summary }
  }

  /// Adds the points that lie in the window, neighbors in the same part at once.
  mutating func add(_ columns: PointColumns, unit: TimeUnit, along axis: ViewAxis) {
    var run: (part: Int, points: PointRun)?
    for index in columns.steps.indices {
      let (step, time) = (columns.steps[index], columns.times[index])
      let place = axis.isTime ? time &* unit.microseconds : step
      guard axis.parts.range.contains(place) else { continue }
      let part = axis.parts.part(of: place)
      if let done = run, done.part != part {
        add(done.points.summary.metricSummary(unit: unit), to: done.part)
        run = nil
      }
      if run == nil { run = (part, PointRun(step: step, time: time)) }
      run?.points.add(columns.number(at: index), step: step, time: time)
    }
    if let run { add(run.points.summary.metricSummary(unit: unit), to: run.part) }
  }
}

/// Points of one part, summed up as they come.
private struct PointRun {
  private var count: UInt32 = 0
  private var numbers = BlockNumbers()
  private var steps: (min: Int64, max: Int64)
  private var times: (min: Int64, max: Int64)

  init(step: Int64, time: Int64) {
    steps = (step, step)
    times = (time, time)
  }

  mutating func add(_ number: Double, step: Int64, time: Int64) {
    count += 1
    numbers.add(number)
    steps = (min(steps.min, step), max(steps.max, step))
    times = (min(times.min, time), max(times.max, time))
  }

  var summary: BlockSummary {
    var summary = BlockSummary()
    summary.count = count
    (summary.minStep, summary.maxStep) = steps
    (summary.minTime, summary.maxTime) = times
    numbers.fill(&summary)
    return summary
  }
}

extension PointColumns {
  /// The value at a position as a number; NaN if it is none.
  fileprivate func number(at index: Int) -> Double {
    if !doubles.isEmpty { return doubles[index] }
    return ints.isEmpty ? values[index].doubleValue ?? .nan : Double(ints[index])
  }
}

import GrailCore
import GrailRecord
import GrailStore

/// How a metric becomes a line of a chart.
///
/// A short metric is drawn by its points. Of a long one each part of the axis is summed up, which
/// takes hardly any reading, loses no extreme, and is as much as an eye can see.
struct MetricCurve {
  /// What a point's place along the horizontal axis is.
  enum Place: Hashable {
    case step
    /// Seconds since the run's start.
    case time
    /// The value of another metric at the same step.
    case metric(String)
  }

  var place: Place
  /// Whether the horizontal axis is logarithmic, so that its beginning needs the finer parts.
  var isLogarithmic: Bool
  /// The parts into which a long metric is cut.
  var partCount: Int

  /// A metric of more points than this is long.
  private static let mostPoints = 2000
  /// The least parts of a decade of a logarithmic axis.
  private static let leastParts = 16

  /// Makes a line.
  ///
  /// - Parameters:
  ///   - metric: The metric's name.
  ///   - run: The run.
  ///   - name: The line's name in the legend.
  /// - Returns: The line; `nil` if the run has no such metric, or no number in it.
  /// - Throws: The system's error, if a journal cannot be read.
  /// - Complexity: O(blocks) of a long metric, O(points) of a short one or by another metric.
  func series(of metric: String, in run: StoredDirectory, name: String) throws -> ChartSeries? {
    guard let summary = try run.reader.summary(metric), summary.numberCount > 0 else { return nil }
    if case .metric(let other) = place {
      return try series(of: metric, along: other, in: run, name: name)
    }
    let start = run.record.startTime ?? summary.times.lowerBound
    guard summary.count > Self.mostPoints else {
      guard let series = try run.series(metric) else { return nil }
      let places =
        place == .time
        ? series.timestamps.map { Double($0.microseconds) / 1e6 - Double(start.microseconds) / 1e6 }
        : series.steps.map(Double.init)
      return ChartSeries(name: name, x: places, y: series.values.doubles)
    }
    var parts: [MetricSummary] = []
    for window in windows(of: summary, start: start) {
      parts += try run.view(metric, window: window.window, buckets: window.partCount) ?? []
    }
    return ChartSeries(name: name, view: parts, secondsSince: place == .time ? start : nil)
  }

  private func series(
    of metric: String, along other: String, in run: StoredDirectory, name: String
  ) throws -> ChartSeries? {
    guard let series = try run.series(metric), let places = try run.series(other) else {
      return nil
    }
    let numbers = places.values.doubles
    // The last value counts where a step comes again.
    let placeOfStep = Dictionary(zip(places.steps, numbers)) { _, later in later }
    var (x, y): ([Double], [Double]) = ([], [])
    for (step, value) in zip(series.steps, series.values.doubles) {
      guard let place = placeOfStep[step] else { continue }
      x.append(place)
      y.append(value)
    }
    return x.isEmpty ? nil : ChartSeries(name: name, x: x, y: y)
  }

  // MARK: - Windows

  private func windows(
    of summary: MetricSummary, start: Timestamp
  ) -> [(window: MetricWindow, partCount: Int)] {
    let isTime = place == .time
    let range =
      isTime
      ? summary.times.lowerBound.microseconds...summary.times.upperBound.microseconds
      : summary.steps
    // Places are counted from the run's start, where the logarithm of the axis is taken.
    let origin = isTime ? start.microseconds : 0
    func window(_ range: ClosedRange<Int64>) -> MetricWindow {
      isTime
        ? .times(
          Timestamp(microseconds: range.lowerBound)...Timestamp(microseconds: range.upperBound))
        : .steps(range)
    }
    guard isLogarithmic else { return [(window(range), partCount)] }
    let (last, overflows) = range.upperBound.subtractingReportingOverflow(origin)
    guard !overflows, last > 0 else { return [] }
    let first = range.lowerBound.subtractingReportingOverflow(origin)
    let decades = Self.decades(of: max(1, first.overflow ? 1 : first.partialValue)...last)
    let count = max(Self.leastParts, partCount / max(1, decades.count))
    return decades.map { (window(($0.lowerBound + origin)...($0.upperBound + origin)), count) }
  }

  /// Cuts a range of positive numbers at the powers of ten.
  static func decades(of range: ClosedRange<Int64>) -> [ClosedRange<Int64>] {
    var decades: [ClosedRange<Int64>] = []
    var low = range.lowerBound
    var power: Int64 = 1
    while low <= range.upperBound {
      while power <= low {
        let (next, overflows) = power.multipliedReportingOverflow(by: 10)
        guard !overflows else { return decades + [low...range.upperBound] }
        power = next
      }
      decades.append(low...min(power - 1, range.upperBound))
      low = power
    }
    return decades
  }
}

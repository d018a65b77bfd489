/// What queries know of a metric: a summary, and the points that stand out.
public struct QueryMetric: Hashable, Sendable {
  /// A point that stands out.
  public struct Point: Hashable, Sendable {
    /// The value that was logged.
    public var value: Value
    /// Where it is, as far as that is known.
    public var step: Int64?
    /// When it was measured, as far as that is known.
    public var time: Timestamp?

    /// Creates a point.
    ///
    /// - Parameters:
    ///   - value: The value that was logged.
    ///   - step: Where it is.
    ///   - time: When it was measured.
    public init(value: Value, step: Int64? = nil, time: Timestamp? = nil) {
      (self.value, self.step, self.time) = (value, step, time)
    }
  }

  /// The number of points, those that are not numbers included.
  public var count: Int
  /// The mean of the numbers; `nil` without any.
  public var mean: Double?
  /// The point that was logged first.
  public var first: Point?
  /// The point that was logged last.
  public var last: Point?
  /// The first of the points with the least number.
  public var min: Point?
  /// The first of the points with the greatest number.
  public var max: Point?

  /// Creates what is known of a metric.
  ///
  /// - Parameters:
  ///   - count: The number of points.
  ///   - mean: The mean of the numbers.
  ///   - first: The point that was logged first.
  ///   - last: The point that was logged last.
  ///   - min: The first of the points with the least number.
  ///   - max: The first of the points with the greatest number.
  public init(
    count: Int, mean: Double?, first: Point?, last: Point?, min: Point?, max: Point?
  ) {
    (self.count, self.mean) = (count, mean)
    (self.first, self.last, self.min, self.max) = (first, last, min, max)
  }

  /// Sums up a series.
  ///
  /// - Complexity: O(*n*) in the number of points.
  public init(_ series: MetricSeries) {
    let length = Swift.min(series.count, series.values.count, series.timestamps.count)
    func point(_ position: Int) -> Point {
      Point(
        value: series.values[position], step: series.steps[position],
        time: series.timestamps[position])
    }
    self.init(count: length, mean: nil, first: nil, last: nil, min: nil, max: nil)
    guard length > 0 else { return }
    (first, last) = (point(0), point(length - 1))
    let numbers = series.values.doubles
    var (least, greatest): (Int?, Int?) = (nil, nil)
    var (sum, total) = (0.0, 0)
    for position in 0..<length where !numbers[position].isNaN {
      sum += numbers[position]
      total += 1
      if least.map({ numbers[position] < numbers[$0] }) ?? true { least = position }
      if greatest.map({ numbers[position] > numbers[$0] }) ?? true { greatest = position }
    }
    (min, max) = (least.map(point), greatest.map(point))
    mean = total == 0 ? nil : sum / Double(total)
  }

  /// Takes over a summary, which knows the least and the greatest number, but not where they are.
  ///
  /// - Parameters:
  ///   - summary: The summary.
  ///   - first: The point that was logged first, where it is known.
  ///   - last: The point that was logged last, where it is known.
  package init(_ summary: MetricSummary, first: Point? = nil, last: Point? = nil) {
    let hasNumbers = summary.numberCount > 0
    self.init(
      count: summary.count, mean: hasNumbers ? summary.mean : nil, first: first, last: last,
      min: hasNumbers ? Point(value: .double(summary.min)) : nil,
      max: hasNumbers ? Point(value: .double(summary.max)) : nil)
  }

  /// What is asked of the metric; `nil` if there is no such thing.
  package func value(of statistic: QueryField.Statistic) -> Value? {
    switch statistic {
    case .count: .int(Int64(count))
    case .mean: mean.map(Value.double)
    case .first: first?.value.queryForm
    case .last: last?.value.queryForm
    case .min: min?.value
    case .max: max?.value
    case .step: last?.step.map(Value.int)
    case .time: last?.time.map(Value.time)
    case .firstStep: first?.step.map(Value.int)
    case .firstTime: first?.time.map(Value.time)
    case .minStep: min?.step.map(Value.int)
    case .minTime: min?.time.map(Value.time)
    case .maxStep: max?.step.map(Value.int)
    case .maxTime: max?.time.map(Value.time)
    }
  }
}

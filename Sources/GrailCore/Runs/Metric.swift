/// What a metric is: its name, unit and the kind of its values.
public struct MetricDescriptor: Hashable, Sendable {
  /// The name, unique within a run; dots group by custom, as in `train.loss`.
  public var name: String
  /// The unit of the values, such as `nats` or `ms`, if the author gave one.
  public var unit: String?
  /// The kind of the values.
  public var kind: MetricKind

  /// Creates a description of a metric.
  ///
  /// - Parameters:
  ///   - name: The name, unique within a run.
  ///   - unit: The unit of the values, if there is one.
  ///   - kind: The kind of the values.
  public init(name: String, unit: String? = nil, kind: MetricKind) {
    (self.name, self.unit, self.kind) = (name, unit, kind)
  }
}

/// The kind of a metric's values; each kind holds what the kinds before it hold.
public enum MetricKind: String, Hashable, Sendable, CaseIterable {
  /// Whole numbers.
  case int
  /// Floating-point numbers, NaN and infinities included.
  case double
  /// Any recorded value, a number, text, list or map.
  case value

  /// The kind that holds what either of two kinds holds.
  public func widened(by other: MetricKind) -> MetricKind {
    let order = Self.allCases
    return order.last { $0 == self || $0 == other } ?? other
  }
}

/// The points of one metric in the order of logging, as three columns of one length.
public struct MetricSeries: Hashable, Sendable {
  /// What the metric is.
  public var descriptor: MetricDescriptor
  /// The author's own count, such as the epoch; steps may skip, repeat and go back.
  public var steps: [Int64]
  /// The moments of measurement.
  public var timestamps: [Timestamp]
  /// The measured values.
  public var values: MetricValues

  /// Creates a series.
  ///
  /// - Parameters:
  ///   - descriptor: What the metric is.
  ///   - steps: The steps, in the order of logging.
  ///   - timestamps: The moments of measurement, as many as steps.
  ///   - values: The measured values, as many as steps.
  public init(
    descriptor: MetricDescriptor, steps: [Int64] = [], timestamps: [Timestamp] = [],
    values: MetricValues? = nil
  ) {
    self.descriptor = descriptor
    self.steps = steps
    self.timestamps = timestamps
    self.values = values ?? MetricValues(kind: descriptor.kind)
  }

  /// The number of points.
  public var count: Int { steps.count }

  /// Appends later points of the metric, in the narrowest column that holds all values.
  ///
  /// - Complexity: O(*n*) in the number of points of both.
  public mutating func append(contentsOf later: MetricSeries) {
    steps += later.steps
    timestamps += later.timestamps
    switch (values, later.values) {
    case (.ints(let left), .ints(let right)): values = .ints(left + right)
    case (.values(let left), _): values = .values(left + later.values.all)
    case (_, .values(let right)): values = .values(values.all + right)
    default: values = .doubles(values.doubles + later.values.doubles)
    }
    descriptor.kind = descriptor.kind.widened(by: later.descriptor.kind)
  }
}

/// A column of a metric's values, stored by their kind.
public enum MetricValues: Hashable, Sendable {
  /// Whole numbers.
  case ints([Int64])
  /// Floating-point numbers.
  case doubles([Double])
  /// Values of any type.
  case values([Value])

  /// Creates an empty column for values of a kind.
  public init(kind: MetricKind) {
    switch kind {
    case .int: self = .ints([])
    case .double: self = .doubles([])
    case .value: self = .values([])
    }
  }

  /// The number of values.
  public var count: Int {
    switch self {
    case .ints(let column): column.count
    case .doubles(let column): column.count
    case .values(let column): column.count
    }
  }

  /// The value at a position in `0..<count`.
  public subscript(position: Int) -> Value {
    switch self {
    case .ints(let column): .int(column[position])
    case .doubles(let column): .double(column[position])
    case .values(let column): column[position]
    }
  }

  /// The values one by one.
  fileprivate var all: [Value] { (0..<count).map { self[$0] } }

  /// The values as numbers; what is none, such as text, is NaN.
  ///
  /// - Complexity: O(`count`)
  public var doubles: [Double] {
    switch self {
    case .ints(let column): column.map(Double.init)
    case .doubles(let column): column
    case .values(let column): column.map { $0.doubleValue ?? .nan }
    }
  }
}

/// What is known of a series without its points.
public struct MetricSummary: Hashable, Sendable {
  /// The number of points, those that are not numbers included.
  public var count: Int
  /// The number of points whose value is a number: not NaN, text or another value.
  public var numberCount: Int
  /// The least number, or NaN without any.
  public var min: Double
  /// The greatest number, or NaN without any.
  public var max: Double
  /// The mean of the numbers, or NaN without any.
  public var mean: Double
  /// The least and the greatest step.
  public var steps: ClosedRange<Int64>
  /// The earliest and the latest time.
  public var times: ClosedRange<Timestamp>

  /// Creates a summary.
  ///
  /// - Parameters:
  ///   - count: The number of points.
  ///   - numberCount: The number of points whose value is a number.
  ///   - min: The least number, or NaN without any.
  ///   - max: The greatest number, or NaN without any.
  ///   - mean: The mean of the numbers, or NaN without any.
  ///   - steps: The least and the greatest step.
  ///   - times: The earliest and the latest time.
  public init(
    count: Int, numberCount: Int, min: Double, max: Double, mean: Double,
    steps: ClosedRange<Int64>, times: ClosedRange<Timestamp>
  ) {
    (self.count, self.numberCount) = (count, numberCount)
    (self.min, self.max, self.mean) = (min, max, mean)
    (self.steps, self.times) = (steps, times)
  }

  /// Adds what is known of other points of the same metric.
  public mutating func merge(_ other: MetricSummary) {
    if other.numberCount > 0 {
      if numberCount > 0 {
        min = Swift.min(min, other.min)
        max = Swift.max(max, other.max)
        let share = Double(other.numberCount) / Double(numberCount + other.numberCount)
        let blended = mean + (other.mean - mean) * share
        mean = blended.isFinite ? blended : mean * (1 - share) + other.mean * share
      } else {
        (min, max, mean) = (other.min, other.max, other.mean)
      }
    }
    count += other.count
    numberCount += other.numberCount
    steps =
      Swift.min(
        steps.lowerBound, other.steps.lowerBound)...Swift.max(
        steps.upperBound, other.steps.upperBound)
    times =
      Swift.min(
        times.lowerBound, other.times.lowerBound)...Swift.max(
        times.upperBound, other.times.upperBound)
  }
}

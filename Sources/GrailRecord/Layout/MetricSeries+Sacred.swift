import GrailCore

extension MetricSeries {
  /// Reads a metric as `metrics.json` has it; `nil` if it is of another form.
  ///
  /// Columns of unequal length, as a damaged file has them, are cut to the shortest.
  init?(name: String, columns: Value) {
    guard let steps = columns["steps"]?.listValue, let times = columns["timestamps"]?.listValue,
      let values = columns["values"]?.listValue
    else { return nil }
    let count = min(steps.count, times.count, values.count)
    let kept = Array(values.prefix(count))
    let column = Self.column(of: kept)
    let kind: MetricKind =
      switch column {
      case .ints: .int
      case .doubles: .double
      case .values: .value
      }
    self.init(
      descriptor: MetricDescriptor(name: name, kind: kind),
      steps: steps.prefix(count).map { $0.intValue ?? Int64(exactly: $0.doubleValue ?? 0) ?? 0 },
      timestamps: times.prefix(count).map { value in
        value.timeValue ?? value.textValue.flatMap { Timestamp(isoText: $0) }
          ?? Timestamp(microseconds: 0)
      },
      values: column)
  }

  /// The narrowest column that holds values as they are.
  private static func column(of values: [Value]) -> MetricValues {
    let ints = values.compactMap(\.intValue)
    if ints.count == values.count, !values.isEmpty { return .ints(ints) }
    let doubles = values.compactMap { if case .double(let number) = $0 { number } else { nil } }
    return doubles.count == values.count ? .doubles(doubles) : .values(values)
  }

  /// What the points sum up to; `nil` without any.
  var summary: MetricSummary? {
    guard count > 0 else { return nil }
    return BlockSummary(columns).metricSummary(unit: .microsecond)
  }

  /// The points in the form of a block's, times in microseconds.
  var columns: PointColumns {
    var columns = PointColumns()
    columns.steps = steps
    columns.times = timestamps.map(\.microseconds)
    switch values {
    case .ints(let column): columns.ints = column
    case .doubles(let column): columns.doubles = column
    case .values(let column): columns.values = column
    }
    return columns
  }
}

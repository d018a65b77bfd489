package import GrailCore

/// A line of a chart.
///
/// A value that is not a number makes a gap. What an axis has no place for is left out and counted.
package struct ChartSeries: Sendable {
  /// The name in the legend.
  package var name: String
  package var points: Points

  /// What a line is drawn from.
  package enum Points: Sendable {
    /// Places and values, as many of the one as of the other, in the order in which they are joined.
    case values(x: [Double], y: [Double])
    /// Parts of a longer series, with their extremes, so that no spike is lost.
    case parts([Part])
  }

  /// Points of a series that are drawn in one place.
  package struct Part: Hashable, Sendable {
    package var x: Double
    package var minimum: Double
    package var mean: Double
    package var maximum: Double

    package init(x: Double, minimum: Double, mean: Double, maximum: Double) {
      (self.x, self.minimum, self.mean, self.maximum) = (x, minimum, mean, maximum)
    }
  }

  /// Creates a line through points; places without a value, and values without a place, are left out.
  package init(name: String, x: [Double], y: [Double]) {
    self.name = name
    let count = min(x.count, y.count)
    points =
      x.count == y.count
      ? .values(x: x, y: y) : .values(x: Array(x[..<count]), y: Array(y[..<count]))
  }

  /// Creates a line through parts of a longer series.
  package init(name: String, parts: [Part]) { (self.name, points) = (name, .parts(parts)) }

  /// Creates a line from a view of a metric, as a run's reader gives it.
  ///
  /// - Parameters:
  ///   - name: The name in the legend.
  ///   - view: The view's parts, in order.
  ///   - start: The moment from which seconds are counted; `nil` to place the parts by their steps.
  package init(name: String, view: [MetricSummary], secondsSince start: Timestamp? = nil) {
    self.init(
      name: name,
      parts: view.map { part in
        let place: Double
        if let start {
          let (first, last) = (part.times.lowerBound, part.times.upperBound)
          place =
            Double(first.microseconds) / 2e6 + Double(last.microseconds) / 2e6
            - Double(start.microseconds) / 1e6
        } else {
          place = Double(part.steps.lowerBound) / 2 + Double(part.steps.upperBound) / 2
        }
        return Part(x: place, minimum: part.min, mean: part.mean, maximum: part.max)
      })
  }

  /// The number of points, or of parts.
  package var count: Int {
    switch points {
    case .values(let x, _): x.count
    case .parts(let parts): parts.count
    }
  }

  /// A point or part; a point's extremes are its value.
  subscript(position: Int) -> Part {
    switch points {
    case .values(let x, let y):
      Part(x: x[position], minimum: y[position], mean: y[position], maximum: y[position])
    case .parts(let parts): parts[position]
    }
  }

  /// The line after smoothing its values, or the means of its parts.
  func smoothed(_ weight: Double) -> ChartSeries {
    switch points {
    case .values(let x, let y):
      return ChartSeries(name: name, x: x, y: Smoothing(weight: weight).applied(to: y))
    case .parts(let parts):
      let means = Smoothing(weight: weight).applied(to: parts.map(\.mean))
      return ChartSeries(name: name, x: parts.map(\.x), y: means)
    }
  }

  /// The means of the parts alone; `nil` for points, which have nothing beside.
  var means: ChartSeries? {
    guard case .parts(let parts) = points,
      parts.contains(where: { $0.minimum < $0.mean || $0.maximum > $0.mean })
    else { return nil }
    return ChartSeries(name: name, x: parts.map(\.x), y: parts.map(\.mean))
  }
}

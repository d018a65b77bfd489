/// The numbers that a chart has to show, and how many it cannot.
struct ChartExtent {
  private(set) var x: ClosedRange<Double>?
  private(set) var y: ClosedRange<Double>?
  /// Values that are infinite.
  private(set) var infinite = 0
  /// Values for which a logarithmic axis has no place.
  private(set) var notPositive = 0

  /// - Complexity: O(points)
  init(of chart: Chart) {
    var (left, right, low, high) = (
      Double.infinity, -Double.infinity, Double.infinity, -Double.infinity
    )
    for series in chart.series {
      for position in 0..<series.count {
        let part = series[position]
        if part.x.isNaN || part.mean.isNaN { continue }
        guard part.x.isFinite, part.minimum.isFinite, part.maximum.isFinite else {
          infinite += 1
          continue
        }
        if (chart.xScale == .log10 && part.x <= 0) || (chart.yScale == .log10 && part.minimum <= 0)
        {
          notPositive += 1
          // A part may reach below and still have a place for the rest of it.
          guard chart.xScale == .linear || part.x > 0, part.mean > 0 else { continue }
          low = min(low, part.mean)
        } else {
          low = min(low, part.minimum)
        }
        (left, right, high) = (min(left, part.x), max(right, part.x), max(high, part.maximum))
      }
    }
    x = left <= right ? left...right : nil
    y = low <= high ? low...high : nil
  }

  /// What is said about the values that are not shown.
  var notes: [String] {
    func count(_ number: Int, _ rest: String) -> [String] {
      guard number > 0 else { return [] }
      return ["\(NumberText.text(ofCount: number)) \(number == 1 ? "value" : "values") \(rest)"]
    }
    return count(infinite, "not shown: infinite")
      + count(notPositive, "not shown: zero or less, on a logarithmic axis")
  }
}

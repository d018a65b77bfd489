import TestSupport
import GrailCommand

/// Charts of anything: usual, extreme and missing numbers.
struct RandomChart {
  var numbers: SeededGenerator

  mutating func next() -> Chart {
    let series = (0..<Int.random(in: 0...4, using: &numbers)).map { index in
      let count = [0, 1, 2, 50, 700].randomElement(using: &numbers) ?? 0
      let y = (0..<count).map { _ in number() }
      let isOrdered = Bool.random(using: &numbers)
      let x = (0..<count).map { isOrdered ? Double($0) : number() }
      if Bool.random(using: &numbers) { return ChartSeries(name: "s\(index)", x: x, y: y) }
      let parts = zip(x, y).map { place, value in
        ChartSeries.Part(x: place, minimum: value - 1, mean: value, maximum: value * 2 + 1)
      }
      return ChartSeries(name: "\u{1B}[31m<s&\(index)>", parts: parts)
    }
    func scale() -> ChartAxis.Scale { Bool.random(using: &numbers) ? .linear : .log10 }
    return Chart(
      title: "a <title> & \"more\" \u{202E}", xLabel: "step", yLabel: "l\u{0}oss", series: series,
      xScale: scale(), yScale: scale(), xUnit: Bool.random(using: &numbers) ? .number : .seconds,
      smoothing: [0, 0, 0.6, 0.99].randomElement(using: &numbers) ?? 0)
  }

  private mutating func number() -> Double {
    switch Int.random(in: 0...9, using: &numbers) {
    case 0: Double(bitPattern: numbers.next())
    case 1:
      [.nan, .infinity, -.infinity, 0, 1e308, -1e308, .leastNonzeroMagnitude][
        Int(numbers.next() % 7)]
    default: Double.random(in: -10...1000, using: &numbers)
    }
  }
}

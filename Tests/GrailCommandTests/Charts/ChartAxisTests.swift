import GrailCommand
import TestSupport
import Testing

@Suite struct ChartAxisTests {
  @Test(
    arguments: [
      (0.0...1.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      (0...100, ["0", "20", "40", "60", "80", "100"]),
      (-3...7, ["-2", "0", "2", "4", "6"]),
      (0.001...0.0019, ["0.0010", "0.0012", "0.0014", "0.0016", "0.0018"]),
      (0...4e9, ["0", "1e9", "2e9", "3e9", "4e9"]), (0...3e-7, ["0", "1e-7", "2e-7", "3e-7"]),
      (100.001...100.003, ["100.0010", "100.0015", "100.0020", "100.0025", "100.0030"]),
    ] as [(ClosedRange<Double>, [String])])
  func `marks round numbers`(range: ClosedRange<Double>, labels: [String]) {
    #expect(ChartAxis(covering: range).ticks.map(\.label) == labels)
  }

  @Test(
    arguments: [
      (1.0...1e5, ["1", "10", "100", "1000", "10000", "100000"]),
      (0.02...0.9, ["0.02", "0.05", "0.1", "0.2", "0.5"]),
      (1e-30...1e30, ["1e-30", "1e-15", "1", "1e15", "1e30"]),
    ] as [(ClosedRange<Double>, [String])])
  func `marks powers of ten on a logarithmic axis`(range: ClosedRange<Double>, labels: [String]) {
    #expect(ChartAxis(covering: range, scale: .log10, tickCount: 6).ticks.map(\.label) == labels)
  }

  @Test(
    arguments: [
      (0.0...3600.0, ["0", "15m", "30m", "45m", "1h"]), (0...100, ["0", "30s", "1m", "1m30s"]),
      (0...1e6, ["0", "5d", "10d"]), (0...1, ["0.0s", "0.2s", "0.4s", "0.6s", "0.8s", "1.0s"]),
    ] as [(ClosedRange<Double>, [String])])
  func `marks round times`(range: ClosedRange<Double>, labels: [String]) {
    #expect(ChartAxis(covering: range, unit: .seconds).ticks.map(\.label) == labels)
  }

  @Test(arguments: [ChartAxis.Scale.linear, .log10])
  func `marks any range`(scale: ChartAxis.Scale) {
    var numbers = SeededGenerator(seed: 11)
    for round in 0..<6000 {
      func number() -> Double {
        switch round % 3 {
        case 0: Double(bitPattern: numbers.next())
        case 1: Double.random(in: -1000...1000, using: &numbers)
        default:
          1 + Double.random(in: 0...1, using: &numbers)
            * Double(sign: .plus, exponent: -(round % 60), significand: 1)
        }
      }
      var (a, b) = (number(), number())
      if scale == .log10 { (a, b) = (a.magnitude, b.magnitude) }
      guard a.isFinite, b.isFinite else { continue }
      let count = 2 + round % 12
      let unit: ChartAxis.Unit = round.isMultiple(of: 5) ? .seconds : .number
      let axis = ChartAxis(
        covering: min(a, b)...max(a, b), scale: scale, unit: unit, tickCount: count)
      let values = axis.ticks.map(\.value)
      #expect(axis.range.lowerBound < axis.range.upperBound)
      #expect(values.allSatisfy { axis.range.contains($0) }, "\(a) \(b)")
      #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 }, "\(a) \(b)")
      #expect(Set(axis.ticks.map(\.label)).count == values.count, "\(a) \(b) \(axis.ticks)")
      #expect((1...count + 2).contains(values.count), "\(a) \(b) \(values)")
      for value in values + [a, b] where axis.hasPlace(for: value) {
        let place = axis.position(of: value)
        #expect(place >= -1e-9 && place <= 1 + 1e-9, "\(a) \(b) \(value)")
      }
    }
  }

  @Test func `has two marks even where there is little room`() {
    #expect(ChartAxis(covering: 0.08...2.4, tickCount: 2).ticks.map(\.label) == ["1", "2"])
  }

  @Test func `puts a single number in the middle`() {
    for number in [0.0, 7, -1e300, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -0.001] {
      let axis = ChartAxis(covering: number...number)
      #expect(axis.range.contains(number))
      #expect(!axis.ticks.isEmpty)
      #expect((0.0...1).contains(axis.position(of: number)))
    }
    #expect(ChartAxis(covering: nil, scale: .log10).ticks.count >= 2)
  }
}

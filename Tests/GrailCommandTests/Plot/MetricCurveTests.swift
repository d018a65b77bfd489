import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections
import Testing

@testable import GrailCommand

@Suite struct MetricCurveTests {
  private func curve(
    _ place: MetricCurve.Place, isLogarithmic: Bool = false
  ) -> MetricCurve {
    MetricCurve(place: place, isLogarithmic: isLogarithmic, partCount: 100)
  }

  @Test func `a short metric keeps its points`() throws {
    let store = TestStore()
    try store.add("1", metrics: ["loss": [3, .nan, 1], "x": [10, 20, 30]])
    let run = try store.run("1")
    let steps = try #require(try curve(.step).series(of: "loss", in: run, name: "a"))
    #expect((0..<steps.count).map { steps[$0].x } == [0, 1, 2])
    #expect(steps[0].mean == 3 && steps[1].mean.isNaN && steps[2].mean == 1)
    let times = try #require(try curve(.time).series(of: "loss", in: run, name: "a"))
    #expect((0..<times.count).map { times[$0].x } == [0, 1, 2])
    let other = try #require(try curve(.metric("x")).series(of: "loss", in: run, name: "a"))
    #expect((0..<other.count).map { other[$0].x } == [10, 20, 30])
    #expect(try curve(.step).series(of: "no", in: run, name: "a") == nil)
    #expect(try curve(.metric("no")).series(of: "loss", in: run, name: "a") == nil)
  }

  @Test(arguments: [false, true], [MetricCurve.Place.step, .time])
  func `a long metric is summed up and loses no extreme`(
    isLogarithmic: Bool, place: MetricCurve.Place
  ) throws {
    let store = TestStore()
    var values = (0..<5000).map { Double($0 % 7) }
    (values[3], values[4321]) = (-100, 100)
    try store.add("1", metrics: ["loss": values])
    let series = try #require(
      try curve(place, isLogarithmic: isLogarithmic).series(
        of: "loss", in: store.run("1"), name: "a"))
    let parts = (0..<series.count).map { series[$0] }
    #expect(parts.count <= 200)
    #expect(parts.map(\.minimum).min() == -100)
    #expect(parts.map(\.maximum).max() == 100)
    #expect(parts.map(\.x) == parts.map(\.x).sorted())
    // The beginning of a logarithmic axis has parts of its own.
    if isLogarithmic { #expect(parts.count { $0.x < 100 } > 20) }
  }

  @Test(
    arguments: [
      (1...1, [1...1]), (1...9, [1...9]), (5...123, [5...9, 10...99, 100...123]),
      (10...10, [10...10]), (999...1000, [999...999, 1000...1000]),
      (Int64.max - 1...Int64.max, [Int64.max - 1...Int64.max]),
    ] as [(ClosedRange<Int64>, [ClosedRange<Int64>])])
  func `decades end at powers of ten`(range: ClosedRange<Int64>, decades: [ClosedRange<Int64>]) {
    #expect(MetricCurve.decades(of: range) == decades)
  }
}

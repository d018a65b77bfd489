import GrailCommand
import TestSupport
import Testing

@Suite struct SampleSummaryTests {
  @Test func `mean, median and deviation of numbers`() {
    let sample = SampleSummary([2, 4, 4, 4, 5, 5, 7, 9])
    #expect(sample.count == 8)
    #expect(sample.mean == 5)
    #expect(sample.median == 4.5)
    // The squares of the distances are 32 together.
    #expect(sample.deviation == (32.0 / 7).squareRoot())
  }

  @Test func `one number has no deviation, none has nothing`() {
    let one = SampleSummary([3])
    #expect((one.mean, one.median, one.deviation) == (3, 3, nil))
    let none = SampleSummary([])
    #expect((none.mean, none.median, none.deviation) == (nil, nil, nil))
  }

  @Test func `what is missing or nan is left out and counted`() {
    let sample = SampleSummary([nil, 1, .nan, 3, nil])
    #expect((sample.count, sample.missingCount, sample.notANumberCount) == (2, 2, 1))
    #expect((sample.mean, sample.median, sample.deviation) == (2, 2, 2.0.squareRoot()))
  }

  @Test func `small differences of large numbers count`() {
    let base = 1e15
    let sample = SampleSummary([base + 4, base + 7, base + 13, base + 16])
    #expect(sample.mean == base + 10)
    #expect(sample.deviation == 30.0.squareRoot())
  }

  @Test(arguments: [
    (Double.greatestFiniteMagnitude, Double.greatestFiniteMagnitude),
    (Double.leastNonzeroMagnitude * 4, Double.leastNonzeroMagnitude * 4), (1e-300, 1e-300),
    (-7, -7), (0, 0),
  ])
  func `equal numbers of any size have themselves as mean and no deviation`(
    number: Double, mean: Double
  ) {
    let sample = SampleSummary(Array(repeating: number, count: 3))
    #expect((sample.mean, sample.median, sample.deviation) == (mean, mean, 0))
  }

  @Test func `opposite extremes do not overflow`() {
    let greatest = Double.greatestFiniteMagnitude
    let sample = SampleSummary([greatest, -greatest])
    #expect((sample.mean, sample.median) == (0, 0))
  }

  @Test func `tiny numbers have a deviation`() throws {
    let least = Double.leastNonzeroMagnitude
    let deviation = try #require(SampleSummary([1000 * least, 3000 * least]).deviation)
    #expect((deviation / least).rounded() == 1414)
  }

  @Test func `infinite numbers make the mean infinite or none`() {
    let infinite = SampleSummary([1, .infinity])
    #expect((infinite.mean, infinite.median, infinite.deviation) == (.infinity, .infinity, nil))
    let both = SampleSummary([-.infinity, .infinity])
    #expect((both.mean, both.median, both.deviation) == (nil, nil, nil))
  }

  @Test(arguments: 0..<20) func `the same as by the definition, whatever the order`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let numbers = (0..<Int.random(in: 2...60, using: &generator)).map { _ in
      Double.random(in: -100...100, using: &generator)
    }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let variance =
      numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(numbers.count - 1)
    let sample = SampleSummary(numbers)
    let shuffled = SampleSummary(numbers.shuffled(using: &generator))
    for found in [sample, shuffled] {
      #expect(abs((found.mean ?? .nan) - mean) < 1e-11)
      #expect(abs((found.deviation ?? .nan) - variance.squareRoot()) < 1e-11)
    }
    #expect(sample.median == shuffled.median)
  }
}

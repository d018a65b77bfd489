import Testing

@testable import GrailRun

/// What the distributions give in any case; the numbers themselves are in
/// `RunGeneratorAnswerTests`.
@Suite struct RunGeneratorTests {
  private var generator = RunGenerator(seed: 42, name: "test")

  @Test func `equal seeds, paths and names give equal generators, and others do not`() {
    let parts = [
      (1, "", ""), (1, "", "a"), (1, "a", ""), (2, "", ""), (1, "ab", "c"), (1, "a", "bc"),
      (1, "", "abc"), (1, "a.b", "c"), (1, "a", "b.c"), (-1, "", ""), (1, "\u{0}", ""),
      (1, "", "\u{0}"), (1 << 32, "", ""), (1, "é", ""),
    ]
    let generators = parts.map { RunGenerator(seed: $0.0, path: $0.1, name: $0.2) }
    #expect(Set(generators).count == parts.count)
    #expect(generators == parts.map { RunGenerator(seed: $0.0, path: $0.1, name: $0.2) })
    #expect(generators[1] == RunGenerator(seed: 1, name: "a"))
    // Lags between streams would show as equal numbers.
    var streams = generators
    let numbers = streams.indices.flatMap { place in (0..<100).map { _ in streams[place].next() } }
    #expect(Set(numbers).count == numbers.count)
  }

  @Test func `a copy goes on by itself`() {
    var (original, copy) = (generator, generator)
    let first = (0..<5).map { _ in original.next() }
    #expect(original != copy)
    #expect((0..<5).map { _ in copy.next() } == first)
    #expect(original == copy)
  }

  @Test func `the numbers do not depend on the thread that asks`() async {
    let expected = Self.numbers()
    await withTaskGroup(of: [Double].self) { group in
      for _ in 0..<8 { group.addTask { Self.numbers() } }
      for await numbers in group { #expect(numbers == expected) }
    }
  }

  private static func numbers() -> [Double] {
    var generator = RunGenerator(seed: 7, name: "threads")
    return (0..<1000).map { _ in generator.normal() }
  }

  @Test mutating func `uniform numbers stay below their upper bound`() {
    let ranges: [Range<Double>] = [
      1..<1.0.nextUp, 0..<Double.leastNonzeroMagnitude, -1..<1,
      0x1p53..<0x1p53 + 4, -Double.greatestFiniteMagnitude..<Double.greatestFiniteMagnitude,
      0..<Double.greatestFiniteMagnitude, 1e300..<1.0000000000000002e300,
      (-0.1).nextDown..<(-0.1), -1e-300..<1e300,
    ]
    for range in ranges {
      for _ in 0..<1000 {
        let number = generator.uniform(in: range)
        #expect(range.contains(number))
      }
    }
    let wide = -Double.greatestFiniteMagnitude..<Double.greatestFiniteMagnitude
    let numbers = (0..<1000).map { _ in generator.uniform(in: wide) }
    #expect(numbers.contains { $0 < -1e308 } && numbers.contains { $0 > 1e308 })
  }

  @Test func `the greatest share that there is stays below the upper bound`() {
    // The first number of this state has its 53 upper bits set: 2⁶⁴ - 1 moved by 23 is itself.
    var full = RunGenerator(state: (0, 1, 2, .max))
    let bits: UInt64 = full.next()
    #expect(bits == .max)
    for range in [-1.0..<1, 0..<0.1, -0.3..<0.1, 1e16..<2e16, -3..<0.1] {
      var generator = RunGenerator(state: (0, 1, 2, .max))
      #expect(range.contains(generator.uniform(in: range)))
    }
  }

  @Test mutating func `a range without width gives its bound, one without end no number`() {
    #expect(generator.uniform(in: 3..<3) == 3)
    #expect(generator.uniform(in: -0.0..<0.0) == 0)
    #expect(generator.uniform(in: 0..<Double.infinity).isNaN)
    #expect(generator.uniform(in: -Double.infinity..<0).isNaN)
    #expect(generator.uniform(in: Double.infinity..<Double.infinity).isNaN)
  }

  @Test mutating func `each call for a double uses one number`() {
    var other = generator
    _ = (generator.uniform(), generator.uniform(in: 0..<0), generator.normal())
    _ = (generator.uniform(in: 0..<Double.infinity), generator.bool(probability: 2))
    for _ in 0..<5 { _ = other.next() }
    #expect(generator == other)
  }

  @Test func `a whole number of an empty range stops the program, and says why`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      var generator = RunGenerator(seed: 1)
      let count = Int(CommandLine.arguments.count) * 0
      print(generator.int(in: 0..<count))
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("there is no whole number in '0..<0'"))
  }

  @Test(arguments: [
    Int.min...Int.max, Int.min...Int.min, Int.max...Int.max, -1...0, Int.min...(-1), 0...Int.max,
    Int.min...Int.max - 1, 5...7,
  ])
  func `whole numbers lie in their range`(range: ClosedRange<Int>) {
    var generator = RunGenerator(seed: 3)
    for _ in 0..<1000 { #expect(range.contains(generator.int(in: range))) }
    if range.upperBound < Int.max {
      var (one, other) = (generator, generator)
      #expect(one.int(in: range.lowerBound..<range.upperBound + 1) == other.int(in: range))
    }
  }

  @Test mutating func `probabilities out of range are never and always`() {
    for probability in [0, -1, -Double.infinity, .nan] {
      #expect(!(0..<100).contains { _ in generator.bool(probability: probability) })
    }
    for probability in [1, 2, Double.infinity] {
      #expect((0..<100).allSatisfy { _ in generator.bool(probability: probability) })
    }
  }

  @Test mutating func `normal numbers take a mean and a deviation`() {
    #expect(generator.normal(mean: 5, standardDeviation: 0) == 5)
    #expect(generator.normal(mean: .nan).isNaN)
    #expect(generator.normal(standardDeviation: .nan).isNaN)
    var (one, other) = (generator, generator)
    #expect(one.normal(mean: 2, standardDeviation: 3) == 2 + 3 * other.normal())
  }

  @Test mutating func `the farthest normal numbers are finite and opposite`() {
    let most = 0.5 - 0x1p-53
    let quantile = StandardNormal.quantile(atOffset: most)
    #expect(quantile == 8.209536151601386)
    #expect(StandardNormal.quantile(atOffset: -most) == -quantile)
  }

  @Test func `choosing from little gives what is there`() {
    var generator = RunGenerator(seed: 1)
    let before = generator
    #expect(generator.choice(of: [Int]()) == nil)
    #expect(generator.sample(of: [Int](), count: 3) == [])
    #expect(generator.sample(of: 0..<9, count: 0) == [])
    #expect(generator.sample(of: 0..<9, count: -1) == [])
    #expect(generator.shuffled([Int]()) == [] && generator.shuffled([1]) == [1])
    #expect(generator == before)
    #expect(generator.choice(of: [7]) == 7)
    #expect(generator.sample(of: 0..<9, count: .max).sorted() == Array(0..<9))
    #expect(generator.choice(of: Set(["a"])) == "a")
  }

  @Test mutating func `a slice is shuffled in its place`() {
    var (numbers, slice) = (Array(0..<20), Array(0..<20)[5..<15])
    var other = generator
    generator.shuffle(&numbers[5..<15])
    other.shuffle(&slice)
    #expect(numbers[5..<15] == slice && slice.sorted() == Array(5..<15))
    #expect(slice != Array(0..<20)[5..<15])
    #expect(numbers[..<5] == [0, 1, 2, 3, 4] && numbers[15...] == [15, 16, 17, 18, 19])
  }

  // MARK: - Distributions

  /// The sum of the squared distances from equal counts, in units of the expected count.
  private static func chiSquare(_ counts: some Collection<Int>) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }

  /// Whether a chi-square lies within five standard deviations of what chance gives.
  private static func isLikely(_ chiSquare: Double, classes: Int) -> Bool {
    let degrees = Double(classes - 1)
    return abs(chiSquare - degrees) < 5 * (2 * degrees).squareRoot()
  }

  @Test(arguments: [2, 3, 6, 10, 100, 1000])
  func `whole numbers are equally likely`(count: Int) {
    var generator = RunGenerator(seed: 11, name: "int")
    var counts = [Int](repeating: 0, count: count)
    for _ in 0..<count * 200 { counts[generator.int(in: 0..<count)] += 1 }
    #expect(Self.isLikely(Self.chiSquare(counts), classes: count))
  }

  @Test func `a count that is no power of two favors no part of the whole range`() {
    // Two numbers for three states of 64 bits: without the correction every other number would come
    // out twice as often.
    let third = Int.max / 3 * 2
    var generator = RunGenerator(seed: 12)
    var counts = [0, 0]
    for _ in 0..<10_000 { counts[generator.int(in: -third...third - 1) & 1] += 1 }
    #expect(Self.isLikely(Self.chiSquare(counts), classes: 2))
  }

  @Test func `orders are equally likely`() {
    var generator = RunGenerator(seed: 13, name: "shuffle")
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 { counts[generator.shuffled(0..<4), default: 0] += 1 }
    #expect(counts.count == 24)
    #expect(Self.isLikely(Self.chiSquare(counts.values), classes: 24))
  }

  @Test func `selections and their orders are equally likely`() {
    var generator = RunGenerator(seed: 14, name: "sample")
    var counts: [[Int]: Int] = [:]
    for _ in 0..<20_000 { counts[generator.sample(of: 0..<5, count: 2), default: 0] += 1 }
    #expect(counts.count == 20)
    #expect(Self.isLikely(Self.chiSquare(counts.values), classes: 20))
  }

  @Test func `uniform numbers and yes and no come as often as they should`() {
    var generator = RunGenerator(seed: 15)
    var counts = [Int](repeating: 0, count: 50)
    for _ in 0..<20_000 { counts[Int((generator.uniform(in: -1..<1) + 1) * 25)] += 1 }
    #expect(Self.isLikely(Self.chiSquare(counts), classes: 50))
    let yes = (0..<20_000).count { _ in generator.bool(probability: 0.3) }
    #expect(abs(Double(yes) - 6000) < 5 * (20_000 * 0.3 * 0.7).squareRoot())
  }

  @Test func `normal numbers have the moments and the shares of a normal distribution`() {
    let count = 100_000
    var generator = RunGenerator(seed: 16, name: "normal")
    let numbers = (0..<count).map { _ in generator.normal() }
    let moments = (1...4).map { power in
      numbers.reduce(0) { sum, number in
        sum + (0..<power).reduce(1) { product, _ in product * number }
      } / Double(count)
    }
    // Five standard errors of each: the variances of xⁿ are 1, 2, 15 and 96.
    for (moment, (expected, variance)) in zip(moments, [(0.0, 1.0), (1, 2), (0, 15), (3, 96)]) {
      #expect(abs(moment - expected) < 5 * (variance / Double(count)).squareRoot())
    }
    for (bound, share) in [(-1.0, 0.158655), (0, 0.5), (1, 0.841345), (2, 0.977250)] {
      let below = Double(numbers.count { $0 < bound }) / Double(count)
      #expect(abs(below - share) < 5 * (share * (1 - share) / Double(count)).squareRoot())
    }
  }
}

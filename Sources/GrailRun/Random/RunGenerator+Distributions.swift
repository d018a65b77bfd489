extension RunGenerator {
  /// Returns a number from 0 up to, but not including, 1.
  ///
  /// Each of the 2⁵³ multiples of 2⁻⁵³ is as likely as the others. It uses one number of the
  /// generator: its 53 upper bits.
  @inlinable
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Returns a number of a range, in which every part is as likely as it is long.
  ///
  /// It is `lowerBound + (upperBound - lowerBound) * uniform()`. Where that is rounded to the upper
  /// bound, the result is the greatest number below it, so that the upper bound never comes out. A
  /// range without numbers, such as `-noise..<noise` where the noise is 0, gives its bound, and one
  /// with an infinite bound gives a value that is not a number.
  ///
  /// - Parameter range: The range, such as `-1..<1`; it may be as wide as there are numbers.
  /// - Returns: A number of the range. One number of the generator is used in any case.
  @inlinable
  public mutating func uniform(in range: Range<Double>) -> Double {
    let (lower, upper) = (range.lowerBound, range.upperBound)
    let share = uniform()
    guard lower.isFinite, upper.isFinite else { return .nan }
    let width = upper - lower
    let number =
      width.isFinite
      ? lower + width * share
      : (lower / 2 + (upper / 2 - lower / 2) * share) * 2
    return max(lower, min(number, upper.nextDown))
  }

  /// Returns a whole number of a range, each as likely as the others.
  ///
  /// A range without numbers, such as `0..<0`, stops the program with a message, as `Int.random(in:)`
  /// does: whatever came out would be a wrong number that nobody notices. ``choice(of:)`` picks from
  /// a collection that may be empty.
  ///
  /// - Parameter range: The range, such as `0..<10`.
  /// - Returns: A number of the range, by the method of Lemire; it uses one number of the generator,
  ///   rarely more.
  /// - SeeAlso: Daniel Lemire, "Fast random integer generation in an interval", ACM Transactions on
  ///   Modeling and Computer Simulation 29 (2019).
  @inlinable
  public mutating func int(in range: Range<Int>) -> Int {
    guard !range.isEmpty else { Self.stop(at: range) }
    return int(in: range.lowerBound...range.upperBound - 1)
  }

  /// Stops the program, which asked for a number where there is none.
  @usableFromInline
  static func stop(at range: Range<Int>) -> Never {
    fatalError(
      "there is no whole number in '\(range)' for RunGenerator.int(in:) to return; give it a "
        + "range that is not empty, or pick with choice(of:), which returns nil for nothing")
  }

  /// Returns a whole number of a range that includes its upper bound, each as likely as the others.
  ///
  /// - Parameter range: The range, such as `1...6`; `Int.min...Int.max` is one too.
  /// - Returns: A number of the range, by the method of Lemire; it uses one number of the generator,
  ///   rarely more.
  @inlinable
  public mutating func int(in range: ClosedRange<Int>) -> Int {
    let distance = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
    return range.lowerBound &+ Int(truncatingIfNeeded: number(upTo: distance))
  }

  /// Returns true with a probability.
  ///
  /// - Parameter probability: How likely true is: 0 or less is never, 1 or more is always, and what
  ///   is not a number is never.
  /// - Returns: Whether ``uniform()`` gave less than the probability.
  @inlinable
  public mutating func bool(probability: Double = 0.5) -> Bool {
    uniform() < probability
  }

  /// Returns a number of a normal distribution.
  ///
  /// It is `mean + standardDeviation * quantile`, where the quantile is that of the standard normal
  /// distribution at (k + ½) · 2⁻⁵², and k is the 52 upper bits of one number of the generator. So
  /// one call uses exactly one number, and no result is farther than 8.21 standard deviations from
  /// the mean; one in 4·10¹⁵ would be.
  ///
  /// - Parameters:
  ///   - mean: The middle of the distribution.
  ///   - standardDeviation: How wide it is; 0 gives the mean, and the sign makes no difference to the
  ///     distribution.
  /// - Returns: The number; it is not a number if a parameter is not.
  /// - SeeAlso: Michael Wichura, "Algorithm AS 241: The Percentage Points of the Normal
  ///   Distribution", Applied Statistics 37 (1988), the method of R's `rnorm`.
  public mutating func normal(mean: Double = 0, standardDeviation: Double = 1) -> Double {
    let bits = next() >> 12
    // Both are exact: half the steps lie on each side of 0, at odd multiples of 2⁻⁵³.
    let offset = (Double(bits) - 0x1p51 + 0.5) * 0x1p-52
    return mean + standardDeviation * StandardNormal.quantile(atOffset: offset)
  }

  /// Returns a number from 0 to another one, each as likely as the others.
  @inlinable
  mutating func number(upTo last: UInt64) -> UInt64 {
    let (count, isEverything) = last.addingReportingOverflow(1)
    if isEverything { return next() }
    let product = next().multipliedFullWidth(by: count)
    return product.low < count ? corrected(product, count: count) : product.high
  }

  /// Draws again where a result would be likelier than others.
  @usableFromInline
  mutating func corrected(
    _ product: (high: UInt64, low: UInt64), count: UInt64
  ) -> UInt64 {
    var product = product
    // So many low halves are too many: 2⁶⁴ modulo the count.
    let excess = (0 &- count) % count
    while product.low < excess { product = next().multipliedFullWidth(by: count) }
    return product.high
  }
}

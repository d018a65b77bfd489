/// What is known of a sample of numbers: how many, their mean, median and deviation.
///
/// What is missing and what is nan is left out and counted. Numbers are scaled by a power of two
/// before they are summed, so that neither the largest nor the smallest are lost.
package struct SampleSummary: Hashable, Sendable {
  /// The number of numbers.
  package let count: Int
  /// The members of the sample that are nan.
  package let notANumberCount: Int
  /// The members that there are not.
  package let missingCount: Int
  /// The arithmetic mean; `nil` without numbers.
  package let mean: Double?
  /// The middle number, or the mean of both; `nil` without numbers.
  package let median: Double?
  /// The sample standard deviation, which divides by one less than the count; `nil` with fewer than
  /// two numbers, or an infinite one.
  package let deviation: Double?

  /// Sums up a sample.
  ///
  /// - Parameter members: The numbers; `nil` for a member without.
  /// - Complexity: O(*n* log *n*)
  package init(_ members: some Sequence<Double?>) {
    var (numbers, missing, notANumber): ([Double], Int, Int) = ([], 0, 0)
    for member in members {
      switch member {
      case nil: missing += 1
      case let number? where number.isNaN: notANumber += 1
      case let number?: numbers.append(number)
      }
    }
    (count, missingCount, notANumberCount) = (numbers.count, missing, notANumber)
    median = Self.median(of: numbers)
    guard !numbers.isEmpty, numbers.allSatisfy(\.isFinite) else {
      // The mean is infinite then, or there is none of both infinities.
      let sum = numbers.reduce(0) { $1.isInfinite ? $0 + $1 : $0 }
      (mean, deviation) = (numbers.isEmpty || sum.isNaN ? nil : sum, nil)
      return
    }
    let greatest = numbers.map(\.magnitude).max() ?? 0
    guard greatest > 0 else {
      (mean, deviation) = (0, numbers.count > 1 ? 0 : nil)
      return
    }
    // The power of two in the greatest number; its inverse may be too large for one factor.
    let exponent = -Int(greatest.exponent)
    let scaled = numbers.map { Double(sign: .plus, exponent: exponent, significand: $0) }
    let size = Double(numbers.count)
    let center = Self.sum(of: scaled) / size
    mean = Double(sign: .plus, exponent: -exponent, significand: center)
    guard numbers.count > 1 else {
      deviation = nil
      return
    }
    let distances = scaled.map { $0 - center }
    // The second sum makes good for the rounding of the center.
    let rest = Self.sum(of: distances)
    let squares = Self.sum(of: distances.map { $0 * $0 }) - rest * rest / size
    deviation = Double(
      sign: .plus, exponent: -exponent,
      significand: (max(0, squares) / (size - 1)).squareRoot())
  }

  /// The sum with what rounding takes away added at the end, after Neumaier.
  private static func sum(of numbers: [Double]) -> Double {
    var (sum, rest) = (0.0, 0.0)
    for number in numbers {
      let next = sum + number
      rest +=
        sum.magnitude >= number.magnitude ? (sum - next) + number : (number - next) + sum
      sum = next
    }
    return sum + rest
  }

  private static func median(of numbers: [Double]) -> Double? {
    guard !numbers.isEmpty else { return nil }
    let sorted = numbers.sorted()
    let upper = sorted[sorted.count / 2]
    guard sorted.count.isMultiple(of: 2) else { return upper }
    let lower = sorted[sorted.count / 2 - 1]
    if lower == upper { return lower }
    // Neither way overflows where it is taken.
    let middle =
      (lower < 0) == (upper < 0) && lower.isFinite && upper.isFinite
      ? lower + (upper - lower) / 2 : (lower + upper) / 2
    return middle.isNaN ? nil : middle
  }
}

/// An axis of a chart: a range of numbers, how they are placed, and the marks along it.
package struct ChartAxis: Sendable {
  /// How numbers are placed.
  package enum Scale: Hashable, Sendable {
    case linear
    /// By the logarithm; there is no place for zero and below.
    case log10
  }

  /// What the numbers are.
  package enum Unit: Hashable, Sendable {
    case number
    /// Seconds since a beginning, marked as `5m`, `1h30m`.
    case seconds
  }

  /// A mark with its place.
  package struct Tick: Hashable, Sendable {
    package var value: Double
    package var label: String
  }

  package let scale: Scale
  /// The numbers from one end to the other, which differ.
  package let range: ClosedRange<Double>
  /// The marks, in ascending order.
  package let ticks: [Tick]

  /// The beginning and length of the range, as numbers are placed.
  private let origin: Double
  private let extent: Double

  /// Creates an axis.
  ///
  /// - Parameters:
  ///   - numbers: The least and the greatest number; `nil` if there is none. A single number is put
  ///     in the middle, and so is a range too narrow to tell its numbers apart.
  ///   - scale: How numbers are placed.
  ///   - unit: What the numbers are.
  ///   - margin: The room beyond the numbers at each end, as a share of the axis; numbers that are
  ///     not negative get none below zero.
  ///   - tickCount: The most marks to aim at, at least 2.
  package init(
    covering numbers: ClosedRange<Double>?, scale: Scale = .linear, unit: Unit = .number,
    margin: Double = 0, tickCount: Int = 5
  ) {
    let range = Self.padded(Self.widened(Self.valid(numbers, scale), scale), scale, margin)
    (self.scale, self.range) = (scale, range)
    origin = Self.place(range.lowerBound, scale)
    extent = Self.place(range.upperBound, scale) - origin
    ticks = AxisTicks(range: range, scale: scale, unit: unit, atMost: max(2, tickCount)).ticks
  }

  /// The place of a number: 0 at the beginning of the range, 1 at its end.
  ///
  /// - Parameter number: A finite number, above 0 on a logarithmic axis.
  /// - Returns: The place, less than 0 or more than 1 outside of the range.
  package func position(of number: Double) -> Double {
    (Self.place(number, scale) - origin) / extent
  }

  /// Whether the axis has a place for a number.
  package func hasPlace(for number: Double) -> Bool {
    number.isFinite && (scale == .linear || number > 0)
  }

  // MARK: - Ranges

  /// A quarter keeps differences of the largest numbers finite, and loses nothing that shows.
  private static func place(_ number: Double, _ scale: Scale) -> Double {
    scale == .linear ? number / 4 : logarithm10(number)
  }

  private static func valid(_ numbers: ClosedRange<Double>?, _ scale: Scale) -> ClosedRange<Double>
  {
    let none = scale == .linear ? 0.0...1 : 1.0...10
    guard let numbers else { return none }
    guard numbers.lowerBound.isFinite, numbers.upperBound.isFinite else { return none }
    return scale == .linear || numbers.lowerBound > 0 ? numbers : none
  }

  private static func padded(
    _ range: ClosedRange<Double>, _ scale: Scale, _ margin: Double
  ) -> ClosedRange<Double> {
    guard margin > 0 else { return range }
    let (low, high) = (range.lowerBound, range.upperBound)
    let greatest = Double.greatestFiniteMagnitude
    switch scale {
    case .linear:
      let pad = high * margin - low * margin
      return max(low - pad, low < 0 ? -greatest : 0)...min(high + pad, greatest)
    case .log10:
      let factor = power(10, (logarithm10(high) - logarithm10(low)) * margin)
      return max(low / factor, .leastNonzeroMagnitude)...min(high * factor, greatest)
    }
  }

  private static func widened(
    _ numbers: ClosedRange<Double>, _ scale: Scale
  ) -> ClosedRange<Double> {
    let (low, high) = (numbers.lowerBound, numbers.upperBound)
    let greatest = Double.greatestFiniteMagnitude
    switch scale {
    case .linear:
      let size = max(low.magnitude, high.magnitude)
      if high / 4 - low / 4 > max(size * 1e-10, 1e-290) / 4 { return numbers }
      // Half a tenth of it to each side, or one if it is zero.
      let pad = size < 1e-280 ? (size == 0 ? 1 : 1e-280) : size * (low == high ? 0.05 : 1e-9)
      return max(-greatest, low - pad)...min(greatest, high + pad)
    case .log10:
      if high / low > 1 + 1e-9 { return numbers }
      return max(low / 2, .leastNonzeroMagnitude)...min(high * 2, greatest)
    }
  }
}

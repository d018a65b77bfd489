/// The marks along an axis: at 1, 2 or 5 times a power of ten, at powers of ten where the axis is
/// logarithmic, or at round times.
struct AxisTicks {
  let ticks: [ChartAxis.Tick]

  init(range: ClosedRange<Double>, scale: ChartAxis.Scale, unit: ChartAxis.Unit, atMost count: Int)
  {
    var found: [ChartAxis.Tick] = []
    if scale == .log10 {
      found = Self.decades(range, atMost: count)
    } else if unit == .seconds {
      found = Self.times(range, atMost: count)
    }
    // One mark tells no scale; a finer step gives more.
    for more in 0...3 where found.count < 2 {
      found = Self.decimals(range, atMost: count + more)
    }
    // Where rounding leaves no room for marks, the ends must do.
    if found.isEmpty {
      found = [range.lowerBound, range.upperBound].map {
        ChartAxis.Tick(value: $0, label: NumberText.text(of: $0))
      }
    }
    ticks = found
  }

  // MARK: - Decimal marks

  private static func decimals(
    _ range: ClosedRange<Double>, atMost count: Int
  ) -> [ChartAxis.Tick] {
    // Divided first, so that it stays finite.
    let raw = range.upperBound / Double(count) - range.lowerBound / Double(count)
    guard raw > 0, raw.isFinite else { return [] }
    let exponent = Int(logarithm10(raw).rounded(.down))
    for (factor, power) in [(1, exponent), (2, exponent), (5, exponent), (1, exponent + 1)] {
      guard let step = Double("\(factor)e\(power)"), step >= raw * (1 - 1e-9) else { continue }
      let marks = multiples(of: factor, tenTo: power, step: step, in: range)
      return AxisLabels.decimal(marks, power: power)
    }
    return []
  }

  /// The multiples of a step in a range, as whole numbers of the power of ten.
  private static func multiples(
    of factor: Int, tenTo power: Int, step: Double, in range: ClosedRange<Double>
  ) -> [(mantissa: Int, value: Double)] {
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    guard first.magnitude < 1e15, last.magnitude < 1e15, first <= last, last - first < 1000 else {
      return []
    }
    return (Int(first)...Int(last)).compactMap { number in
      let mantissa = number * factor
      // Read from its digits, it is the nearest to what its label says.
      guard let value = Double("\(mantissa)e\(power)"), range.contains(value) else { return nil }
      return (mantissa, value)
    }
  }

  // MARK: - Marks on a logarithmic axis

  private static func decades(
    _ range: ClosedRange<Double>, atMost count: Int
  ) -> [ChartAxis.Tick] {
    let first = Int(logarithm10(range.lowerBound).rounded(.down))
    let last = Int(logarithm10(range.upperBound).rounded(.up))
    func ticks(_ factors: [Int], every stride: Int) -> [ChartAxis.Tick] {
      (first...last).filter { $0.isMultiple(of: stride) }.flatMap { power in
        factors.compactMap { factor in
          guard let value = Double("\(factor)e\(power)"), range.contains(value) else { return nil }
          let label = AxisLabels.short(DecimalDigits(factor, timesTenTo: power))
          return ChartAxis.Tick(value: value, label: label)
        }
      }
    }
    if last - first <= 3 {
      for factors in [[1, 2, 5], [1, 3]] {
        let found = ticks(factors, every: 1)
        if found.count <= count, found.count >= 2 { return found }
      }
    }
    var stride = 1
    while true {
      let found = ticks([1], every: stride)
      if found.count <= count { return found }
      stride = stride < 5 ? stride + 1 : stride + 5
    }
  }

  // MARK: - Times

  /// Round parts of a minute, an hour and a day, in seconds.
  private static let timeSteps = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
  ]

  private static func times(_ range: ClosedRange<Double>, atMost count: Int) -> [ChartAxis.Tick] {
    let raw = range.upperBound / Double(count) - range.lowerBound / Double(count)
    guard max(range.lowerBound.magnitude, range.upperBound.magnitude) < 1e12 else { return [] }
    if raw <= 0.5 {
      return decimals(range, atMost: count).map {
        ChartAxis.Tick(value: $0.value, label: $0.label + "s")
      }
    }
    var days = 1
    var step = timeSteps.first { Double($0) >= raw }
    while step == nil {
      for factor in [2, 5, 10] where step == nil && Double(days * factor) * 86_400 >= raw {
        step = days * factor * 86_400
      }
      days *= 10
    }
    return multiples(of: step ?? 1, tenTo: 0, step: Double(step ?? 1), in: range).map {
      ChartAxis.Tick(value: $0.value, label: AxisLabels.time($0.mantissa))
    }
  }
}

import GrailCore

/// What is written beside the marks of an axis.
enum AxisLabels {
  /// Marks at multiples of a power of ten, all written alike, with the digits that tell them apart.
  static func decimal(_ marks: [(mantissa: Int, value: Double)], power: Int) -> [ChartAxis.Tick] {
    let digits = marks.map { DecimalDigits($0.mantissa, timesTenTo: power) }
    let largest = digits.map { $0.digits.isEmpty ? power : $0.exponent }.max() ?? 0
    let isFixed = largest <= 6 && largest > -4
    return zip(marks, digits).map { mark, digits in
      let label = isFixed ? digits.fixed(decimals: max(0, -power)) : digits.scientific()
      return ChartAxis.Tick(value: mark.value, label: label)
    }
  }

  /// A number in the shorter of its forms.
  static func short(_ digits: DecimalDigits) -> String {
    digits.exponent <= 6 && digits.exponent > -4 ? digits.fixed() : digits.scientific()
  }

  /// A number of seconds: `30s`, `5m`, `1h30m`.
  static func time(_ seconds: Int) -> String {
    seconds == 0 ? "0" : DurationText.text(of: .seconds(seconds))
  }
}

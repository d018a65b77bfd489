package import GrailCore

/// Numbers as people read them, in tables and beside charts.
///
/// Whole numbers stand in full. A `Double` has at most five significant digits: enough to tell runs
/// apart, few enough to compare at a glance. One that is whole keeps its `.0`, so that `1.0` and
/// `1` stay what their author wrote. Digits before the point are never rounded away: from 0.0001 to
/// below a million a number has a point and no exponent, elsewhere it is written `1.2e-5`.
package enum NumberText {
  /// The most significant digits of a `Double`.
  package static let significantDigits = 5

  /// A number, shortened.
  ///
  /// - Parameters:
  ///   - number: The number; `nan`, `inf` and `-inf` are written so.
  ///   - significantDigits: The most digits, those before the point excepted.
  /// - Returns: The text.
  package static func text(
    of number: Double, significantDigits: Int = significantDigits
  ) -> String {
    guard var decimal = DecimalDigits(number) else {
      return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf"
    }
    let range = -3...6
    if range.contains(decimal.exponent) || decimal.digits.isEmpty {
      var fixed = decimal
      fixed.round(to: max(significantDigits, fixed.exponent + 1))
      // Rounding may make a million.
      if fixed.exponent <= range.upperBound { return fixed.fixed(decimals: 1) }
    }
    decimal.round(to: max(1, significantDigits))
    return decimal.scientific()
  }

  /// A number or another value on one line.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - maximumWidth: The most characters of what is not a number.
  /// - Returns: The text, which may hold what a terminal must not see.
  package static func text(of value: Value, maximumWidth: Int = 200) -> String {
    switch value {
    case .double(let number): text(of: number)
    case .text(let text): text
    default: value.description(maximumLength: maximumWidth)
    }
  }

  /// A number of things, its digits in groups of three: `12,345`.
  package static func text(ofCount count: Int) -> String {
    let digits = String(count.magnitude)
    guard digits.utf8.count > 4 else { return String(count) }
    var text = count < 0 ? "-" : ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.utf8.count - position).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return text
  }

  /// A number of bytes: `812 B`, `1.5 KiB`, `64 MiB`.
  package static func text(ofBytes count: Int64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var (amount, unit) = (Double(count.magnitude), 0)
    // What would be shown as 1024 of a unit is one of the next.
    while amount >= (unit == 0 ? 1024 : 1023.5), unit < units.count - 1 {
      amount /= 1024
      unit += 1
    }
    let sign = count < 0 ? "-" : ""
    if unit == 0 { return "\(sign)\(count.magnitude) B" }
    var digits = DecimalDigits(amount) ?? DecimalDigits(0, timesTenTo: 0)
    digits.round(to: amount < 9.95 ? 2 : digits.exponent)
    return "\(sign)\(digits.fixed()) \(units[unit])"
  }
}

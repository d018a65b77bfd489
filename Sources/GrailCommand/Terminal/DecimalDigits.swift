/// A number as decimal digits: `0.d₁d₂d₃… × 10^exponent`.
struct DecimalDigits: Hashable, Sendable {
  var isNegative: Bool
  /// The digits, each 0 to 9, the first and the last of them not 0; none for zero.
  var digits: [UInt8]
  /// The number of digits before the point; negative where zeros follow the point.
  var exponent: Int

  /// Creates the shortest digits that read as a number; `nil` if it is infinite or not a number.
  init?(_ number: Double) {
    guard number.isFinite else { return nil }
    self.init(decimal: number.description)
  }

  /// Creates the digits of a whole number times a power of ten.
  init(_ mantissa: Int, timesTenTo power: Int) {
    self.init(decimal: String(mantissa))
    exponent += digits.isEmpty ? 0 : power
  }

  /// Reads digits with an optional sign, point and exponent.
  private init(decimal text: String) {
    (isNegative, digits, exponent) = (false, [], 0)
    var (isFraction, power) = (false, 0)
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "e"):
        power = Int(String(Substring(rest))) ?? 0
        rest = rest[rest.endIndex...]
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = byte - UInt8(ascii: "0")
        if digits.isEmpty, digit == 0 {
          if isFraction { exponent -= 1 }
        } else {
          digits.append(digit)
          if !isFraction { exponent += 1 }
        }
      default: break
      }
    }
    exponent += power
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { exponent = 0 }
  }

  /// Rounds to a number of digits, half away from zero.
  mutating func round(to count: Int) {
    guard count < digits.count else { return }
    guard count >= 0 else {
      (digits, exponent) = ([], 0)
      return
    }
    let goesUp = digits[count] >= 5
    digits.removeSubrange(count...)
    if goesUp {
      while digits.last == 9 { digits.removeLast() }
      if digits.isEmpty {
        digits = [1]
        exponent += 1
      } else {
        digits[digits.count - 1] += 1
      }
    } else {
      while digits.last == 0 { digits.removeLast() }
    }
    if digits.isEmpty { exponent = 0 }
  }

  /// The number with all its digits and no exponent.
  ///
  /// - Parameter decimals: The least digits behind the point; with none there is no point.
  /// - Returns: The text.
  func fixed(decimals: Int = 0) -> String {
    var bytes: [UInt8] = isNegative && !digits.isEmpty ? [UInt8(ascii: "-")] : []
    func digit(_ position: Int) -> UInt8 {
      UInt8(ascii: "0") + (digits.indices.contains(position) ? digits[position] : 0)
    }
    if exponent <= 0 { bytes.append(UInt8(ascii: "0")) }
    for position in 0..<max(0, exponent) { bytes.append(digit(position)) }
    let fraction = max(decimals, digits.count - exponent)
    if fraction > 0 {
      bytes.append(UInt8(ascii: "."))
      for position in exponent..<exponent + fraction { bytes.append(digit(position)) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The number with one digit before the point and an exponent: `1.2e-5`.
  ///
  /// - Parameter decimals: The least digits behind the point.
  /// - Returns: The text.
  func scientific(decimals: Int = 0) -> String {
    guard !digits.isEmpty else { return "0" }
    var unit = self
    unit.exponent = 1
    return "\(unit.fixed(decimals: decimals))e\(exponent - 1)"
  }
}

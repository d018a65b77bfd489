/// Durations as people write them: `90s`, `1h30m`, `250ms`, `1.5h`, and `10` for seconds.
///
/// A duration is a sum of amounts, each with its unit: `d`, `h`, `m`, `s`, `ms`, `us` (or `µs`) and
/// `ns`. An amount is digits with at most one point; units may come in any order and more than once.
/// A number without a unit means seconds, and may have an exponent. A sign before it all counts for
/// all of it. There is no space in between.
package enum DurationText {
  /// What became of a text.
  package enum Outcome: Hashable, Sendable {
    case value(Duration)
    case outOfRange
    case notADuration
  }

  /// The longest duration in whole seconds: what `Duration` counts in.
  private static let longest = Int128(Int64.max) * second

  // The units, in attoseconds.
  private static let second: Int128 = 1_000_000_000_000_000_000
  private static let units: [(name: String, length: Int128)] = [
    ("d", 86_400 * second), ("h", 3600 * second), ("m", 60 * second), ("s", second),
    ("ms", second / 1000), ("us", second / 1_000_000), ("ns", second / 1_000_000_000),
  ]

  /// Reads a duration, exactly, or to the nearest attosecond where there are more digits.
  ///
  /// - Parameter text: The text, such as `1h30m`.
  /// - Returns: The duration, that it is beyond 2⁶³ seconds, or that it is none.
  package static func read(_ text: some StringProtocol) -> Outcome {
    var rest = Substring(text).utf8[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    var total: Int128? = 0
    func add(_ amount: Amount, _ unit: Int128) {
      guard let sum = total, let length = amount.times(unit) else { return total = nil }
      // Both are at most the longest, so that their sum is far from overflow.
      total = sum + length <= longest ? sum + length : nil
    }
    guard var amount = Amount(&rest) else { return .notADuration }
    if rest.isEmpty || amount.readExponent(&rest) {
      guard rest.isEmpty else { return .notADuration }
      add(amount, second)
    } else {
      while true {
        guard let unit = unit(&rest) else { return .notADuration }
        add(amount, unit)
        if rest.isEmpty { break }
        guard let next = Amount(&rest) else { return .notADuration }
        amount = next
      }
    }
    guard let total else { return .outOfRange }
    return .value(Duration(attoseconds: isNegative ? -total : total))
  }

  /// Takes a unit from the front: the letters up to the next amount.
  private static func unit(_ rest: inout Substring.UTF8View) -> Int128? {
    let letters = rest.prefix { !($0.isDigit || $0 == UInt8(ascii: ".")) }
    rest = rest.dropFirst(letters.count)
    let name = String(Substring(letters))
    // The sign of micro and the Greek letter look the same, and both are typed.
    if name == "\u{b5}s" || name == "\u{3bc}s" { return second / 1_000_000 }
    return units.first { $0.name == name }?.length
  }

  /// Writes a duration in its one form, which reads as the same duration.
  ///
  /// From a second on that is days, hours, minutes and seconds, the zeros among them left out and a
  /// fraction with the seconds: `1h30m`, `1m30s`, `1.5s`. Less is one amount of the greatest unit
  /// that it fills: `250ms`, `1.5us`.
  ///
  /// - Parameter duration: The duration; one beyond 2⁶³ seconds is written, but not read.
  /// - Returns: The text, `0s` for none.
  package static func text(of duration: Duration) -> String {
    var rest = duration.attoseconds.magnitude
    guard rest > 0 else { return "0s" }
    var text = duration < .zero ? "-" : ""
    if rest < second.magnitude {
      let (name, length) = units.first { $0.length <= rest } ?? ("ns", second / 1_000_000_000)
      return text + decimal(rest, of: length.magnitude) + name
    }
    for (name, length) in units.prefix(3) where rest >= length {
      text += "\(rest / length.magnitude)\(name)"
      rest %= length.magnitude
    }
    return rest == 0 ? text : text + decimal(rest, of: second.magnitude) + "s"
  }

  /// A quotient in decimal digits; the unit is a power of ten.
  private static func decimal(_ number: UInt128, of unit: UInt128) -> String {
    let (whole, fraction) = number.quotientAndRemainder(dividingBy: unit)
    guard fraction > 0 else { return "\(whole)" }
    // A digit before the fraction keeps the zeros at its front.
    var digits = "\(unit + fraction)".dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(whole).\(digits)"
  }
}

/// A number of units: digits, of which those from the point on are a fraction.
private struct Amount {
  /// All digits, without zeros at the front.
  private var digits: [UInt8] = []
  /// The power of ten that the digits are multiplied with.
  private var exponent = 0

  /// Takes digits with at most one point from the front; `nil` if there is no digit.
  init?(_ rest: inout Substring.UTF8View) {
    var hasDigits = false
    var isFraction = false
    while let byte = rest.first {
      if byte.isDigit {
        hasDigits = true
        if byte != UInt8(ascii: "0") || !digits.isEmpty { digits.append(byte - UInt8(ascii: "0")) }
        if isFraction { exponent -= 1 }
      } else if byte == UInt8(ascii: "."), !isFraction {
        isFraction = true
      } else {
        break
      }
      rest.removeFirst()
    }
    if !hasDigits { return nil }
  }

  /// Takes an exponent such as `e-3` from the front.
  ///
  /// - Parameter rest: What follows the digits; it is changed only if it begins with an exponent.
  /// - Returns: Whether there was one.
  mutating func readExponent(_ rest: inout Substring.UTF8View) -> Bool {
    guard let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") else { return false }
    let text = Substring(rest.dropFirst())
    let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text
    guard !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit) else { return false }
    // What is too great for a number has the same effect as a million.
    let limit = 1_000_000
    let power =
      Int(text).map { max(-limit, min($0, limit)) } ?? (text.hasPrefix("-") ? -limit : limit)
    exponent += power
    rest = rest.dropFirst(rest.count)
    return true
  }

  /// Multiplies the amount with a unit, rounded to the nearest whole number.
  ///
  /// - Parameter unit: The unit's length, at least 1.
  /// - Returns: The product; `nil` if it exceeds the greatest duration.
  func times(_ unit: Int128) -> Int128? {
    // With so many digits before the point it is too much in any unit.
    let wholeCount = digits.count + exponent
    guard !digits.isEmpty else { return 0 }
    guard wholeCount <= 30 else { return nil }
    // No digit so far behind the point fills half an attosecond.
    guard wholeCount >= -30 else { return 0 }
    let unit = unit.magnitude
    let whole =
      wholeCount > 0
      ? digits.prefix(wholeCount) + Array(repeating: 0, count: max(0, exponent)) : []
    let (product, overflows) = Self.number(whole).multipliedReportingOverflow(by: unit)
    if overflows { return nil }
    // The fraction's digits, of which 38 fit.
    let zeros = Array(repeating: UInt8(0), count: max(0, -wholeCount))
    let fraction = (zeros + digits.dropFirst(max(0, wholeCount))).prefix(38)
    let power = fraction.reduce(UInt128(1)) { power, _ in power * 10 }
    let part = power.dividingFullWidth(Self.number(fraction).multipliedFullWidth(by: unit))
    let isNearerToNext = part.remainder >= power - part.remainder
    let (sum, exceeds) = product.addingReportingOverflow(part.quotient + (isNearerToNext ? 1 : 0))
    return exceeds ? nil : Int128(exactly: sum)
  }

  /// The number that at most 38 digits write.
  private static func number(_ digits: some Sequence<UInt8>) -> UInt128 {
    digits.reduce(0) { $0 * 10 + UInt128($1) }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}

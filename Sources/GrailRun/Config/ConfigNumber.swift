import GrailCore

/// Numbers as people write them: `1_000`, `0x1F`, `1e-3`, `inf`.
enum ConfigNumber {
  /// What became of a text.
  enum Outcome {
    case value(Value)
    case outOfRange
    case notANumber
  }

  /// Reads a whole number.
  static func whole(_ text: String, min: Int64, max: UInt64) -> Outcome {
    var digits = Substring(text)
    let isNegative = digits.first == "-"
    if isNegative || digits.first == "+" { digits.removeFirst() }
    var radix = 10
    for (prefix, base) in [("0x", 16), ("0X", 16), ("0o", 8), ("0b", 2)]
    where digits.hasPrefix(prefix) {
      radix = base
      digits.removeFirst(2)
    }
    guard let plain = withoutSeparators(digits), let first = plain.first, first != "-",
      first != "+", plain.allSatisfy({ $0.isASCII && ($0.hexDigitValue ?? radix) < radix })
    else { return .notANumber }
    guard let magnitude = UInt64(plain, radix: radix) else { return .outOfRange }
    if isNegative {
      guard magnitude <= min.magnitude, min <= 0 else { return .outOfRange }
      return .value(.int(0 &- Int64(truncatingIfNeeded: magnitude)))
    }
    guard magnitude <= max else { return .outOfRange }
    guard min <= 0 || magnitude >= UInt64(min) else { return .outOfRange }
    return .value(value(magnitude))
  }

  /// Reads a floating-point number.
  static func floating(_ text: String, isSingle: Bool) -> Outcome {
    // YAML has a point before what is no digits.
    let isNamed = [".inf", ".nan"].contains { text.lowercased().hasSuffix($0) }
    let text = isNamed ? text.filter { $0 != "." } : text
    guard let plain = withoutSeparators(Substring(text)),
      let number = isSingle ? Float(plain).map(Double.init) : Double(plain)
    else { return .notANumber }
    if number.isInfinite, !plain.lowercased().contains("inf") { return .outOfRange }
    return .value(.double(number))
  }

  /// Reads a word whose type nobody states.
  static func untyped(_ word: String) -> Value {
    switch word {
    case "true", "True": return true
    case "false", "False": return false
    default: break
    }
    if word.isNone { return .null }
    if case .value(let value) = whole(word, min: .min, max: .max) { return value }
    if case .value(let value) = floating(word, isSingle: false) { return value }
    return .text(word)
  }

  private static func value(_ magnitude: UInt64) -> Value {
    if let number = Int64(exactly: magnitude) { return .int(number) }
    return .opaque(Value.Opaque(typeName: "json.number", raw: .text(String(magnitude))))
  }

  /// The text without the `_` between its digits; `nil` if there is one elsewhere.
  private static func withoutSeparators(_ text: Substring) -> String? {
    guard text.contains("_") else { return String(text) }
    let parts = text.split(separator: "_", omittingEmptySubsequences: false)
    let standBetweenDigits = zip(parts, parts.dropFirst()).allSatisfy { left, right in
      left.last?.isHexDigit == true && right.first?.isHexDigit == true
    }
    return standBetweenDigits ? parts.joined() : nil
  }
}

import GrailCore

/// A value of TOML that is not in quotes or brackets: a number, a truth value or a time.
struct TOMLWord {
  /// The word as entries read it; times in capital letters.
  let text: String

  /// Checks a word.
  ///
  /// - Parameter word: The word without white space at its ends; `nil` comes of what is no value.
  init?(_ word: String) {
    if Self.isNumber(word) || word == "true" || word == "false" {
      text = word
    } else {
      let time = word.uppercased()
      guard Self.isTime(time) else { return nil }
      text = time
    }
  }

  // MARK: Numbers

  private static func isNumber(_ word: String) -> Bool {
    var rest = Substring(word).utf8
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
      return isDigits(rest.dropFirst(2), radix: radix)
    }
    if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    if rest.elementsEqual("inf".utf8) || rest.elementsEqual("nan".utf8) { return true }
    let whole = rest.prefix { $0 == UInt8(ascii: "_") || 0x30...0x39 ~= $0 }
    guard isDigits(whole, radix: 10), whole.count == 1 || whole.first != UInt8(ascii: "0") else {
      return false
    }
    rest = rest.dropFirst(whole.count)
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix { $0 == UInt8(ascii: "_") || 0x30...0x39 ~= $0 }
      guard isDigits(fraction, radix: 10) else { return false }
      rest = rest.dropFirst(1 + fraction.count)
    }
    guard let exponent = rest.first else { return true }
    guard exponent | 0x20 == UInt8(ascii: "e") else { return false }
    rest.removeFirst()
    if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    return isDigits(rest, radix: 10)
  }

  /// Whether there is at least one digit, and each `_` stands between two.
  private static func isDigits(_ text: Substring.UTF8View, radix: Int) -> Bool {
    text.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty
        && part.allSatisfy {
          (Character(Unicode.Scalar($0)).hexDigitValue ?? radix) < radix && $0 < 0x80
        }
    }
  }

  // MARK: Times

  private static func isTime(_ word: String) -> Bool {
    let bytes = Array(word.utf8)
    if bytes.count >= 8, bytes[2] == UInt8(ascii: ":") { return isClock(bytes[...]) }
    guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      Timestamp(isoText: String(decoding: bytes[..<10], as: UTF8.self)) != nil
    else { return false }
    if bytes.count == 10 { return true }
    guard bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " ") else { return false }
    let rest = bytes[11...]
    let zone = rest.firstIndex { "Z+-".utf8.contains($0) } ?? rest.endIndex
    return isClock(rest[..<zone]) && isZone(rest[zone...])
  }

  /// Whether bytes are a time of day such as `07:32:00.5`.
  private static func isClock(_ bytes: ArraySlice<UInt8>) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 3, isBelow(24, parts[0]), isBelow(60, parts[1]) else { return false }
    let seconds = parts[2].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard seconds.count <= 2, isBelow(61, seconds[0]) else { return false }
    return seconds.count == 1
      || !seconds[1].isEmpty && seconds[1].allSatisfy { 0x30...0x39 ~= $0 }
  }

  private static func isZone(_ bytes: ArraySlice<UInt8>) -> Bool {
    if bytes.isEmpty || Array(bytes) == [UInt8(ascii: "Z")] { return true }
    let parts = bytes.dropFirst().split(
      separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    return parts.count == 2 && isBelow(24, parts[0]) && isBelow(60, parts[1])
  }

  /// Whether bytes are two digits of a number below a limit.
  private static func isBelow(_ limit: Int, _ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count == 2, bytes.allSatisfy({ 0x30...0x39 ~= $0 }) else { return false }
    return (Int(String(decoding: bytes, as: UTF8.self)) ?? limit) < limit
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Numbers with a given count of digits, as C and Python write them.
enum FloatText {
  /// A number with digits after the point: `0.50`.
  static func fixed(_ number: Double, _ precision: Int) -> String {
    print("%.*f", number, precision)
  }

  /// A number with an exponent: `5.0e-01`.
  static func scientific(_ number: Double, _ precision: Int) -> String {
    print("%.*e", number, precision)
  }

  /// A number with a count of digits in all, in whichever of the two forms is short.
  ///
  /// - Parameters:
  ///   - number: The number, not negative.
  ///   - precision: The count of digits; zeros at the end are left out.
  ///   - keepsPoint: Whether `1.0` keeps its fraction, and a number whose digits all stand before
  ///     the point gets an exponent instead.
  /// - Returns: The text.
  static func general(_ number: Double, _ precision: Int, keepsPoint: Bool) -> String {
    guard number.isFinite else { return number.isNaN ? "nan" : "inf" }
    let count = max(1, precision)
    let text = scientific(number, count - 1)
    guard let mark = text.firstIndex(of: "e"), let power = Int(text[text.index(after: mark)...])
    else { return text }
    if power < -4 || power >= count - (keepsPoint ? 1 : 0) {
      return withoutZeros(text[..<mark], keepsPoint: false) + text[mark...]
    }
    return withoutZeros(fixed(number, max(count - 1 - power, 0))[...], keepsPoint: keepsPoint)
  }

  private static func withoutZeros(_ text: Substring, keepsPoint: Bool) -> String {
    var digits = text
    if digits.contains(".") {
      while digits.last == "0" { digits.removeLast() }
      if digits.last == "." { digits.removeLast() }
    }
    return digits + (keepsPoint && !digits.contains(".") ? ".0" : "")
  }

  private static func print(_ format: String, _ number: Double, _ precision: Int) -> String {
    guard number.isFinite else { return number.isNaN ? "nan" : "inf" }
    // The greatest number has 309 digits before the point.
    var buffer = [CChar](repeating: 0, count: 320 + precision)
    let count = withVaList([Int32(precision), number]) { arguments in
      vsnprintf(&buffer, buffer.count, format, arguments)
    }
    guard count > 0, count < buffer.count else { return PythonText.text(of: number) }
    // A program may have chosen a language whose point is a comma.
    let bytes = buffer.prefix(Int(count)).map { byte -> UInt8 in
      let byte = UInt8(bitPattern: byte)
      let isOurs = (0x30...0x39).contains(byte) || "e+-".utf8.contains(byte)
      return isOurs ? byte : UInt8(ascii: ".")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

package import GrailCore
import OrderedCollections

/// How values look as JSON text.
package enum JSONStyle: Hashable, Sendable {
  /// As Sacred's files: byte for byte Python's `json.dump` with sorted keys and an indent of 2.
  ///
  /// Non-ASCII characters are escaped, and NaN and infinities are the bare words that Python's
  /// reader knows. Bytes and times have their form in ``JSONPickle``; a value with an author's
  /// keys is to be encoded there as a whole first, which also protects the keys.
  case sacred
  /// Strict JSON on one line, in UTF-8, with the keys in their own order.
  ///
  /// NaN and infinities become the texts `"NaN"`, `"Infinity"` and `"-Infinity"`, bytes Base64
  /// text and times ISO 8601 text.
  case strict
}

/// Writes values as JSON text.
///
/// Everything appends to a buffer of bytes, so that a long column of numbers can be written
/// without being a value first. An opaque value is written in its raw form, and an opaque
/// `json.number` as the digits that it holds.
package enum JSONWriter {
  /// Returns the text of a value, without a newline at the end.
  package static func bytes(_ value: Value, style: JSONStyle) -> [UInt8] {
    var output: [UInt8] = []
    append(value, style: style, to: &output)
    return output
  }

  /// Appends a value.
  ///
  /// - Parameters:
  ///   - value: The value to write.
  ///   - style: How it looks.
  ///   - depth: How many lists and maps it stands in, which decides its indent.
  ///   - output: Where the text goes.
  package static func append(
    _ value: Value, style: JSONStyle, depth: Int = 0, to output: inout [UInt8]
  ) {
    switch value {
    case .null: append("null", to: &output)
    case .bool(let flag): append(flag ? "true" : "false", to: &output)
    case .int(let number): append(number, to: &output)
    case .double(let number): append(number, style: style, to: &output)
    case .text(let text): append(text, style: style, to: &output)
    case .bytes, .time: appendTagged(value, style: style, depth: depth, to: &output)
    case .list(let elements): append(elements, style: style, depth: depth, to: &output)
    case .map(let entries): append(entries, style: style, depth: depth, to: &output)
    case .opaque(let opaque):
      if let digits = opaque.jsonDigits {
        output.append(contentsOf: digits.utf8)
      } else {
        append(opaque.raw, style: style, depth: depth, to: &output)
      }
    }
  }

  private static func append(_ word: StaticString, to output: inout [UInt8]) {
    output.append(
      contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  private static func appendTagged(
    _ value: Value, style: JSONStyle, depth: Int, to output: inout [UInt8]
  ) {
    switch (style, value) {
    case (.strict, .bytes(let bytes)):
      output.append(UInt8(ascii: "\""))
      Base64.append(bytes, to: &output)
      output.append(UInt8(ascii: "\""))
    case (.strict, .time(let time)): append(time.description, style: style, to: &output)
    default: append(JSONPickle.encode(value), style: style, depth: depth, to: &output)
    }
  }
}

extension Value.Opaque {
  /// The digits of a whole number beyond `Int64`, if this is one that the parser could have read.
  fileprivate var jsonDigits: String? {
    guard typeName == JSONParser.numberTypeName, case .text(let text) = raw else { return nil }
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }
    let isNumber =
      text.utf8.count - digits.count < 2 && digits.first != UInt8(ascii: "0")
      && digits.count > 0 && digits.allSatisfy { 0x30...0x39 ~= $0 }
    return isNumber ? text : nil
  }
}

// MARK: - Lists and maps

extension JSONWriter {
  /// Appends a newline and an indent, if the style has them.
  ///
  /// - Parameters:
  ///   - style: How the text looks.
  ///   - depth: How many lists and maps are open.
  ///   - output: Where the text goes.
  package static func appendBreak(style: JSONStyle, depth: Int, to output: inout [UInt8]) {
    guard style == .sacred else { return }
    output.append(UInt8(ascii: "\n"))
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  /// Appends a key and its colon.
  package static func appendKey(_ key: String, style: JSONStyle, to output: inout [UInt8]) {
    append(key, style: style, to: &output)
    output.append(UInt8(ascii: ":"))
    if style == .sacred { output.append(UInt8(ascii: " ")) }
  }

  private static func append(
    _ elements: [Value], style: JSONStyle, depth: Int, to output: inout [UInt8]
  ) {
    output.append(UInt8(ascii: "["))
    for (index, element) in elements.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      appendBreak(style: style, depth: depth + 1, to: &output)
      append(element, style: style, depth: depth + 1, to: &output)
    }
    if !elements.isEmpty { appendBreak(style: style, depth: depth, to: &output) }
    output.append(UInt8(ascii: "]"))
  }

  private static func append(
    _ entries: OrderedDictionary<String, Value>, style: JSONStyle, depth: Int,
    to output: inout [UInt8]
  ) {
    output.append(UInt8(ascii: "{"))
    var isFirst = true
    func append(_ key: String, _ value: Value) {
      if !isFirst { output.append(UInt8(ascii: ",")) }
      isFirst = false
      appendBreak(style: style, depth: depth + 1, to: &output)
      appendKey(key, style: style, to: &output)
      Self.append(value, style: style, depth: depth + 1, to: &output)
    }
    if style == .sacred {
      // The order of UTF-8 is that of code points, which is Python's; that of String is not.
      let sorted = entries.elements.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (key, value) in sorted { append(key, value) }
    } else {
      for (key, value) in entries { append(key, value) }
    }
    if !entries.isEmpty { appendBreak(style: style, depth: depth, to: &output) }
    output.append(UInt8(ascii: "}"))
  }
}

// MARK: - Numbers

extension JSONWriter {
  /// Appends a whole number.
  package static func append(_ number: Int64, to output: inout [UInt8]) {
    var rest = number.magnitude
    let start = output.count
    repeat {
      output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    if number < 0 { output.append(UInt8(ascii: "-")) }
    output[start...].reverse()
  }

  /// Appends a floating-point number as Python shows it: the fewest digits that read back as it.
  ///
  /// It always has a fraction or an exponent, so it stays apart from a whole number.
  package static func append(_ number: Double, style: JSONStyle, to output: inout [UInt8]) {
    guard number.isFinite else {
      let word = number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
      output.append(contentsOf: (style == .sacred ? word : "\"\(word)\"").utf8)
      return
    }
    if 1..<1e16 ~= number.magnitude, number == number.rounded(.towardZero) {
      append(Int64(number), to: &output)
      append(".0", to: &output)
    } else if 1e16..<0x1p54 ~= number.magnitude {
      appendWithExponent(number, to: &output)
    } else {
      // Python takes an exponent from 10^16 on, Swift from 2^53 or 2^54; elsewhere they agree.
      var text = number.description
      text.withUTF8 { output.append(contentsOf: $0) }
    }
  }

  /// Appends a whole number of 17 digits as `1.2e+16`.
  private static func appendWithExponent(_ number: Double, to output: inout [UInt8]) {
    var digits = Array(String(Int64(number.magnitude)).utf8)
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if number < 0 { output.append(UInt8(ascii: "-")) }
    output.append(contentsOf: digits.prefix(1))
    if digits.count > 1 { output.append(UInt8(ascii: ".")) }
    output.append(contentsOf: digits.dropFirst())
    append("e+16", to: &output)
  }
}

// MARK: - Texts

extension JSONWriter {
  private static let hexadecimal = Array("0123456789abcdef".utf8)

  /// Appends a text in quotes, with what needs it escaped.
  package static func append(_ text: String, style: JSONStyle, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { bytes in
      // What needs no escape is copied in stretches.
      var copied = 0
      var position = 0
      while position < bytes.count {
        let byte = bytes[position]
        let isPlain = byte >= 0x20 && byte != 0x22 && byte != 0x5C
        if isPlain, style == .strict || byte < 0x7F {
          position += 1
          continue
        }
        output.append(contentsOf: bytes[copied..<position])
        if byte < 0x80 {
          appendEscape(byte, to: &output)
          position += 1
        } else {
          position += appendEscapedScalar(bytes[position...], to: &output)
        }
        copied = position
      }
      output.append(contentsOf: bytes[copied...])
    }
    output.append(UInt8(ascii: "\""))
  }

  private static func appendEscape(_ byte: UInt8, to output: inout [UInt8]) {
    switch byte {
    case 0x22: append("\\\"", to: &output)
    case 0x5C: append("\\\\", to: &output)
    case 0x0A: append("\\n", to: &output)
    case 0x0D: append("\\r", to: &output)
    case 0x09: append("\\t", to: &output)
    case 0x0C: append("\\f", to: &output)
    case 0x08: append("\\b", to: &output)
    default: appendEscape(unit: UInt16(byte), to: &output)
    }
  }

  private static func appendEscape(unit: UInt16, to output: inout [UInt8]) {
    append("\\u", to: &output)
    for shift in stride(from: 12, through: 0, by: -4) {
      output.append(hexadecimal[Int(unit >> UInt16(shift) & 15)])
    }
  }

  /// Appends the escapes of the first character of valid UTF-8, and returns its length in bytes.
  private static func appendEscapedScalar(
    _ bytes: Slice<UnsafeBufferPointer<UInt8>>, to output: inout [UInt8]
  ) -> Int {
    let lead = bytes[bytes.startIndex]
    let count = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var scalar = UInt32(lead) & (0xFF >> UInt32(count + 1))
    for byte in bytes.dropFirst().prefix(count - 1) { scalar = scalar << 6 | UInt32(byte & 0x3F) }
    if scalar < 0x10000 {
      appendEscape(unit: UInt16(truncatingIfNeeded: scalar), to: &output)
    } else {
      let offset = scalar - 0x10000
      appendEscape(unit: 0xD800 + UInt16(truncatingIfNeeded: offset >> 10), to: &output)
      appendEscape(unit: 0xDC00 + UInt16(truncatingIfNeeded: offset & 0x3FF), to: &output)
    }
    return count
  }
}

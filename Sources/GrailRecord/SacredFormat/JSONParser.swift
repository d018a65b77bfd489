package import GrailCore
import OrderedCollections

/// Reads JSON text as values.
///
/// Besides strict JSON it takes the bare words `NaN`, `Infinity` and `-Infinity`, which Sacred
/// writes. Maps keep the order of their keys, and the last of several entries with one key wins,
/// as in Python. A number without fraction and exponent is an ``Value/int(_:)``; one beyond its
/// range is an opaque `json.number` that holds the digits. Invalid UTF-8 and lone surrogates
/// become U+FFFD.
///
/// No input makes it trap, and its time is linear in the size of the input.
package struct JSONParser {
  /// How deep lists and maps may be nested.
  package static let maximumDepth = 512
  /// The type name of a whole number beyond the range of `Int64`.
  package static let numberTypeName = "json.number"

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  /// The open lists and maps except the innermost.
  private var outer: [Container] = []
  /// The innermost open list or map.
  private var current: Container?
  /// The value of the text, once it is whole.
  private var finished: Value?
  /// Unescaped text of the string being read; kept to reuse its memory.
  private var scratch: [UInt8] = []

  private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }
}

// MARK: - Entry points

extension JSONParser {
  /// What could be read of a text that may be damaged.
  package struct Prefix: Sendable {
    /// All that is complete; `nil` if nothing is.
    package var value: Value?
    /// Why reading stopped; `nil` if the text is whole.
    package var error: JSONError?
  }

  /// Returns the value of a whole text.
  ///
  /// - Throws: ``JSONError`` if the text is not one JSON value.
  package static func parse(_ bytes: [UInt8]) throws(JSONError) -> Value {
    let prefix = parsePrefix(bytes)
    guard prefix.error == nil, let value = prefix.value else {
      throw prefix.error ?? JSONError(code: .truncated, at: 0, in: bytes, expected: "a value")
    }
    return value
  }

  /// Returns what can be read of a text that may be cut off or damaged.
  ///
  /// Lists and maps that are open at the failure are closed there. Of the innermost, all complete
  /// elements are kept; a number that the end of the text touches may be half a number, so it
  /// is not.
  package static func parsePrefix(_ bytes: [UInt8]) -> Prefix {
    bytes.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(buffer)
      do throws(Failure) {
        return Prefix(value: try parser.document(), error: nil)
      } catch {
        return Prefix(
          value: parser.closeAll(),
          error: JSONError(
            code: error.code, at: error.position, in: bytes, expected: error.expected))
      }
    }
  }
}

extension JSONError {
  /// Creates an error for a place; line and column are counted only now.
  fileprivate init(code: Code?, at position: Int, in bytes: [UInt8], expected: String) {
    let before = bytes[..<position]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let isAtEnd = position >= bytes.count
    self.init(
      code: code ?? (isAtEnd ? .truncated : .malformed),
      line: 1 + before.count { $0 == UInt8(ascii: "\n") },
      // Continuation bytes of UTF-8 do not start a character.
      column: 1 + before[lineStart...].count { $0 & 0xC0 != 0x80 },
      found: isAtEnd ? "the end of the text" : Self.found(in: bytes[position...]),
      expected: expected)
  }

  private static func found(in rest: ArraySlice<UInt8>) -> String {
    guard let first = rest.first else { return "the end of the text" }
    if first < 0x20 || first == 0x7F { return "the control character \(first)" }
    let character = String(decoding: rest.prefix(4), as: UTF8.self).prefix(1)
    return "'\(character)'"
  }
}

// MARK: - Containers

extension JSONParser {
  /// A list or map whose end has not been read.
  private struct Container {
    let isMap: Bool
    /// The elements of a list.
    var elements: [Value] = []
    /// The entries of a map.
    var entries: OrderedDictionary<String, Value> = [:]
    /// The key of the entry of a map whose value comes next.
    var key = ""

    mutating func add(_ value: Value) {
      if isMap { entries[key] = value } else { elements.append(value) }
    }

    var value: Value { isMap ? .map(entries) : .list(elements) }
  }

  /// Where and why reading stopped.
  private struct Failure: Error {
    /// `nil` for the usual: truncated at the end of the text, malformed elsewhere.
    var code: JSONError.Code?
    var position: Int
    var expected: String
  }

  private func failure(_ expected: String, at place: Int? = nil) -> Failure {
    Failure(code: nil, position: place ?? position, expected: expected)
  }

  private mutating func open(isMap: Bool) throws(Failure) {
    guard outer.count + 1 < Self.maximumDepth || current == nil else {
      throw Failure(
        code: .tooDeep, position: position,
        expected: "at most \(Self.maximumDepth) lists and maps inside each other")
    }
    position += 1
    if let current { outer.append(current) }
    current = Container(isMap: isMap)
  }

  /// Ends the innermost container and returns its value.
  private mutating func close() -> Value {
    let value = current?.value ?? .null
    current = outer.popLast()
    return value
  }

  /// Ends all open containers, each inside the next outer one.
  private mutating func closeAll() -> Value? {
    guard current != nil else { return finished }
    while true {
      let value = close()
      guard current != nil else { return value }
      current?.add(value)
    }
  }

  /// Reads the one value that is the text.
  ///
  /// A loop and not a recursion: the depth of the input must not decide the depth of the stack.
  private mutating func document() throws(Failure) -> Value {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    var value = try startOfValue()
    while true {
      guard let inner = value else {
        // A container was opened.
        value = try firstElement()
        continue
      }
      guard current != nil else {
        finished = inner
        skipSpace()
        guard position == bytes.count else { throw failure("the end of the text") }
        return inner
      }
      current?.add(inner)
      value = try nextElement()
    }
  }

  /// Reads on after the bracket of a container: its end, or the start of its first element.
  private mutating func firstElement() throws(Failure) -> Value? {
    skipSpace()
    guard let current else { return nil }
    if current.isMap {
      if skip("}") { return close() }
      try key(expected: "a key or '}'")
    } else if skip("]") {
      return close()
    }
    return try startOfValue()
  }

  /// Reads on after an element: the end of the container, or a comma and the next element.
  private mutating func nextElement() throws(Failure) -> Value? {
    skipSpace()
    let isMap = current?.isMap ?? false
    if skip(",") {
      skipSpace()
      if isMap { try key(expected: "a key") }
      return try startOfValue()
    }
    guard skip(isMap ? "}" : "]") else { throw failure(isMap ? "',' or '}'" : "',' or ']'") }
    return close()
  }

  private mutating func key(expected: String) throws(Failure) {
    guard peek == UInt8(ascii: "\"") else { throw failure(expected) }
    let key = try string()
    skipSpace()
    guard skip(":") else { throw failure("':'") }
    current?.key = key
  }
}

// MARK: - Values

extension JSONParser {
  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Reads a value, or opens a container and returns `nil`.
  private mutating func startOfValue() throws(Failure) -> Value? {
    skipSpace()
    switch peek {
    case UInt8(ascii: "\""): return .text(try string())
    case .some(0x30...0x39), UInt8(ascii: "-"): return try number()
    case UInt8(ascii: "["): try open(isMap: false)
    case UInt8(ascii: "{"): try open(isMap: true)
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "N"): return try word("NaN", .double(.nan))
    case UInt8(ascii: "I"): return try word("Infinity", .double(.infinity))
    default: throw failure("a value")
    }
    return nil
  }

  private mutating func word(_ word: StaticString, _ value: Value) throws(Failure) -> Value {
    let start = position
    for offset in 0..<word.utf8CodeUnitCount {
      guard peek == word.utf8Start[offset] else {
        // A word cut off by the end is a truncation, which the place must show.
        throw failure("'\(word)'", at: position == bytes.count ? position : start)
      }
      position += 1
    }
    return value
  }

  private mutating func number() throws(Failure) -> Value {
    let start = position
    let isNegative = skip("-")
    if isNegative, peek == UInt8(ascii: "I") { return try word("Infinity", .double(-.infinity)) }
    // The digits as one number; beyond 18 of them it may wrap and is not used.
    var significand: UInt64 = 0
    let whole = try digits(into: &significand)
    if whole > 1, bytes[position - whole] == UInt8(ascii: "0") {
      throw failure("a number without leading zeros", at: position - whole)
    }
    var (digitCount, exponent, isInteger) = (whole, 0, true)
    if skip(".") {
      let fraction = try digits(into: &significand)
      (digitCount, exponent, isInteger) = (whole + fraction, -fraction, false)
    }
    if skip("e") || skip("E") {
      let isSmall = skip("-")
      if !isSmall { _ = skip("+") }
      var power: UInt64 = 0
      let count = try digits(into: &power)
      isInteger = false
      // A longer exponent may have wrapped; no such number takes the fast path.
      exponent += count > 6 ? 1_000_000 : isSmall ? -Int(power) : Int(power)
    }
    if position == bytes.count, current != nil { throw failure("the rest of a list or map") }
    if isInteger { return integer(from: start, isNegative, significand, digitCount) }
    if digitCount <= 18, let exact = Self.exactDouble(significand, exponent) {
      return .double(isNegative ? -exact : exact)
    }
    return .double(Double(text(start..<position)) ?? .nan)
  }

  /// Skips at least one digit, adds them to a number, and returns their count.
  private mutating func digits(into number: inout UInt64) throws(Failure) -> Int {
    let start = position
    while position < bytes.count {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      number = number &* 10 &+ UInt64(digit)
      position += 1
    }
    guard position > start else { throw failure("a digit") }
    return position - start
  }

  private func integer(
    from start: Int, _ isNegative: Bool, _ magnitude: UInt64, _ digitCount: Int
  ) -> Value {
    if digitCount <= 18 {
      let number = Int64(truncatingIfNeeded: magnitude)
      return .int(isNegative ? -number : number)
    }
    let text = text(start..<position)
    if digitCount == 19, let number = Int64(text) { return .int(number) }
    return .opaque(Value.Opaque(typeName: Self.numberTypeName, raw: .text(text)))
  }

  /// The number significand × 10^exponent, if one operation on exact numbers makes it.
  ///
  /// - SeeAlso: William Clinger, “How to Read Floating Point Numbers Accurately”, 1990.
  private static func exactDouble(_ significand: UInt64, _ exponent: Int) -> Double? {
    guard significand <= 1 << 53, -22...22 ~= exponent else { return nil }
    let number = Double(significand)
    return exponent < 0
      ? number / exactPowersOfTen[-exponent] : number * exactPowersOfTen[exponent]
  }

  private static let exactPowersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  private func text(_ range: Range<Int>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }
}

// MARK: - Strings

extension JSONParser {
  private mutating func string() throws(Failure) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return text(start..<position - 1)
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case ..<0x20: throw failure("an escape instead of a control character")
      default: position += 1
      }
    }
    throw failure("'\"'")
  }

  /// Reads the rest of a string with at least one escape.
  private mutating func escapedString(from start: Int) throws(Failure) -> String {
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: scratch, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try escape()
      case ..<0x20: throw failure("an escape instead of a control character")
      default:
        scratch.append(byte)
        position += 1
      }
    }
    throw failure("'\"'")
  }

  private mutating func escape() throws(Failure) {
    switch peek {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      scratch.append(bytes[position])
    case UInt8(ascii: "n"): scratch.append(0x0A)
    case UInt8(ascii: "t"): scratch.append(0x09)
    case UInt8(ascii: "r"): scratch.append(0x0D)
    case UInt8(ascii: "b"): scratch.append(0x08)
    case UInt8(ascii: "f"): scratch.append(0x0C)
    case UInt8(ascii: "u"):
      position += 1
      // A lone surrogate is no character.
      let scalar = Unicode.Scalar(try escapedScalar()) ?? "\u{FFFD}"
      scratch.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      return
    default: throw failure("an escape such as '\\n'")
    }
    position += 1
  }

  /// Reads four hexadecimal digits and, after a high surrogate, those of the low one.
  private mutating func escapedScalar() throws(Failure) -> UInt32 {
    let unit = try hexadecimal()
    guard 0xD800...0xDBFF ~= unit else { return unit }
    let end = position
    guard skip("\\"), skip("u") else {
      position = end
      return unit
    }
    let low = try hexadecimal()
    guard 0xDC00...0xDFFF ~= low else {
      // Not a pair: what follows is an escape of its own.
      position = end
      return unit
    }
    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
  }

  private mutating func hexadecimal() throws(Failure) -> UInt32 {
    var number: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch peek {
      case .some(let byte) where 0x30...0x39 ~= byte: digit = byte - UInt8(ascii: "0")
      case .some(let byte) where 0x41...0x46 ~= byte: digit = byte - UInt8(ascii: "A") + 10
      case .some(let byte) where 0x61...0x66 ~= byte: digit = byte - UInt8(ascii: "a") + 10
      default: throw failure("four hexadecimal digits")
      }
      number = number << 4 | UInt32(digit)
      position += 1
    }
    return number
  }
}

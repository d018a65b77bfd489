import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite struct JSONParserTests {
  @Test(
    arguments: [
      ("null", nil), (" true\n", true), ("false", false),
      ("1", 1), ("-1", -1), ("0", 0), ("-0", 0), ("1.0", 1.0), ("1e3", 1000.0), ("1E+2", 100.0),
      ("-0.0", -0.0), ("25e-2", 0.25), ("1e-320", .double(Double(bitPattern: 2024))),
      ("1e308", 1e308),
      ("1e400", .double(.infinity)), ("-1e99999999999999999999", .double(-.infinity)),
      ("1e-99999999999999999999", 0.0), ("0.1", 0.1),
      ("123456789012345680.0", 123456789012345680.0),
      ("9007199254740993.0", 9007199254740992.0), ("2.2250738585072014e-308", 0x1p-1022),
      ("0.10000000149011612", 0.10000000149011612),
      ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
      ("NaN", .double(.nan)), ("Infinity", .double(.infinity)), ("-Infinity", .double(-.infinity)),
      ("\"\"", ""), (#""a\"\\\/\b\f\n\r\t\u00e9""#, "a\"\\/\u{8}\u{C}\n\r\té"), ("\"é😀\"", "é😀"),
      (#""\ud83d\ude00""#, "😀"), (#""\uD83D\uDE00x""#, "😀x"),
      ("[]", []), ("[ 1 , 2.5,\"x\",[[]]]", [1, 2.5, "x", [[]]]),
      ("{}", [:]), ("{\"b\": 1, \"a\": {\"c\": [null]}}", ["b": 1, "a": ["c": [nil]]]),
      ("\u{FEFF}[1]", [1]),
    ] as [(String, Value)])
  func `reads JSON`(text: String, value: Value) throws {
    #expect(try JSONParser.parse(Array(text.utf8)).isSame(as: value))
  }

  @Test(arguments: [
    "9223372036854775808", "-9223372036854775809", "123456789012345678901234567890",
  ])
  func `keeps the digits of a number beyond its range`(digits: String) throws {
    let value = try JSONParser.parse(Array(digits.utf8))
    #expect(value == .opaque(Value.Opaque(typeName: "json.number", raw: .text(digits))))
    #expect(JSONWriter.bytes(value, style: .sacred) == Array(digits.utf8))
    #expect(JSONWriter.bytes(value, style: .strict) == Array(digits.utf8))
  }

  @Test(arguments: [
    (#""\ud83d""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"), (#""\ude00""#, "\u{FFFD}"),
    (#""\ud83d\n""#, "\u{FFFD}\n"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
  ])
  func `repairs lone surrogates`(text: String, value: String) throws {
    #expect(try JSONParser.parse(Array(text.utf8)) == .text(value))
  }

  @Test func `repairs invalid text`() throws {
    #expect(try JSONParser.parse([0x22, 0x61, 0xFF, 0xC3, 0x22]) == "a\u{FFFD}\u{FFFD}")
    #expect(try JSONParser.parse([0x22, 0x5C, 0x6E, 0xE2, 0x82, 0x22]) == "\n\u{FFFD}")
  }

  @Test func `keeps the order of keys and the last of two`() throws {
    let value = try JSONParser.parse(Array(#"{"b": 1, "a": 2, "b": 3}"#.utf8))
    #expect(value.mapValue?.elements.map(\.key) == ["b", "a"])
    #expect(value["b"] == 3)
  }

  @Test(arguments: [
    ("", 1, 1, "the end of the text", "a value"),
    ("[1,\n 2,\n ]", 3, 2, "']'", "a value"),
    ("[1 2]", 1, 4, "'2'", "',' or ']'"),
    ("{\"ä\": 1,}", 1, 9, "'}'", "a key"),
    ("{1: 2}", 1, 2, "'1'", "a key or '}'"),
    ("{\"a\" 2}", 1, 6, "'2'", "':'"),
    ("{\"a\": 2]", 1, 8, "']'", "',' or '}'"),
    ("nul", 1, 4, "the end of the text", "'null'"),
    ("nulL", 1, 1, "'n'", "'null'"),
    ("-", 1, 2, "the end of the text", "a digit"),
    ("+1", 1, 1, "'+'", "a value"),
    ("01", 1, 1, "'0'", "a number without leading zeros"),
    ("1.", 1, 3, "the end of the text", "a digit"),
    ("[1.e3]", 1, 4, "'e'", "a digit"),
    ("[1ex]", 1, 4, "'x'", "a digit"),
    ("1 x", 1, 3, "'x'", "the end of the text"),
    ("\"abc", 1, 5, "the end of the text", "'\"'"),
    ("\"a\nb\"", 1, 3, "the control character 10", "an escape instead of a control character"),
    ("\"\\x\"", 1, 3, "'x'", "an escape such as '\\n'"),
    ("\"\\u12g4\"", 1, 6, "'g'", "four hexadecimal digits"),
    ("é", 1, 1, "'é'", "a value"),
  ])
  func `says what is wrong where`(
    text: String, line: Int, column: Int, found: String, expected: String
  ) throws {
    let error = try #require(throws: JSONError.self) { try JSONParser.parse(Array(text.utf8)) }
    #expect(error.line == line)
    #expect(error.column == column)
    #expect(error.found == found)
    #expect(error.expected == expected)
    #expect(error.code == (found == "the end of the text" ? .truncated : .malformed))
  }

  @Test func `writes an error as one line`() {
    let error = JSONParser.parsePrefix(Array("[1,\n2}".utf8)).error
    #expect(error?.description == "line 2, column 2: found '}', expected ',' or ']'.")
  }

  @Test func `refuses text that is nested too deep`() throws {
    let limit = JSONParser.maximumDepth
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    _ = try JSONParser.parse(nested(limit))
    let error = try #require(throws: JSONError.self) { try JSONParser.parse(nested(limit + 1)) }
    #expect(error.code == .tooDeep)
    #expect(error.column == limit + 1)
    _ = JSONParser.parsePrefix(Array(repeating: UInt8(ascii: "["), count: 1_000_000))
  }

  @Test(
    arguments: [
      ("", nil), ("  ", nil), ("\"abc", nil), ("tru", nil),
      ("[", []), ("[1, 2", [1]), ("[1, 2 ", [1, 2]), ("[1, 2, \"x", [1, 2]), ("[1, tru", [1]),
      ("{\"a\": [1, {\"b\": 2, \"c\": [3, 4", ["a": [1, ["b": 2, "c": [3]]]]),
      ("{\"a\": 1, \"b\"", ["a": 1]), ("{\"a\": 1, \"b\": ", ["a": 1]),
      ("[1, 2, oops, 3]", [1, 2]),
      ("[1] [2]", [1]), ("12", 12),
    ] as [(String, Value?)])
  func `keeps what is complete of a damaged text`(text: String, value: Value?) {
    let prefix = JSONParser.parsePrefix(Array(text.utf8))
    #expect(prefix.value == value)
    #expect((prefix.error == nil) == (text == "12"))
  }
}

@Suite struct JSONDamageTests {
  @Test(arguments: Fixture.runFiles)
  func `reads any beginning of a file`(file: Fixture) throws {
    let bytes = try file.bytes()
    var generator = SeededGenerator(seed: UInt64(bytes.count))
    for _ in 0..<60 {
      let prefix = JSONParser.parsePrefix(
        Array(bytes.prefix(.random(in: 0..<bytes.count, using: &generator))))
      #expect(prefix.error?.code == .truncated)
      _ = prefix.value.map { JSONPickle.decode($0).description }
    }
  }

  @Test(arguments: Fixture.runFiles)
  func `reads a file with random bytes in it`(file: Fixture) throws {
    let bytes = try file.bytes()
    var generator = SeededGenerator(seed: UInt64(bytes.count))
    for _ in 0..<60 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        damaged[place] = UInt8(truncatingIfNeeded: generator.next())
      }
      let prefix = JSONParser.parsePrefix(damaged)
      #expect((try? JSONParser.parse(damaged)) == nil || prefix.error == nil)
      guard let value = prefix.value else { continue }
      let decoded = JSONPickle.decode(value)
      _ = decoded.description(maximumLength: 50)
      #expect(JSONPickle.decode(JSONPickle.encode(decoded)).isSame(as: decoded))
    }
  }

  @Test(arguments: 0..<20)
  func `reads random bytes`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let alphabet = Array("[]{}:,\"\\u019.eE+-ntfNI d8\n".utf8) + [0xC3, 0xFF, 0]
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 0...20, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator) ?? 0
      }
      _ = JSONParser.parsePrefix(bytes)
    }
  }
}

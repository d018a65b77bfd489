import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite struct JSONWriterTests {
  @Test(arguments: Fixture.runFiles)
  func `writes each file as Sacred wrote it`(file: Fixture) throws {
    let bytes = try file.bytes()
    let value = try JSONParser.parse(bytes)
    #expect(JSONWriter.bytes(value, style: .sacred) == bytes)
    let decoded = JSONPickle.decode(value)
    #expect(JSONWriter.bytes(JSONPickle.encode(decoded), style: .sacred) == bytes)
  }

  @Test(
    arguments: [
      (0.0, "0.0"), (-0.0, "-0.0"), (1, "1.0"), (-7, "-7.0"), (0.5, "0.5"), (1.5, "1.5"),
      (0.1, "0.1"), (0.0001, "0.0001"), (0.00001, "1e-05"), (1e-7, "1e-07"), (1e-10, "1e-10"),
      (123456.789, "123456.789"), (100000, "100000.0"), (1e15, "1000000000000000.0"),
      (1e15 + 0.5, "1000000000000000.5"), (999999999999999, "999999999999999.0"),
      (9999999999999998, "9999999999999998.0"), (1e16, "1e+16"), (-1e16, "-1e+16"),
      (12345678901234568, "1.2345678901234568e+16"), (-18014398509481980, "-1.801439850948198e+16"),
      (0x1p54, "1.8014398509481984e+16"), (0x1p53, "9007199254740992.0"), (1e17, "1e+17"),
      (1e22, "1e+22"), (1e23, "1e+23"), (1e100, "1e+100"), (1e308, "1e+308"),
      (.greatestFiniteMagnitude, "1.7976931348623157e+308"), (.leastNonzeroMagnitude, "5e-324"),
      (Double(bitPattern: 2024), "1e-320"), (0x1p-1022, "2.2250738585072014e-308"),
      (1.0 / 3, "0.3333333333333333"),
      (0.10000000149011612, "0.10000000149011612"), (2.5e-5, "2.5e-05"),
    ] as [(Double, String)])
  func `writes numbers as Python does`(number: Double, text: String) {
    #expect(written(.double(number), .sacred) == text)
    #expect(written(.double(number), .strict) == text)
  }

  @Test(
    arguments: [
      (0, "0"), (7, "7"), (-10, "-10"), (.max, "9223372036854775807"),
      (.min, "-9223372036854775808"),
    ] as [(Int64, String)])
  func `writes whole numbers`(number: Int64, text: String) {
    #expect(written(.int(number), .sacred) == text)
  }

  @Test(
    arguments: [
      (.double(.nan), "NaN", "\"NaN\""),
      (.double(.infinity), "Infinity", "\"Infinity\""),
      (.double(-.infinity), "-Infinity", "\"-Infinity\""),
      (nil, "null", "null"),
      (true, "true", "true"),
      ("aé€😀\u{7F}", #""a\u00e9\u20ac\ud83d\ude00\u007f""#, "\"aé€😀\u{7F}\""),
      ("\"\\/\n\r\t\u{8}\u{C}\u{1}", #""\"\\/\n\r\t\b\f\u0001""#, #""\"\\/\n\r\t\b\f\u0001""#),
      ([], "[]", "[]"),
      ([:], "{}", "{}"),
      ([1, [2, []]], "[\n  1,\n  [\n    2,\n    []\n  ]\n]", "[1,[2,[]]]"),
      (
        ["b": 1, "a": ["é": 2], "B": 3],
        "{\n  \"B\": 3,\n  \"a\": {\n    \"\\u00e9\": 2\n  },\n  \"b\": 1\n}",
        #"{"b":1,"a":{"é":2},"B":3}"#
      ),
      (.bytes([0, 255]), "{\n  \"py/b64\": \"AP8=\"\n}", "\"AP8=\""),
      (
        .opaque(Value.Opaque(typeName: "tuple", raw: ["py/tuple": [1]])),
        "{\n  \"py/tuple\": [\n    1\n  ]\n}", #"{"py/tuple":[1]}"#
      ),
      // Not digits that the parser could have read.
      (.opaque(Value.Opaque(typeName: "json.number", raw: "1,2")), "\"1,2\"", "\"1,2\""),
    ] as [(Value, String, String)])
  func `has two styles`(value: Value, sacred: String, strict: String) {
    #expect(written(value, .sacred) == sacred)
    #expect(written(value, .strict) == strict)
  }

  @Test func `writes a time for its readers`() {
    let time = Value.time(Timestamp(microseconds: 1_704_164_645_678_900))
    #expect(written(time, .strict) == "\"2024-01-02T03:04:05.678900Z\"")
    #expect(written(time, .sacred).contains("\"B+gBAgMEBQpb9A==\""))
  }

  @Test func `sorts keys by code point`() {
    let keys = ["\u{FFFF}", "😀", "z", "é", "e\u{301}x", "Z", ""]
    let map = Value.map(OrderedDictionary(uniqueKeysWithValues: keys.map { ($0, 1) }))
    let value = try? JSONParser.parse(JSONWriter.bytes(map, style: .sacred))
    #expect(
      value?.mapValue?.elements.map(\.key) == ["", "Z", "e\u{301}x", "z", "é", "\u{FFFF}", "😀"])
  }

  @Test(arguments: 0..<200)
  func `writes what reads as the same value`(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let value = Value.random(isPlain: true, using: &generator)
    let bytes = JSONWriter.bytes(value, style: .sacred)
    let read = try JSONParser.parse(bytes)
    // Keys come back sorted, so the second text decides.
    #expect(JSONWriter.bytes(read, style: .sacred) == bytes)
    let strict = try JSONParser.parse(JSONWriter.bytes(value, style: .strict))
    #expect(JSONWriter.bytes(strict, style: .strict) == JSONWriter.bytes(value, style: .strict))
    if !written(value, .sacred).contains("NaN"), !written(value, .sacred).contains("Infinity") {
      #expect(strict.isSame(as: value))
    }
  }

  private func written(_ value: Value, _ style: JSONStyle) -> String {
    String(decoding: JSONWriter.bytes(value, style: style), as: UTF8.self)
  }
}

@Suite(.enabled(if: Python.path != nil, "needs python3")) struct PythonAgreementTests {
  @Test(.timeLimit(.minutes(1)))
  func `writes random numbers as Python does`() throws {
    let output = try Python.run(
      """
      import random, struct
      random.seed(1)
      for i in range(12000):
          bits = random.getrandbits(64)
          if i % 3 == 1: bits = struct.unpack('<Q', struct.pack('<d', random.uniform(-1e3, 1e3)))[0]
          if i % 3 == 2:
              x = round(random.random(), random.randrange(18)) * 10.0 ** random.randrange(-25, 25)
              bits = struct.unpack('<Q', struct.pack('<d', x))[0]
          x = struct.unpack('<d', struct.pack('<Q', bits))[0]
          if i % 12 == 0: x = float(random.randrange(10**15, 2 * 10**16))
          bits = struct.unpack('<Q', struct.pack('<d', x))[0]
          if x - x == 0: print(bits, repr(x))
      """)
    let lines = output.split(separator: "\n")
    #expect(lines.count > 10_000)
    var wrong: [Substring] = []
    for line in lines {
      let parts = line.split(separator: " ")
      let number = Double(bitPattern: try #require(UInt64(parts[0])))
      let text = JSONWriter.bytes(.double(number), style: .sacred)
      let read = try JSONParser.parse(Array(parts[1].utf8))
      if !text.elementsEqual(parts[1].utf8) || !read.isSame(as: .double(number)) {
        wrong.append(line)
      }
    }
    #expect(wrong == [])
  }

  @Test(.timeLimit(.minutes(1)))
  func `escapes characters as Python does`() throws {
    let output = try Python.run(
      """
      import json
      for i in list(range(0x300)) + list(range(0x300, 0x110000, 97)):
          if not 0xD800 <= i < 0xE000: print(i, json.dumps(chr(i)))
      """)
    var wrong: [Substring] = []
    for line in output.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      let scalar = try #require(UInt32(parts[0]).flatMap(Unicode.Scalar.init))
      let text = JSONWriter.bytes(.text(String(Character(scalar))), style: .sacred)
      if !text.elementsEqual(parts[1].utf8) { wrong.append(line) }
    }
    #expect(wrong == [])
  }
}

/// The Python of this machine, if there is one.
private enum Python {
  static let path: URL? = (ProcessInfo.processInfo.environment["PATH"] ?? "")
    .split(separator: ":").map { URL(filePath: String($0)).appending(path: "python3") }
    .first { FileManager.default.isExecutableFile(atPath: $0.path) }

  static func run(_ program: String) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = path
    process.arguments = ["-c", program]
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }
}

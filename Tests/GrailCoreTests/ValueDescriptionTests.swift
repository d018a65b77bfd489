import GrailCore
import Testing

@Suite struct ValueDescriptionTests {
  @Test(
    arguments: [
      (nil, "null"),
      (true, "true"),
      (7, "7"),
      (0.5, "0.5"),
      (2.0, "2.0"),
      (.double(.nan), "nan"),
      (.double(-.infinity), "-inf"),
      ("say \"hi\"\n\u{1B}ü", #""say \"hi\"\n\u{1b}ü""#),
      (.bytes([1, 2, 3]), "<3 bytes>"),
      (.bytes([0]), "<1 byte>"),
      (.time(Timestamp(microseconds: 0)), "1970-01-01T00:00:00Z"),
      ([], "[]"),
      ([1, [2.5, "x"]], #"[1, [2.5, "x"]]"#),
      ([:], "{}"),
      (["a": 1, "b c": ["d.e": nil]], #"{a: 1, "b c": {d.e: null}}"#),
    ] as [(Value, String)])
  func `is short and clear`(value: Value, text: String) {
    #expect(value.description == text)
  }

  @Test(
    arguments: [
      ("tuple", ["py/tuple": [1, "two"]], #"tuple(1, "two")"#),
      ("set", ["py/set": [1]], "set(1)"),
      ("type", ["py/type": "builtins.int"], "<type builtins.int>"),
      ("reference", ["py/id": 2], "<reference>"),
      ("json.number", "123456789012345678901234567890", "123456789012345678901234567890"),
      (
        "numpy.ndarray",
        ["py/object": "numpy.ndarray", "dtype": "float64", "values": [[1.5, 2.5], [3.5, 4.5]]],
        "numpy.ndarray float64 [[1.5, 2.5], [3.5, 4.5]]"
      ),
      (
        "numpy.ndarray",
        [
          "py/object": "numpy.ndarray", "dtype": "int64", "values": [1000, 2000, 3000, 4000, 5000],
        ],
        "numpy.ndarray int64 [1000, 2000, 3000, 4000, 5000]"
      ),
      (
        "numpy.ndarray",
        ["values": "eJxNxzs", "shape": [40], "dtype": "float64", "byteorder": "<"],
        "numpy.ndarray float64 [40]"
      ),
      ("numpy.float32", ["dtype": "float32", "value": 0.5], "numpy.float32 0.5"),
      (
        "datetime.date",
        [
          "py/object": "datetime.date", "__reduce__": [["py/type": "datetime.date"], ["B+gCHQ=="]],
        ],
        "datetime.date 2024-02-29"
      ),
      ("datetime.date", ["py/object": "datetime.date"], "<datetime.date>"),
      ("fractions.Fraction", ["py/reduce": [1]], "<fractions.Fraction>"),
    ] as [(String, Value, String)])
  func `shows the kind of what it does not model`(typeName: String, raw: Value, text: String) {
    #expect(Value.opaque(Value.Opaque(typeName: typeName, raw: raw)).description == text)
  }

  @Test func `shortens a long array`() {
    let numbers = Value.list((0..<100).map { .int($0) })
    let array = Value.opaque(
      Value.Opaque(typeName: "numpy.ndarray", raw: ["dtype": "int64", "values": numbers]))
    #expect(
      array.description
        == "numpy.ndarray int64 [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, …")
  }

  @Test(arguments: [
    (6, #""äöü😀""#), (7, #""äöü😀""#), (5, #""äöü…"#), (1, "…"), (0, ""), (-1, ""),
  ])
  func `keeps to a length`(length: Int, text: String) {
    #expect(Value.text("äöü😀").description(maximumLength: length) == text)
  }

  @Test func `does not look at more than it shows`() {
    let huge = Value.list(Array(repeating: .text(String(repeating: "x", count: 100)), count: 9999))
    #expect(huge.description(maximumLength: 20).count == 20)
    let map: Value = ["key": huge]
    #expect(map.description(maximumLength: 9) == #"{key: ["…"#)
  }

  @Test(.timeLimit(.minutes(1))) func `does not count a heap of marks`() {
    let heap = Value.text("a" + String(repeating: "\u{301}", count: 300_000))
    #expect(heap.description(maximumLength: 20).hasSuffix("…"))
    #expect(heap.description(maximumLength: .max).unicodeScalars.count == 300_003)
    #expect(heap.description(maximumLength: .min) == "")
  }
}

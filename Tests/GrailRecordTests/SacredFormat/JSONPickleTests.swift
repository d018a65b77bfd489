import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite struct JSONPickleTests {
  @Test func `keeps every sample of jsonpickle's`() throws {
    let samples = try JSONParser.parse(try Fixture("semantics/flatten.json").bytes())
    let entries = try #require(samples.mapValue)
    #expect(entries.count == 26)
    for (name, sample) in entries {
      let flat = try #require(sample["flat"])
      #expect(JSONPickle.encode(JSONPickle.decode(flat)).isSame(as: flat), "\(name)")
    }
  }

  @Test(arguments: [
    ("tuple", "tuple(1, 2)"),
    ("set", "set(1)"),
    ("bytes", "<2 bytes>"),
    ("complex", "<builtins.complex>"),
    ("nan", "nan"),
    ("np_f32", "numpy.float32 0.5"),
    ("np_bool", "numpy.bool true"),
    ("arr_2d", "numpy.ndarray int64 [[0, 1, 2], [3, 4, 5]]"),
    ("arr_0d", "numpy.ndarray float64 3.5"),
    ("arr_big", "numpy.ndarray float64 [40]"),
    ("dt", "2024-01-02T03:04:05.678900Z"),
    ("date", "datetime.date 2024-01-02"),
    ("td", "<datetime.timedelta>"),
    ("shared", "{one: [1, 2], two: <reference>}"),
    ("type", "<type builtins.int>"),
  ])
  func `names what it does not model`(name: String, description: String) throws {
    let samples = try JSONParser.parse(try Fixture("semantics/flatten.json").bytes())
    let flat = try #require(samples[name]?["flat"])
    #expect(JSONPickle.decode(flat).description == description)
  }

  @Test(
    arguments: [
      (["py/b64": "AP8"], "bytes"),
      (["py/b64": "AP9="], "bytes"),
      (["py/b64": "AP8=", "x": 1], "bytes"),
      (["py/b64": 1], "bytes"),
      (["py/function": "os.getcwd"], "function"),
      (["py/mod": "math/math"], "module"),
      (["py/reduce": [["py/function": "copyreg._reconstructor"], []]], "copyreg._reconstructor"),
      (["__reduce__": 1], "object"),
      (["py/object": 1], "object"),
      (["py/novelty": 1], "novelty"),
      (["a": 1, "py/id": 2], "reference"),
      (["py/object": "lab.Thing", "state": ["py/b64": "AP8="]], "lab.Thing"),
      (time("B+gBAgMEBQpb9A=", "="), "datetime.datetime"),
      // Month 0, February 30, hour 24, more than a million microseconds, the second 02:00.
      (time("B+gAAgMEBQpb9A=="), "datetime.datetime"),
      (time("B+gCHgMEBQpb9A=="), "datetime.datetime"),
      (time("B+gBAhgEBQpb9A=="), "datetime.datetime"),
      (time("B+gBAgMEBf////8="), "datetime.datetime"),
      (time("B+iBAgMEBQpb9A=="), "datetime.datetime"),
      (["py/object": "grail.Timestamp", "microseconds": 0], "grail.Timestamp"),
    ] as [(Value, String)])
  func `leaves a form that is not its own as it stands`(json: Value, typeName: String) {
    let value = JSONPickle.decode(json)
    #expect(value == .opaque(Value.Opaque(typeName: typeName, raw: json)))
    #expect(JSONPickle.encode(value) == json)
  }

  @Test(arguments: [
    (-62_135_596_800_000_000, "AAEBAQAAAAAAAA=="),
    (253_402_300_799_999_999, "Jw8MHxc7Ow9CPw=="),
    (0, "B7IBAQAAAAAAAA=="),
    (1_704_164_645_678_900, "B+gBAgMEBQpb9A=="),
  ])
  func `writes a time as Python's own bytes`(microseconds: Int64, state: String) {
    let value = Value.time(Timestamp(microseconds: microseconds))
    #expect(JSONPickle.encode(value) == Self.time(state))
    #expect(JSONPickle.decode(Self.time(state)) == value)
  }

  @Test(arguments: [Int64.min, -62_135_596_800_000_001, 253_402_300_800_000_000, .max])
  func `keeps a time that Python does not have`(microseconds: Int64) {
    let value = Value.time(Timestamp(microseconds: microseconds))
    #expect(JSONPickle.decode(JSONPickle.encode(value)) == value)
  }

  @Test(arguments: [
    ("plain", "plain"), ("json://1", "json://1"), ("json://\"a\"", "json://\"a\""),
    ("py/tuple", "json://\"py/tuple\""), ("__reduce__", "json://\"__reduce__\""),
    ("json://\"py/a\"", "json://\"json://\\\"py/a\\\"\""),
  ])
  func `protects an author's keys`(key: String, written: String) {
    let value = Value.map([key: 1])
    #expect(JSONPickle.encode(value) == .map([written: 1]))
    #expect(JSONPickle.decode(.map([written: 1])) == value)
  }

  @Test(arguments: 0..<300)
  func `loses nothing of a value`(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let value = Value.random(isPlain: false, using: &generator)
    let json = JSONPickle.encode(value)
    #expect(JSONPickle.decode(json).isSame(as: value))
    let text = JSONWriter.bytes(json, style: .sacred)
    let again = JSONPickle.encode(JSONPickle.decode(try JSONParser.parse(text)))
    #expect(JSONWriter.bytes(again, style: .sacred) == text)
  }

  @Test func `takes values as deep as the parser does`() throws {
    let depth = JSONParser.maximumDepth
    let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let value = JSONPickle.encode(JSONPickle.decode(try JSONParser.parse(Array(text.utf8))))
    #expect(JSONWriter.bytes(value, style: .strict) == Array(text.utf8))
    #expect(value.description == text)
  }

  private static func time(_ state: String...) -> Value {
    [
      "py/object": "datetime.datetime",
      "__reduce__": [["py/type": "datetime.datetime"], .list(state.map { .text($0) })],
    ]
  }
}

@Suite struct Base64Tests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func `is that of RFC 4648`(text: String, encoded: String) {
    #expect(Base64.encode(Array(text.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(text.utf8))
  }

  @Test(arguments: [
    "Z", "Zg=", "Zh==", "Zm9", "Zm9=", "Z===", "====", "Zg==\n", "Zm-v", "Zg==Zg==",
  ])
  func `refuses every other form`(text: String) {
    #expect(Base64.decode(text) == nil)
  }
}

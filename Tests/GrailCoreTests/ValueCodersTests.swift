import Foundation
import GrailCore
import OrderedCollections
import TestSupport
import Testing

@Suite struct ValueCodersTests {
  @Test(arguments: [
    (UInt64(7), Value.int(7)),
    (UInt64.max, .opaque(.init(typeName: "json.number", raw: "18446744073709551615"))),
  ])
  func `a whole number stays exact`(number: UInt64, value: Value) throws {
    #expect(try ValueEncoder().encode(number) == value)
    #expect(try ValueDecoder().decode(UInt64.self, from: value) == number)
  }

  @Test func `integers of every size are whole numbers`() throws {
    struct Sizes: Codable, Equatable {
      var a = Int8.min
      var b = UInt16.max
      var c = Int64.max
      var d = Int128(5)
      var e = UInt128.max
      var f = Int?.some(4)
    }
    let value = try ValueEncoder().encode(Sizes())
    #expect(
      value == [
        "a": -128, "b": 65535, "c": .int(.max), "d": 5,
        "e": .opaque(
          .init(typeName: "json.number", raw: "340282366920938463463374607431768211455")),
        "f": 4,
      ])
    #expect(try ValueDecoder().decode(Sizes.self, from: value) == Sizes())
  }

  @Test func `types of Foundation have their own forms`() throws {
    struct Mixed: Codable, Equatable {
      var date = Date(timeIntervalSince1970: 1.5)
      var data = Data([1, 2])
      var bytes: [UInt8] = [3]
      var none: [UInt8] = []
      var url = URL(string: "https://example.org/a?b")
      var price = Decimal(string: "0.1")
      var exact = Decimal(string: "0.12345678901234567890123")
      var id = UUID(uuidString: "01890A5D-AC96-774B-BCCE-B302099A8057")
      var float: Float = 0.1
      var time = Timestamp(microseconds: 9)
      var any: Value = ["x": .bytes([1])]
    }
    let value = try ValueEncoder().encode(Mixed())
    #expect(
      value == [
        "date": .time(Timestamp(microseconds: 1_500_000)), "data": .bytes([1, 2]),
        "bytes": .bytes([3]), "none": .bytes([]), "url": "https://example.org/a?b", "price": 0.1,
        "exact": "0.12345678901234567890123", "id": "01890A5D-AC96-774B-BCCE-B302099A8057",
        "float": .double(Double(Float(0.1))), "time": .time(Timestamp(microseconds: 9)),
        "any": ["x": .bytes([1])],
      ])
    #expect(try ValueDecoder().decode(Mixed.self, from: value) == Mixed())
  }

  @Test func `structs keep their order and dictionaries are sorted`() throws {
    struct Ordered: Codable, Equatable {
      var zeta = 1
      var alpha = ["b": 1, "a": 2, "C": 3]
      var middle = [10: "x", 9: "y"]
      var nothing: Int?
    }
    let value = try ValueEncoder().encode(Ordered())
    #expect(value.mapValue.map { Array($0.keys) } == ["zeta", "alpha", "middle"])
    #expect(value["alpha"]?.mapValue.map { Array($0.keys) } == ["C", "a", "b"])
    #expect(value["middle"]?.mapValue.map { Array($0.keys) } == ["9", "10"])
    #expect(try ValueDecoder().decode(Ordered.self, from: value) == Ordered())
  }

  @Test func `class hierarchies and nested containers work`() throws {
    let derived = Derived()
    (derived.name, derived.size) = ("n", 3)
    let value = try ValueEncoder().encode(derived)
    #expect(value == ["size": 3, "inner": ["deep": [1, [:], nil]], "super": ["name": "n"]])
    let copy = try ValueDecoder().decode(Derived.self, from: value)
    #expect(copy.name == "n" && copy.size == 3 && copy.deep == 1)
  }

  @Test func `what encodes nothing is an empty map`() throws {
    struct Silent: Encodable { func encode(to encoder: any Encoder) {} }
    struct Empty: Encodable {}
    #expect(try ValueEncoder().encode(Silent()) == [:])
    #expect(try ValueEncoder().encode(Empty()) == [:])
    #expect(try ValueEncoder().encode([Silent()]) == [[:]])
    #expect(try ValueEncoder().encode(Int?.none) == nil)
    #expect(try ValueEncoder().encode([Int]()) == [])
  }

  @Test func `two forms for one value are refused`() {
    struct Torn: Encodable {
      func encode(to encoder: any Encoder) throws {
        _ = encoder.unkeyedContainer()
        var container = encoder.singleValueContainer()
        try container.encode(1)
      }
    }
    #expect(throws: EncodingError.self) { try ValueEncoder().encode(Torn()) }
  }

  @Test func `whole and floating-point numbers stand in for each other`() throws {
    #expect(try ValueDecoder().decode(Double.self, from: 3) == 3)
    #expect(try ValueDecoder().decode(Int.self, from: 3.0) == 3)
    #expect(throws: ValueDecodingError.self) { try ValueDecoder().decode(Int.self, from: 3.5) }
  }

  @Test(
    arguments: [
      ([:], "'count': found nothing, expected a value"),
      (["count": nil], "'count': found nothing, expected a whole number from -128 to 127"),
      (["count": "x"], "'count': found the text 'x', expected a whole number from -128 to 127"),
      (["count": 1, "list": [1, true]], "'list[1]': found 'true', expected a number"),
      (["count": 1, "list": 1], "'list': found '1', expected a list"),
      (3, "found '3', expected a map"),
    ] as [(Value, String)])
  func `an error says where it is, what was found and expected`(value: Value, text: String) {
    struct Target: Decodable {
      var count: Int8
      var list: [Double]?
    }
    let error = #expect(throws: ValueDecodingError.self) {
      try ValueDecoder().decode(Target.self, from: value)
    }
    #expect(error?.description == text)
  }

  @Test func `other coders get plain JSON`() throws {
    let value: Value = [
      "a": [1, 2.5, nil, true, "x"], "t": .time(Timestamp(microseconds: 0)), "b": .bytes([1]),
    ]
    let copy = try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
    #expect(copy["a"] == [1, 2.5, nil, true, "x"])
    #expect(copy["t"] == "1970-01-01T00:00:00Z")
    #expect(copy["b"] == [1])
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `decoding undoes encoding`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let sample = Sample(using: &generator, depth: 3)
    let value = try ValueEncoder().encode(sample)
    #expect(try ValueDecoder().decode(Sample.self, from: value) == sample)
    #expect(try ValueEncoder().encode(value) == value)
    #expect(try ValueDecoder().decode(Value.self, from: value) == value)
  }
}

private class Base: Codable {
  var name = ""
}

private final class Derived: Base {
  var size = 0
  var deep = 0

  enum CodingKeys: CodingKey { case size, inner, deep }

  override init() { super.init() }

  required init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    size = try container.decode(Int.self, forKey: .size)
    let inner = try container.nestedContainer(keyedBy: CodingKeys.self, forKey: .inner)
    var list = try inner.nestedUnkeyedContainer(forKey: .deep)
    deep = try list.decode(Int.self)
    try super.init(from: container.superDecoder())
  }

  override func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(size, forKey: .size)
    var inner = container.nestedContainer(keyedBy: CodingKeys.self, forKey: .inner)
    var list = inner.nestedUnkeyedContainer(forKey: .deep)
    try list.encode(1)
    _ = list.superEncoder()
    try list.encodeNil()
    try super.encode(to: container.superEncoder())
  }
}

private enum Shape: Codable, Equatable {
  case dot
  case box(width: Double, height: Int)
}

private struct Sample: Codable, Equatable {
  var number: Int
  var small: UInt8
  var rate: Double
  var text: String
  var flag: Bool?
  var when: Date
  var shape: Shape
  var table: [String: [Int]]
  var children: [Sample]

  init(using generator: inout SeededGenerator, depth: Int) {
    number = Int(truncatingIfNeeded: generator.next())
    small = .random(in: 0...255, using: &generator)
    rate = .random(in: -1e6...1e6, using: &generator)
    let letters: [Character] = ["a", "é", "\n", "'", "😀"]
    text = String((0..<4).compactMap { _ in letters.randomElement(using: &generator) })
    flag = [true, false, nil].randomElement(using: &generator) ?? nil
    let microseconds = Int64.random(
      in: -1_000_000_000_000_000...4_000_000_000_000_000, using: &generator)
    when = Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
    shape = Bool.random(using: &generator) ? .dot : .box(width: rate, height: number)
    table = ["k\(small)": [number, 1], "": []]
    children =
      depth == 0
      ? [] : (0..<2).map { _ in Sample(using: &generator, depth: depth - 1) }
  }
}

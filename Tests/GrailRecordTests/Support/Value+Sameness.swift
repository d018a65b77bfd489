import GrailCore
import OrderedCollections
import TestSupport

extension Value {
  /// Whether another value is this one to the bit: NaN is itself, 0.0 is not -0.0, and texts that
  /// look alike may differ.
  func isSame(as other: Value) -> Bool {
    switch (self, other) {
    case (.double(let left), .double(let right)):
      left.bitPattern == right.bitPattern || (left.isNaN && right.isNaN)
    case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
    case (.list(let left), .list(let right)):
      left.elementsEqual(right) { $0.isSame(as: $1) }
    case (.map(let left), .map(let right)):
      left.elementsEqual(right) {
        $0.key.utf8.elementsEqual($1.key.utf8) && $0.value.isSame(as: $1.value)
      }
    case (.opaque(let left), .opaque(let right)):
      left.typeName == right.typeName && left.raw.isSame(as: right.raw)
    default: self == other
    }
  }
}

extension Value {
  /// Creates a random value; a plain one has nothing but what JSON has a form for.
  static func random(
    isPlain: Bool, depth: Int = 4, using generator: inout SeededGenerator
  ) -> Value {
    let kinds = isPlain ? 0..<8 : 0..<11
    switch Int.random(in: kinds, using: &generator) {
    case 0: return .null
    case 1: return .bool(.random(using: &generator))
    case 2:
      let bits = Int64(bitPattern: generator.next())
      return .int(bits >> Int64.random(in: 0..<64, using: &generator))
    case 3: return .double(Double(bitPattern: generator.next()))
    case 4: return .double(Double(Int64.random(in: -100...100, using: &generator)) / 8)
    case 5: return .text(randomText(using: &generator))
    case 6 where depth > 0:
      return .list(
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in
          random(isPlain: isPlain, depth: depth - 1, using: &generator)
        })
    case 7 where depth > 0:
      var entries: OrderedDictionary<String, Value> = [:]
      for _ in 0..<Int.random(in: 0...4, using: &generator) {
        let key = isPlain ? randomText(using: &generator) : randomKey(using: &generator)
        entries[key] = random(isPlain: isPlain, depth: depth - 1, using: &generator)
      }
      return .map(entries)
    case 8: return .bytes(generator.bytes(Int.random(in: 0...9, using: &generator)))
    case 9:
      let bits = Int64(bitPattern: generator.next())
      return .time(Timestamp(microseconds: bits >> Int64.random(in: 0..<20, using: &generator)))
    case 10:
      let content = random(isPlain: true, depth: 1, using: &generator)
      return .opaque(Opaque(typeName: "tuple", raw: ["py/tuple": [content]]))
    default: return .int(0)
    }
  }

  private static func randomText(using generator: inout SeededGenerator) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...12, using: &generator) {
      let range: ClosedRange<UInt32> =
        [0...0x7F, 0x20...0x7E, 0...0x2FFF, 0...0x10FFFF].randomElement(using: &generator)
        ?? 0...0x7F
      text.append(Unicode.Scalar(.random(in: range, using: &generator)) ?? "\u{FFFD}")
    }
    return String(text)
  }

  private static func randomKey(using generator: inout SeededGenerator) -> String {
    let keys = [
      "py/tuple", "py/object", "py/b64", "py/", "py/\u{301}", "__reduce__", "json://1",
      "json://\"a\"", "json://\"py/a\"", "json://\"json://\\\"py/a\\\"\"", "json://\"\\u0070y/a\"",
    ]
    return Bool.random(using: &generator)
      ? keys.randomElement(using: &generator) ?? "" : randomText(using: &generator)
  }
}

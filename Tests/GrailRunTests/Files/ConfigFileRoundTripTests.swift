import GrailCore
import GrailRun
import OrderedCollections
import TestSupport
import Testing

@Suite struct ConfigFileRoundTripTests {
  @Test(arguments: ConfigFile.Format.allCases, 0..<300)
  func `reads every value as it was written`(format: ConfigFile.Format, seed: Int) throws {
    var maker = ConfigMaker(seed: UInt64(seed), format: format)
    for _ in 0..<10 { try roundTrip(&maker, format) }
  }

  private func roundTrip(_ maker: inout ConfigMaker, _ format: ConfigFile.Format) throws {
    let schema = maker.schema()
    let value = maker.value(of: schema)
    let text = ConfigFile.text(of: value, format: format, schema: schema)
    do {
      let document = try ConfigDocument(Array(text.utf8), format: format, path: "f")
      let (changes, problems) = schema.read(document)
      #expect(problems == [], "\(text)")
      let read = try schema.defaults.applying(changes)
      #expect(read.comparable == value.comparable, "\(text)")
      // Nothing moves when what was read is written again.
      #expect(ConfigFile.text(of: read, format: format, schema: schema) == text)
    } catch {
      Issue.record("\(error)\n\(text)")
    }
  }

  @Test(arguments: ConfigFile.Format.allCases)
  func `needs no schema to write plain values`(format: ConfigFile.Format) throws {
    let value: Value = ["layers": 3, "data": ["path": "no", "split": ["test": 0.5]], "fast": true]
    let text = ConfigFile.text(of: value, format: format, schema: nil)
    let (values, lines) = reading(text, format)
    #expect(lines == [])
    #expect(values == ["layers": 3, "data.path": "no", "data.split.test": 0.5, "fast": true])
  }

  private static let shown: Value = [
    "layers": 7, "rate": 1e-5, "single": .double(.infinity), "fast": true, "optimizer": "adam",
    "name": "no", "note": "two\nlines", "limit": nil,
    "start": .time(Timestamp(microseconds: 1_772_357_400_000_000)), "widths": [32, 64],
    "bounds": ["a b": 0.5], "counts": ["1": []], "raw": .bytes([1]),
    "free": [["x": 1, "y": ["z"]], ["x": nil]],
    "data": ["path": "x.csv", "size": 1, "split": ["test": 0.25]], "extra": nil,
  ]

  @Test(arguments: [
    (
      ConfigFile.Format.json,
      #"""
      {
        "layers": 7,
        "rate": 1e-05,
        "single": "Infinity",
        "fast": true,
        "optimizer": "adam",
        "name": "no",
        "note": "two\nlines",
        "limit": null,
        "start": "2026-03-01T09:30:00Z",
        "widths": [32, 64],
        "bounds": {
          "a b": 0.5
        },
        "counts": {
          "1": []
        },
        "raw": [1],
        "free": [
          {
            "x": 1,
            "y": ["z"]
          },
          {
            "x": null
          }
        ],
        "data": {
          "path": "x.csv",
          "size": 1,
          "split": {
            "test": 0.25
          }
        },
        "extra": null
      }

      """#
    ),
    (
      .yaml,
      #"""
      layers: 7
      rate: 1.0e-05
      single: .inf
      fast: true
      optimizer: adam
      name: "no"
      note: "two\nlines"
      limit: null
      start: 2026-03-01T09:30:00Z
      widths: [32, 64]
      bounds:
        a b: 0.5
      counts:
        1: []
      raw: [1]
      free:
        - x: 1
          y: [z]
        - x: null
      data:
        path: x.csv
        size: 1
        split:
          test: 0.25
      extra: null

      """#
    ),
    (
      .toml,
      #"""
      layers = 7
      rate = 1e-05
      single = inf
      fast = true
      optimizer = "adam"
      name = "no"
      note = "two\nlines"
      start = 2026-03-01T09:30:00Z
      widths = [32, 64]
      raw = [1]
      free = [{ x = 1, y = ["z"] }, { x = "none" }]

      [bounds]
      "a b" = 0.5

      [counts]
      1 = []

      [data]
      path = "x.csv"
      size = 1

      [data.split]
      test = 0.25

      """#
    ),
  ])
  func `writes as people do`(format: ConfigFile.Format, text: String) {
    #expect(ConfigFile.text(of: Self.shown, format: format, schema: .sample) == text)
  }
}

extension Value {
  /// The value with texts for what is not equal to itself.
  fileprivate var comparable: Value {
    switch self {
    case .double(let number) where number.isNaN: "not a number"
    case .list(let elements): .list(elements.map(\.comparable))
    case .map(let entries):
      // TOML has the tables of a level last, so the order is not compared there.
      .map(
        OrderedDictionary(
          uniqueKeysWithValues: entries.mapValues(\.comparable).sorted { $0.key < $1.key }))
    default: self
    }
  }
}

/// Makes schemas and values of them by chance, the same for the same seed.
private struct ConfigMaker {
  private var random: SeededGenerator
  private let format: ConfigFile.Format

  init(seed: UInt64, format: ConfigFile.Format) {
    random = SeededGenerator(seed: seed &* 0xD1B5_4A32_D192_ED03)
    self.format = format
  }

  private mutating func below(_ limit: Int) -> Int { random.below(limit) }

  private mutating func one<T>(of choices: [T]) -> T { choices[below(choices.count)] }

  // MARK: Schemas

  mutating func schema() -> ConfigSchema { ConfigSchema(entries(depth: 0)) }

  private mutating func entries(depth: Int) -> [ConfigEntry] {
    (0..<1 + below(5)).map { index in
      let type = type(depth: depth)
      let name = one(of: ["a", "é", "no", "x-y", "with space", "1", "true", "\"q\""]) + "\(index)"
      if let members = type.unwrapped.groupEntries, !type.isOptional || below(2) == 0 {
        return ConfigEntry(name, type, default: ConfigSchema(members).defaults)
      }
      return ConfigEntry(name, type, default: type.isOptional ? .null : value(of: type))
    }
  }

  private mutating func type(depth: Int) -> ConfigType {
    switch below(depth < 3 ? 17 : 12) {
    case 0: return .int(name: "Int", min: .min, max: UInt64(Int64.max))
    case 1: return .int(name: "UInt64", min: 0, max: .max)
    case 2: return .double(name: "Double", isSingle: false)
    case 3: return .double(name: "Float", isSingle: true)
    case 4: return .bool(name: "Bool")
    case 5, 6: return .text(name: "String")
    case 7: return .time(name: "Date")
    case 8: return .bytes(name: "Data")
    case 9:
      return .choice(name: "Mode", ["sgd": "sgd", "none": "none", "1": 1, "true": ["x": [:]]])
    case 10: return .any(name: "Value")
    case 11: return .duration(name: "Duration")
    case 12, 13: return .optional(type(depth: depth + 1))
    case 14: return .list(of: type(depth: depth + 1))
    case 15:
      let key = below(2) == 0 ? ConfigType.text(name: "String") : .int(name: "Int", min: -9, max: 9)
      return .map(key: key, of: type(depth: depth + 1))
    default: return .group(name: "Group", entries(depth: depth + 1))
    }
  }

  // MARK: Values

  mutating func value(of schema: ConfigSchema) -> Value { map(schema.entries) }

  private mutating func map(_ entries: [ConfigEntry]) -> Value {
    var map: OrderedDictionary<String, Value> = [:]
    for entry in entries {
      // As in a configuration, only an optional group that is there by default has values inside.
      map[entry.name] =
        entry.type.isOptional && below(3) == 0 ? .null : value(of: entry.type)
    }
    return .map(map)
  }

  private mutating func value(of type: ConfigType) -> Value {
    switch type {
    case .int(_, let min, let max):
      if max > UInt64(Int64.max), below(2) == 0 {
        return .opaque(.init(typeName: "json.number", raw: .text("\(UInt64.max)")))
      }
      return .int(one(of: [min, Int64(clamping: max), Swift.max(min, 0), 7]))
    case .double(_, let isSingle):
      let number = number
      return .double(isSingle ? Double(Float(number)) : number)
    case .bool: return .bool(below(2) == 0)
    case .text: return .text(text)
    case .time:
      let times: [Int64] = [
        0, 1, -1, 1_772_357_400_250_000, -62_000_000_000_000_000, 253_402_300_799_999_999,
      ]
      return .time(Timestamp(microseconds: one(of: times)))
    case .bytes: return .bytes((0..<below(4)).map { _ in UInt8(below(256)) })
    case .choice(_, let cases): return one(of: Array(cases.values))
    case .optional(let wrapped): return below(3) == 0 ? .null : value(of: wrapped)
    case .list(let element): return .list((0..<below(4)).map { _ in value(of: element) })
    case .map(let key, let element):
      var map: OrderedDictionary<String, Value> = [:]
      for _ in 0..<below(4) {
        let name = if case .int = key { "\(below(10) - 5)" } else { text }
        map[name] = value(of: element)
      }
      return .map(map)
    case .group(_, let entries): return map(entries)
    case .any: return untyped(depth: 0)
    case .duration: return .text(one(of: ["90ms", "1h30m", "0s", "-1.5s"]))
    case .secret, .variant: return .null
    }
  }

  private mutating func untyped(depth: Int) -> Value {
    switch below(depth < 3 ? 8 : 6) {
    case 0: return .null
    case 1: return .bool(below(2) == 0)
    case 2: return .int(one(of: [0, -1, .max, .min]))
    case 3:
      let number = number
      // JSON has texts for these, which an entry of unknown type takes as they stand.
      return .double(format == .json && !number.isFinite ? 0.5 : number)
    case 4, 5: return .text(text)
    case 6: return .list((0..<below(4)).map { _ in untyped(depth: depth + 1) })
    default:
      var map: OrderedDictionary<String, Value> = [:]
      for _ in 0..<below(4) { map[text] = untyped(depth: depth + 1) }
      return .map(map)
    }
  }

  private var number: Double {
    mutating get {
      one(of: [
        0, -0.0, 0.1, 1e-5, 1e22, -1.5e300, .infinity, -.infinity, .nan, .leastNonzeroMagnitude,
        .greatestFiniteMagnitude, 3, 16_777_217,
      ])
    }
  }

  private var text: String {
    mutating get {
      switch below(4) {
      case 0, 1:
        return one(of: [
          "", " ", "none", "None", "'none'", "''null''", "'", "null", "~", "true", "False", "yes",
          "1e3", "0x1F", ".inf", "NaN", "2026-03-01", "2026-03-01T09:30:00Z", "12:30:00", "<<",
          "*a", "&a", "!t", "a: b", "a #b", "- a", "? a", "---", "...", "%a", "@a", "`a", "[a",
          "{a",
          "\"a\"", "C:\\data", "two\nlines\n", "\r\n", "\ttab", " a ", "a  b", "\u{0}", "\u{7F}",
          "\u{85}", "\u{2028}", "a\u{FEFF}", "\u{FFFE}", "é😀", "e\u{301}", "__doc__", "py/tuple",
          String(repeating: "long ", count: 300), "a.b", "=", "json://\"py/x\"",
        ])
      case 2: return String((0..<below(6)).map { _ in one(of: Array("ab:#-'\"\\\n,[]{} ")) })
      default: return one(of: ["abc", "a b", "x.csv", "/tmp/x", "A-1"])
      }
    }
  }
}

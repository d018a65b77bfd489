#if Macros
  import GrailCore
  import GrailRun
  import OrderedCollections
  import TestSupport
  import Testing

  @testable import Grail

  @Suite struct ConfigTypesTests {
    @Test(
      arguments: [
        ("count", "-4", -4), ("small", "255", 255), ("rate", "1e-3", 0.001), ("rate", "2", 2.0),
        ("single", "0.3", .double(Double(Float(0.3)))), ("fast", "True", true),
        ("fast", "false", false), ("name", "a string", "a string"),
        ("name", "'a string'", "a string"),
        ("name", "none", "none"),
        ("site", "https://example.org/x?y=z", "https://example.org/x?y=z"),
        ("link", "https://example.org", "https://example.org"), ("link", "None", nil),
        ("day", "2026-03-01T09:30:00Z", .time(Timestamp(microseconds: 1_772_357_400_000_000))),
        ("wait", "1h30m", "1h30m"), ("wait", "90", "1m30s"), ("wait", "0.25s", "250ms"),
        ("waits", "[1m, 2, 3.5s]", ["1m", "2s", "3.5s"]), ("color", "green", "green"),
        ("colors", "[red, 'green']", ["red", "green"]), ("level", "5", 5), ("maybe", "1", 1),
        ("maybe", "null", nil), ("note", "none", nil), ("note", "''", ""), ("limit", "4", 4),
        ("widths", "[]", []), ("widths", "(1, 2,)", [1, 2]),
        ("grid", "[[1], [2, 3.5]]", [[1.0], [2.0, 3.5]]),
        ("bounds", "{a: 1, 'b c': 2}", ["a": 1.0, "b c": 2.0]),
        ("table", "{a: [1], b: []}", ["a": [1], "b": []]), ("palette", "{red: 1}", ["red": 1]),
        ("tags", "[x]", ["x"]), ("point", "{x: 4, y: 1}", ["x": 4, "y": 1.0, "label": nil]),
        ("spot", "{x: 4, y: 1}", ["x": 4, "y": 1.0]), ("spot", "none", nil),
        ("spots", "[{x: 1, y: 2}]", [["x": 1, "y": 2.0]]),
      ] as [(String, String, Value)])
    func `every type of property is read, kept, shown and read again`(
      name: String, text: String, value: Value
    ) throws {
      let config = try resolve(Every.self, ["\(name)=\(text)"])
      let recorded = try #require(config.value[name])
      #expect(recorded.withoutNulls == value.withoutNulls)
      // What is shown of it is read as the same again.
      let schema = try ObjectModel<Every>().schema
      let shown = try schema.entry(at: name).type.text(of: recorded)
      let again = try resolve(Every.self, ["\(name)=\(shown)"])
      #expect(again.value == config.value, "\(shown)")
    }

    @Test(
      arguments: [
        ("count=1.5", "'count' is Int, and '1.5' is none; write a whole number such as count=3"),
        (
          "small=256",
          "'small' is UInt8, and '256' is out of its range, 0 to 255; write a whole number such as small=7"
        ),
        ("fast=yes", "'fast' is Bool, and 'yes' is none; write fast=true or fast=false"),
        (
          "wait=soon",
          "'wait' is Duration, and 'soon' is none; write a length of time such as wait=1m30s"
        ),
        (
          "waits=[x]",
          "'waits[0]' is Duration, and 'x' is none; write a list such as 'waits=[90s, 90s]'"
        ),
        (
          "day=noon",
          "'day' is Date, and 'noon' is none; write a time such as day=1970-01-01T00:00:00Z"
        ),
        ("color=gren", "'color' is Color, and 'gren' is none of red, green; did you mean 'green'?"),
        ("level=2", "'level' cannot be '2': Cannot initialize Level from invalid Int value 2"),
        (
          "limit=x",
          "'limit' is Int, and 'x' is none; write a whole number such as limit=1, or limit=none"
        ),
        (
          "widths.2=1",
          "there is no entry 'widths.2'; 'widths' has 2 elements, the last is 'widths.1'"
        ),
        (
          "widths.-1=1",
          "there is no entry 'widths.-1'; 'widths' has 2 elements, the last is 'widths.1'"
        ),
        (
          "widths.01=1",
          "there is no entry 'widths.01'; 'widths' is [Int], of which 'widths.0' is the first element"
        ),
        (
          "widths.x=1",
          "there is no entry 'widths.x'; 'widths' is [Int], of which 'widths.0' is the first element"
        ),
        ("point.z=1", "there is no entry 'point.z'; did you mean 'point.x'?"),
        ("images.sise=1", "there is no entry 'images.sise'; did you mean 'images.size'?"),
        ("images.size=-1", "'images.size' cannot be '-1': it must not be negative"),
      ])
    func `what does not fit is one clear line`(word: String, line: String) {
      #expect(problems(Every.self, [word]) == [line])
    }

    @Test func `elements of lists and maps are set beside the whole`() throws {
      let config = try resolve(
        Every.self,
        [
          "widths.1=64", "widths=[1, 2]", "bounds.high=2", "table={a: [1, 2]}", "table.a.0=5",
          "point.x=9", "palette.green=3", "spots=[{x: 1, y: 1}, {x: 2, y: 2}]", "spots.1.x=7",
        ]
      ).config
      #expect(config.widths == [1, 64] && config.bounds == ["low": 0, "high": 2])
      #expect(config.table == ["a": [5, 2]] && config.point == Spot(x: 9))
      #expect(config.palette == [.green: 3] && config.spots.map(\.x) == [1, 7])
    }

    @Test func `all problems come at once, in the order of the words`() {
      let words = [
        "widths=[x]", "conut=1", "count=x", "big", "rate=1", "rate=2", "point={x: 1}", "point.y=1",
        "images.size=-1", "fast=maybe", "table={a: [}", "count.x=1",
      ]
      #expect(
        problems(Every.self, words) == [
          "'widths[0]' is Int, and 'x' is none; write a list such as 'widths=[32, 32]'",
          "there is no entry 'conut'; did you mean 'count'?",
          "'count' is Int, and 'x' is none; write a whole number such as count=3",
          "there is no named configuration or file 'big'; this experiment has none; an update is "
            + "written NAME=VALUE",
          "'rate' is set twice, to '1' and to '2'; write it once",
          "'point' and its part 'point.y' are both set; set one of them",
          "'images.size' cannot be '-1': it must not be negative",
          "'fast' is Bool, and 'maybe' is none; write fast=true or fast=false",
          "'table' is [String: [Int]], and '{a: [}' has no closing ']'; write a map such as "
            + "'table={name: [1, 1]}'",
          "there is no entry 'count.x'; 'count' is Int and has no entries",
        ])
    }

    // MARK: - Anything at all

    @Test(arguments: 0..<400 as Range<UInt64>)
    func `random words are read or refused in lines`(seed: UInt64) {
      var generator = SeededGenerator(seed: seed)
      let schema = (try? ObjectModel<Every>().schema) ?? ConfigSchema([])
      let names =
        schema.flattened.map(\.name) + [
          "", ".", "a.b", "widths.0", "bounds.", "keys.a", "logins.0.user", "spots.0", "seed",
          "choice",
        ]
      let pieces = [
        "[", "]", "{", "}", "(", ",", ":", "'", "\"", "\\", "\\u", "\\ud83d", "0x", "_", "1", "-",
        "e", "none", "é", "\n", " ", "=", ".", "inf", "\u{0}", "👩‍👩‍👧", "true", "red", "1h",
        "2026-03-01",
        "user", "x: 1", "9223372036854775808", "nan",
      ]
      let words = (0..<5).map { _ in
        let length = Int.random(in: 0...6, using: &generator)
        let text = (0..<length).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
        let name = names.randomElement(using: &generator) ?? ""
        return name + (Int.random(in: 0..<8, using: &generator) == 0 ? "" : "=") + text
      }
      for line in problems(Every.self, words) {
        #expect(!line.isEmpty && !line.contains("\n"))
      }
    }
  }

  extension Value {
    /// The value without absent entries of structs, which need not be written.
    fileprivate var withoutNulls: Value {
      switch self {
      case .map(let entries): .map(entries.filter { !$0.value.isNull }.mapValues(\.withoutNulls))
      case .list(let elements): .list(elements.map(\.withoutNulls))
      default: self
      }
    }
  }
#endif

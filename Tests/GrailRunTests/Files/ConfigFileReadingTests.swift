import GrailCore
import GrailRun
import Testing

/// What a file sets and what is wrong with it, as the command line would print it.
func reading(
  _ text: String, _ format: ConfigFile.Format, schema: ConfigSchema = .sample
) -> (values: [String: Value], lines: [String]) {
  reading(Array(text.utf8), format, schema: schema)
}

func reading(
  _ bytes: [UInt8], _ format: ConfigFile.Format, schema: ConfigSchema = .sample
) -> (values: [String: Value], lines: [String]) {
  do {
    let document = try ConfigDocument(bytes, format: format, path: "config.\(format)")
    let (changes, problems) = schema.read(document)
    let values = Dictionary(changes.map { ($0.path, $0.value) }) { first, _ in first }
    return (values, problems.map(\.message))
  } catch {
    return ([:], error.problems.map(\.message))
  }
}

@Suite struct ConfigFileReadingTests {
  private static let json = #"""
    {
      "__doc__": "Left out",
      "layers": 12, "seed": 18446744073709551615, "rate": 1e-3, "single": "Infinity",
      "fast": true, "optimizer": "adam", "name": "naïve \u00e9\n2", "note": null, "limit": 4,
      "start": "2026-03-01T09:30:00Z",
      "widths": [32, 64], "names": ["1e3", "none", "a: b"], "modes": ["sgd", null],
      "bounds": {"a b": 0.5, "x.y": -2}, "counts": {"1": [], "0x10": [2]}, "raw": [0, 255],
      "free": {"a": [1, 2.5, true, null, "3"]},
      "data.path": "x.csv", "data": {"split.test": 0.5},
      "extra": {"size": 3}
    }
    """#

  private static let yaml = """
    # By hand
    __doc__: Left out
    layers: 12
    seed: 18446744073709551615
    rate: 1e-3
    single: .inf
    fast: true
    optimizer: adam
    name: "naïve \\u00e9\\n2"
    note: ~
    limit: &four 4
    start: 2026-03-01 09:30
    widths: [32, 64]
    names:
      - 1e3
      - none
      - 'a: b'
    modes: [sgd, null]
    bounds: {a b: 0.5, x.y: -2}
    counts:
      1: []
      0x10: [2]
    raw: [0, 255]
    free: {a: [1, 2.5, true, null, "3"]}
    data.path: x.csv
    data:
      split.test: 0.5
    extra:
      size: 3

    """

  private static let toml = #"""
    # By hand
    __doc__ = "Left out"
    layers = 12
    seed = 18446744073709551615
    rate = 1e-3
    single = inf
    fast = true
    optimizer = 'adam'
    name = """
    naïve \u00e9
    2"""
    note = "none"
    limit = 4
    start = 2026-03-01t09:30:00z
    widths = [
      32, # comment
      64,
    ]
    names = ['1e3', "none", "a: b"]
    modes = ["sgd", "none"]
    bounds = { "a b" = 0.5, "x.y" = -2 }
    raw = [0, 255]
    data.path = "x.csv"
    free.a = [1, 2.5, true, "none", "3"]

    [counts]
    1 = []
    0x10 = [2]

    [data.split]
    test = 0.5

    [extra]
    size = 3
    """#

  private static let values: [String: Value] = [
    "layers": 12,
    "seed": .opaque(.init(typeName: "json.number", raw: "18446744073709551615")),
    "rate": 0.001, "single": .double(.infinity), "fast": true, "optimizer": "adam",
    "name": "naïve é\n2", "note": nil, "limit": 4,
    "start": .time(Timestamp(microseconds: 1_772_357_400_000_000)), "widths": [32, 64],
    "names": ["1e3", "none", "a: b"], "modes": ["sgd", nil],
    "bounds": ["a b": 0.5, "x.y": -2.0], "counts": ["1": [], "16": [2]],
    "raw": .bytes([0, 255]), "free": ["a": [1, 2.5, true, nil, "3"]],
    "data.path": "x.csv", "data.split.test": 0.5, "extra": ["size": 3],
  ]

  @Test(arguments: [(ConfigFile.Format.json, json), (.yaml, yaml), (.toml, toml)])
  func `reads every type in every format`(format: ConfigFile.Format, text: String) {
    let (values, lines) = reading(text, format)
    #expect(lines == [])
    for (name, value) in Self.values { #expect(values[name] == value, "\(name)") }
    #expect(values.count == Self.values.count)
    // Neither a byte order mark nor the line ends of other systems make a difference.
    let other =
      "\u{FEFF}"
      + text.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\r\n")
    #expect(reading(other, format).values == values)
  }

  @Test(arguments: [
    ("no", "no"), ("123", "123"), ("1e3", "1e3"), ("0x1F", "0x1F"), ("true", "true"),
    ("none", "none"), (".inf", ".inf"), ("2026-03-01", "2026-03-01"), ("'null'", "null"),
    ("!!str null", "null"), ("a b  # comment", "a b"), ("|\n  a\n  b\n", "a\nb\n"),
    (">\n  a\n  b\n", "a b\n"), ("http://x.org/#a", "http://x.org/#a"), ("a\n  b", "a b"),
  ])
  func `takes a plain scalar of YAML as the text that it is`(source: String, text: String) {
    #expect(reading("name: \(source)", .yaml).values == ["name": .text(text)])
  }

  @Test func `puts aliases and merged maps in their places`() {
    let text = """
      free: &base {a: 1, b: 2}
      bounds: {<<: [*base, {c: 3}], b: 4}
      data: &data {path: x}
      extra:
        <<: *data
        size: 1
      """
    let (values, lines) = reading(text, .yaml)
    #expect(lines == [])
    #expect(values["bounds"] == ["b": 4.0, "a": 1.0, "c": 3.0])
    #expect(values["extra"] == ["size": 1, "path": "x"])
  }

  @Test func `reads what jsonpickle wrote as a list, bytes or a time`() {
    let text = #"""
      {"widths": {"py/tuple": [1, 2]}, "names": {"py/set": ["a"]}, "raw": {"py/b64": "AP8="},
       "start": {"py/object": "datetime.datetime", "__reduce__": [
         {"py/type": "datetime.datetime"}, ["B+oDAQkeAAAAAA=="]]},
       "rate": NaN, "single": -Infinity}
      """#
    let (values, lines) = reading(text, .json)
    #expect(lines == [])
    #expect(values["widths"] == [1, 2])
    #expect(values["names"] == ["a"])
    #expect(values["raw"] == .bytes([0, 255]))
    #expect(values["start"] == .time(Timestamp(microseconds: 1_772_357_400_000_000)))
    #expect(values["rate"]?.doubleValue?.isNaN == true)
    #expect(values["single"] == .double(-.infinity))
  }

  @Test(arguments: [
    ("", ConfigFile.Format.yaml), ("# a\n", .yaml), ("---\n", .yaml), ("", .toml), ("{}", .json),
  ])
  func `takes a file that says nothing for one that sets nothing`(
    text: String, format: ConfigFile.Format
  ) {
    let (values, lines) = reading(text, format)
    #expect(values == [:])
    #expect(lines == [])
  }

  @Test func `finds the place of an entry`() throws {
    let text = "layers: 1\ndata:\n  split.test: 0.5\n  path: x\nbounds: {a: 1}\n"
    let document = try ConfigDocument(Array(text.utf8), format: .yaml, path: "c.yaml")
    #expect(document.line(at: "data.path", "no") == "c.yaml:4:9: no")
    #expect(document.line(at: "data.split.test", "no") == "c.yaml:3:15: no")
    #expect(document.line(at: "bounds.a", "no") == "c.yaml:5:13: no")
    #expect(document.line(at: "layers.x", "no") == "c.yaml:1:9: no")
    #expect(document.line(at: "rate", "no") == "c.yaml: no")
  }

  @Test func `says where an entry was set`() throws {
    let document = try ConfigDocument(
      Array("data: {size: 5}".utf8), format: .yaml, path: "config.yaml")
    let change = try #require(ConfigSchema.sample.read(document).changes.first)
    #expect(
      change == ConfigChange(path: "data.size", value: 5, text: "5", place: "config.yaml:1:8"))
  }

  @Test func `a file may be about one group`() throws {
    let document = try ConfigDocument(Array("size: 5\nsise: 6".utf8), format: .yaml, path: "d.yaml")
    let (changes, problems) = ConfigSchema.sample.read(document, at: "data")
    #expect(changes.map(\.path) == ["data.size"])
    #expect(
      problems.map(\.message)
        == ["d.yaml:2:1: there is no entry 'data.sise'; did you mean 'data.size'?"])
  }

  @Test(arguments: ["optimizer: adam\noptimizer.beta: 1", "optimizer: {choice: adam, beta: 1}"])
  func `a file chooses a branch`(text: String) throws {
    let branches = [
      ConfigBranchEntries(
        name: "sgd", help: "", entries: [ConfigEntry("rate", .double, default: 0.1)]),
      ConfigBranchEntries(
        name: "adam", help: "", entries: [ConfigEntry("beta", .double, default: 0.9)]),
    ]
    let schema = ConfigSchema([
      ConfigEntry(
        "optimizer", .variant(name: "Optimizer", selected: "sgd", branches),
        default: ["choice": "sgd", "rate": 0.1])
    ])
    let document = try ConfigDocument(Array(text.utf8), format: .yaml, path: "o.yaml")
    let (changes, problems) = schema.read(document)
    #expect(problems == [])
    #expect(changes.map(\.path) == ["optimizer.choice", "optimizer.beta"])
    #expect(changes.map(\.value) == ["adam", 1.0])
  }
}

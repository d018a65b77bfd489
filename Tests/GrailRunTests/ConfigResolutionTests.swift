import GrailCore
import GrailRun
import OrderedCollections
import TestSupport
import Testing

@Suite struct ConfigResolutionTests {
  @Test(arguments: [
    ("rate=0.1", "rate", "0.1"), ("query=a=b", "query", "a=b"), (" a.b = c d ", "a.b", "c d"),
    ("x=", "x", ""),
  ])
  func `an update splits at the first equals sign`(word: String, path: String, text: String) throws
  {
    #expect(try ConfigUpdate(parsing: word) == ConfigUpdate(path: path, text: text))
  }

  @Test func `updates are merged over the defaults in their order`() throws {
    let result = try ConfigSchema.sample.resolve([
      "data={path: x.csv, split: {test: 0.5}}", "layers=3", "bounds.b=2", "counts.07=[1]",
    ])
    #expect(
      result.modified == [
        ConfigChange(path: "data.path", value: "x.csv"),
        ConfigChange(path: "data.split.test", value: 0.5),
        ConfigChange(path: "layers", value: 3, text: "3"),
        ConfigChange(path: "bounds.b", value: 2.0, text: "2"),
        ConfigChange(path: "counts.7", value: [1], text: "[1]"),
      ])
    #expect(result.config["data"] == ["path": "x.csv", "size": 100, "split": ["test": 0.5]])
    #expect(result.config["bounds"] == ["a": 1.0, "b": 2.0])
    #expect(result.config.mapValue?.keys == ConfigSchema.sample.defaults.mapValue?.keys)
    #expect(try ConfigSchema.sample.resolve([]).config == ConfigSchema.sample.defaults)
  }

  @Test func `an optional group that is absent can be set in parts`() throws {
    let result = try ConfigSchema.sample.resolve(["extra.path=y", "extra.size=1"])
    #expect(result.config["extra"] == ["path": "y", "size": 1])
  }

  @Test func `a map is replaced as a whole`() throws {
    #expect(try ConfigSchema.sample.resolve(["bounds={b: 1}"]).config["bounds"] == ["b": 1.0])
  }

  @Test func `all problems are reported at once, in the order of the words`() {
    let error = #expect(throws: ConfigProblems.self) {
      try ConfigSchema.sample.resolve([
        "layrs=3", "layers=4", "rate=x", "layers=many", "data={size: 1}", "data.path=y", "big",
        "data=3",
      ])
    }
    #expect(
      error?.description == """
        there is no entry 'layrs'; did you mean 'layers'?
        'rate' is Double, and 'x' is none; write a number such as rate=0.1
        'layers' is set twice, to '4' and to 'many'; write it once
        'layers' is Int, and 'many' is none; write a whole number such as layers=7
        'data' and its part 'data.path' are both set; set one of them
        'big' is no update; write NAME=VALUE
        'data' is set twice, to '{size: 1}' and to '3'; write it once
        'data' is Data, and '3' is none; its entries are data.path, data.size, data.split
        """)
    #expect(
      error?.problems.map(\.code) == [
        .unknownEntry, .wrongType, .duplicate, .wrongType, .conflict, .notAnUpdate, .duplicate,
        .wrongType,
      ])
  }

  @Test func `the schema lists its entries flat`() {
    let leaves = ConfigSchema.sample.leaves
    #expect(
      leaves.map(\.name).suffix(5) == [
        "free", "data.path", "data.size", "data.split.test", "extra",
      ])
    #expect(
      leaves.map(\.typeDescription) == [
        "Int", "Int8", "UInt64", "Double", "Float", "Bool", "Optimizer (sgd, adam)", "String",
        "String?", "Int?", "Date", "[Int]", "[String]", "[Optimizer?] (sgd, adam)",
        "[String: Double]", "[Int: [Int]]", "Data", "Value", "String", "Int", "Double", "Data?",
      ])
    #expect(leaves.first { $0.name == "optimizer" }?.choices == ["sgd", "adam"])
    #expect(leaves.first { $0.name == "note" }?.isOptional == true)
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `no list of words stops the program`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let names = ConfigSchema.sample.flattened.map(\.name) + ["", ".", "a.b", "bounds.", "free.x.y"]
    let pieces = [
      "[", "]", "{", "}", "(", ")", ",", ":", "'", "\"", "\\", "\\u", "d83d", "\\ud83d", "0x", "_",
      "1", "-", "e", "none", "é", "\n", " ", "=", ".", "inf", "\u{0}", "👩‍👩‍👧", "\u{301}",
    ]
    let words = (0..<5).map { _ in
      let length = Int.random(in: 0...12, using: &generator)
      let text = (0..<length).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
      let name = names.randomElement(using: &generator) ?? ""
      return name + (Int.random(in: 0..<5, using: &generator) == 0 ? "" : "=") + text
    }
    do {
      _ = try ConfigSchema.sample.resolve(words)
    } catch {
      #expect(!error.problems.isEmpty)
      #expect(error.problems.allSatisfy { !$0.message.contains("\n") })
    }
  }

  @Test(arguments: ["[", "{a:", "("])
  func `deep nesting is refused`(opening: String) {
    let text = String(repeating: opening, count: 100_000)
    let error = #expect(throws: ConfigProblems.self) {
      try ConfigSchema.sample.resolve(["free=\(text)"])
    }
    #expect(error?.problems.first?.message.contains("more than 64 brackets in brackets") == true)
  }
}

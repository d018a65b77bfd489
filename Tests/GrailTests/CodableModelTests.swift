import Foundation
import GrailCore
import GrailRun
import TestSupport
import Testing

@testable import Grail

enum Optimizer: String, Codable, CaseIterable { case sgd, adam }

enum Mode: Codable, CaseIterable { case slow, fast }

enum Level: Int, Codable { case low = 1, high = 5 }

struct DataSettings: Codable, Equatable {
  var path = "train.csv"
  var size = 100
}

struct Celsius: Codable, Equatable {
  var degrees: Double

  init(_ degrees: Double) { self.degrees = degrees }

  init(from decoder: any Decoder) throws {
    degrees = try decoder.singleValueContainer().decode(Double.self)
    guard degrees >= -273.15 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "colder than nothing"))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(degrees)
  }
}

struct Pair: Codable, Equatable {
  var x = 1
  var y = 2

  init() {}

  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    x = try container.decode(Int.self)
    y = try container.decode(Int.self)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(x)
    try container.encode(y)
  }
}

final class Tree: Codable, Sendable {
  let name: String
  let children: [Tree]

  init(_ name: String, _ children: [Tree] = []) { (self.name, self.children) = (name, children) }
}

struct Settings: Configurable {
  var layers = 7
  var rate = 0.1
  var single: Float = 0.5
  var optimizer = Optimizer.sgd
  var second: Optimizer?
  var mode = Mode.slow
  var level = Level.low
  var maybeLevel: Level?
  var data = DataSettings()
  var extra: DataSettings?
  var note: String?
  var widths = [32, 32]
  var optimizers: [Optimizer?] = []
  var grid: [[Double]]? = [[1]]
  var limits: [String: Double] = [:]
  var counts: [Int: String] = [:]
  var start = Date(timeIntervalSince1970: 0)
  var site = URL(string: "https://example.org")
  var raw = Data()
  var bytes: [UInt8] = []
  var big: Int128 = 1
  var warmth = Celsius(20)
  var pair = Pair()
  var tree = Tree("root", [Tree("leaf")])
  var id: UUID?
  var tags: Set<String> = []
  var free: Value = nil
}

struct Span: Configurable {
  var low = 1
  var high = 3

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    low = try container.decode(Int.self, forKey: .low)
    high = try container.decode(Int.self, forKey: .high)
    if low > high { throw Upside(low: low, high: high) }
  }

  struct Upside: Error, CustomStringConvertible {
    var low: Int
    var high: Int
    var description: String { "\(low) is more than\n\(high)" }
  }
}

@Suite struct CodableModelTests {
  @Test func `the schema names every entry with its type and default`() throws {
    let schema = try CodableModel(defaults: Settings()).schema
    let lines = schema.leaves.map { "\($0.name): \($0.typeDescription) = \($0.defaultText)" }
    #expect(
      lines == [
        "layers: Int = 7", "rate: Double = 0.1", "single: Float = 0.5",
        "optimizer: Optimizer (sgd, adam) = sgd", "second: Optimizer? (sgd, adam) = none",
        "mode: Mode (slow, fast) = slow", "level: Level = 1", "maybeLevel: Level? = none",
        "data.path: String = train.csv", "data.size: Int = 100", "extra: DataSettings? = none",
        "note: String? = none", "widths: [Int] = [32, 32]",
        "optimizers: [Optimizer?] (sgd, adam) = []", "grid: [[Double]]? = [[1.0]]",
        "limits: [String: Double] = {}", "counts: [Int: String] = {}",
        "start: Date = 1970-01-01T00:00:00Z", "site: URL? = https://example.org", "raw: Data = []",
        "bytes: [UInt8] = []", "big: Int128 = 1", "warmth: Celsius = 20.0", "pair: Pair = [1, 2]",
        "tree.name: String = root", "tree.children: [Tree] = [{name: 'leaf', children: []}]",
        "id: UUID? = none", "tags: [String] = []", "free: Value = none",
      ])
    #expect(schema.defaults["note"] == Value.null)
  }

  @Test func `updates set the properties`() throws {
    let resolved = try CodableModel(defaults: Settings()).resolve([
      "layers=3", "rate=1e-3", "single=0.1", "optimizer=adam", "second=sgd", "mode=fast", "level=5",
      "maybeLevel=1", "data.path=x.csv", "extra.path=y.csv", "extra.size=2", "note='none'",
      "widths=[1, 2]", "optimizers=[adam, None]", "grid=[[1, inf]]", "limits.a=1", "limits.b=2",
      "counts={2: b, 1: a}", "start=1970-01-01T00:00:01", "site=none", "raw=[1]", "bytes=[2]",
      "big=5", "warmth=-3", "pair=(3, 4)", "tree.children=[{name: a, children: []}]",
      "id=01890A5D-AC96-774B-BCCE-B302099A8057", "tags=[a, b]", "free={'x': [1]}",
    ])
    let config = resolved.config
    #expect(config.layers == 3 && config.rate == 0.001 && config.single == 0.1)
    #expect(config.optimizer == .adam && config.second == .sgd && config.mode == .fast)
    #expect(config.level == .high && config.maybeLevel == .low)
    #expect(config.data == DataSettings(path: "x.csv", size: 100))
    #expect(config.extra == DataSettings(path: "y.csv", size: 2))
    #expect(config.note == "none" && config.widths == [1, 2] && config.optimizers == [.adam, nil])
    #expect(config.grid == [[1, .infinity]] && config.limits == ["a": 1, "b": 2])
    #expect(config.counts == [1: "a", 2: "b"] && config.start.timeIntervalSince1970 == 1)
    #expect(config.site == nil && config.raw == Data([1]) && config.bytes == [2])
    #expect(config.big == 5 && config.warmth == Celsius(-3) && config.pair.y == 4)
    #expect(config.tree.children.map(\.name) == ["a"] && config.tags == ["a", "b"])
    #expect(config.id?.uuidString == "01890A5D-AC96-774B-BCCE-B302099A8057")
    #expect(config.free == ["x": [1]])
    #expect(resolved.value["site"] == Value.null)
    #expect(resolved.value["bytes"] == .bytes([2]))
    #expect(resolved.changes.first == ConfigChange(path: "layers", value: 3, text: "3"))
  }

  @Test func `all of nothing leaves the defaults`() throws {
    let config = try CodableModel(defaults: Settings())
    #expect(try config.resolve([]).value == config.schema.defaults)
    #expect(try CodableModel(defaults: NoConfiguration()).resolve([]).value == [:])
    #expect(try CodableModel(defaults: ["a": 1]).resolve(["a=3"]).config == ["a": 3])
  }

  @Test func `a text of an unknown type may look like a number`() throws {
    let resolved = try CodableModel(defaults: Settings()).resolve(["extra.path=3", "extra.size=4"])
    #expect(resolved.config.extra == DataSettings(path: "3", size: 4))
  }

  @Test(arguments: [
    (
      ["layers=many", "layrs=3", "optimizer=adm", "second=adm"],
      """
      'layers' is Int, and 'many' is none; write a whole number such as layers=7
      there is no entry 'layrs'; did you mean 'layers'?
      'optimizer' is Optimizer, and 'adm' is none of sgd, adam; did you mean 'adam'?
      'second' is Optimizer, and 'adm' is none of sgd, adam; did you mean 'adam'?
      """
    ),
    (
      ["level=3", "rate=x", "warmth=-300"],
      """
      'level' cannot be '3': Cannot initialize Level from invalid Int value 3
      'rate' is Double, and 'x' is none; write a number such as rate=0.1
      'warmth' cannot be '-300': colder than nothing
      """
    ),
    (["pair=[1]"], "'pair' cannot be '[1]': 'pair[1]': found the list's end, expected an element"),
    (["pair=3"], "'pair' cannot be '3': found '3', expected a list"),
    (["extra.path=x"], "'extra.size' has no value; write extra.size=VALUE"),
    (["site="], "'site' cannot be '': found the text '', expected a URL"),
    (["data=x"], "'data' is DataSettings, and 'x' is none; its entries are data.path, data.size"),
    (
      ["counts.x=1"],
      "there is no entry 'counts.x'; the keys of 'counts' are Int"
    ),
  ])
  func `problems are all reported`(words: [String], message: String) throws {
    let config = try CodableModel(defaults: Settings())
    let error = #expect(throws: ConfigProblems.self) { try config.resolve(words) }
    #expect(error?.description == message)
  }

  @Test func `entries that depend on each other are judged together`() throws {
    let config = try CodableModel(defaults: Span())
    #expect(try config.resolve(["low=5", "high=9"]).config.low == 5)
    let error = #expect(throws: ConfigProblems.self) { try config.resolve(["low=5"]) }
    #expect(error?.description == "'low' cannot be '5': 5 is more than 3")
    let both = #expect(throws: ConfigProblems.self) { try config.resolve(["low=3", "high=2"]) }
    #expect(both?.description == "the updates do not go together: 3 is more than 2")
  }

  @Test func `what has no named entries is refused`() {
    let error = #expect(throws: ConfigError.self) { try CodableModel(defaults: 3) }
    #expect(
      error?.message
        == "'Int' cannot serve as a configuration: it encodes as '3', not as named entries")
    #expect(error?.code == .unusableDefaults)
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `what a configuration writes is read as the same`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let config = try CodableModel(defaults: Settings())
    var wanted = Settings()
    wanted.layers = Int(truncatingIfNeeded: generator.next())
    wanted.rate = Double(bitPattern: generator.next())
    if wanted.rate.isNaN { wanted.rate = -.infinity }
    wanted.single = Float(wanted.rate)
    wanted.second = [.sgd, .adam, nil].randomElement(using: &generator) ?? nil
    wanted.mode = Mode.allCases.randomElement(using: &generator) ?? .slow
    let texts = ["", "none", "'a'", " b", "c\nd", "\"", "[1]", "é😀", "a=b"]
    wanted.note = texts.randomElement(using: &generator)
    wanted.counts = [3: texts.randomElement(using: &generator) ?? "", -1: "x"]
    wanted.limits = ["a b": Double.random(in: -1...1, using: &generator)]
    wanted.tree = Tree(texts.randomElement(using: &generator) ?? "", [Tree("'", [])])
    wanted.raw = Data([UInt8(truncatingIfNeeded: generator.next())])
    let value = try CodableModel(defaults: wanted).resolve([]).value
    let words = config.schema.leaves.compactMap { entry in
      value.value(at: entry.name.pathComponents[...]).map {
        "\(entry.name)=\(entry.type.text(of: $0))"
      }
    }
    #expect(try config.resolve(words).value == value)
  }
}

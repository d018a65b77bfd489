#if Macros
  import Grail
  import GrailCore
  import GrailRun
  import TestSupport
  import Testing

  @Suite struct ConfigReplayTests {
    @Test(arguments: [
      ["data.path=y", "layers=2"], ["layers=2", "data.path=y"],
      ["data={path: y}", "layers=2"],
    ])
    func `a nested default is made when what it depends on is set`(words: [String]) throws {
      let config = try resolve(Net.self, words).config
      #expect(config.data.path == "y" && config.data.size == 20 && config.data.half == 10)
      #expect(config.test.size == 2 && config.test.path == "train.csv")
    }

    @Test func `nested defaults over nested ones see what was set in these`() throws {
      let config = try resolve(Net.self, ["test.path=t", "data.size=400"]).config
      #expect(config.test.size == 40 && config.test.path == "t")
    }

    // MARK: - By hand

    /// What ``Lab/Net`` is, computed without any of Grail.
    private struct ByHand {
      var set: [String: Int] = [:]

      private func or(_ name: String, _ value: Int) -> Int { set[name] ?? value }

      var values: [String: Int] {
        var all: [String: Int] = [:]
        all["layers"] = or("layers", 3)
        all["width"] = or("width", (all["layers"] ?? 0) * 10)
        all["depth"] = or("depth", (all["width"] ?? 0) + 1)
        all["data.size"] = or("data.size", (all["layers"] ?? 0) * 10)
        all["test.size"] = or("test.size", (all["data.size"] ?? 0) / 10)
        for data in ["data", "test"] {
          all["\(data).half"] = or("\(data).half", (all["\(data).size"] ?? 0) / 2)
          all["\(data).crop.x"] = or("\(data).crop.x", 1)
          all["\(data).crop.y"] = or("\(data).crop.y", (all["\(data).crop.x"] ?? 0) * 2)
        }
        all["widths.0"] = or("widths.0", 32)
        all["widths.1"] = or("widths.1", 32)
        return all
      }
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func `any words in any order give what they give by hand`(seed: UInt64) throws {
      var generator = SeededGenerator(seed: seed)
      let names = ByHand().values.keys.sorted().shuffled(using: &generator)
      var sources: [[String: Int]] = [[:], [:], [:], [:]]
      for name in names {
        for index in sources.indices where Int.random(in: 0..<4, using: &generator) == 0 {
          sources[index][name] = Int.random(in: 1...50, using: &generator)
        }
      }
      let setting = sources
      let words = sources[3].map { "\($0.key)=\($0.value)" } + ["a", "b"]
      let config = try resolve(Net.self, words.shuffled(using: &generator)) { experiment in
        experiment.config { Self.set(setting[0], $0) }
        experiment.namedConfig("a") { Self.set(setting[1], $0) }
        experiment.namedConfig("b") { Self.set(setting[1].merging(setting[2]) { $1 }, $0) }
      }
      var hand = ByHand()
      let isLaterFirst = config.names == ["b", "a"]
      for source in [0, isLaterFirst ? 2 : 1, 1, isLaterFirst ? 1 : 2, 3] {
        hand.set.merge(setting[source]) { $1 }
      }
      for (name, value) in hand.values {
        #expect(
          config.value.value(at: name.pathComponents[...]) == .int(Int64(value)), "\(name)")
      }
      #expect(config.config.data.crop.y == hand.values["data.crop.y"])
      for (name, source) in config.sources {
        #expect((source == "with") == (setting[3][name] != nil) || name == "widths")
      }
    }

    private static func set(_ values: [String: Int], _ config: ConfigEditor<Net>) {
      for (name, value) in values.sorted(by: { $0.key < $1.key }) {
        switch name {
        case "layers": config.layers = value
        case "width": config.width = value
        case "depth": config.depth = value
        case "data.size": config.data.size = value
        case "data.half": config.data.half = value
        case "data.crop.x": config.data.crop.x = value
        case "data.crop.y": config.data.crop.y = value
        case "test.size": config.test.size = value
        case "test.half": config.test.half = value
        case "test.crop.x": config.test.crop.x = value
        case "test.crop.y": config.test.crop.y = value
        case "widths.0": config.widths[0] = value
        case "widths.1": config.widths[1] = value
        default: Issue.record("\(name)")
        }
      }
    }

    // MARK: - What is missing

    @Test func `required entries are reported one by one, before anything depends on them`() {
      #expect(
        problems(Needy.self, ["images.path=z", "list.0=3"]) == [
          "'path' must be set; write path=VALUE", "'list' must be set; write list=VALUE",
        ])
      #expect(
        problems(Needy.self, ["path=p", "list=[]"]) == [
          "'images.count' must be set; write images.count=VALUE"
        ])
      #expect(
        problems(Outer.self) == [
          "'optional' must be set; write optional=VALUE",
          "'inner.count' must be set; write inner.count=VALUE",
        ])
      #expect(
        problems(Needy.self, ["path=p", "list=x", "images.count=1"]) == [
          "'list' is [Int], and 'x' is none; write a list such as 'list=[1, 1]'"
        ])
    }

    @Test func `required entries may be set by any source, and set to none`() throws {
      let config = try resolve(Needy.self, ["set", "images.count=2"]) { experiment in
        experiment.namedConfig("set") { config in
          config.list = [1]
          config.path = "p"
          config.note = config.name
        }
      }.config
      #expect(config.images.path == "p" && config.images.twice == 4 && config.note == "p.out")
      let outer = try resolve(Outer.self, ["optional=none", "inner.count=3"]).config
      #expect(outer.total == 4 && outer.optional == nil)
    }

    @Test func `a list that is required takes elements once a source has set it`() throws {
      let words = ["set", "list.0=5", "images.count=2"]
      let config = try resolve(Needy.self, words) { experiment in
        experiment.namedConfig("set") { config in
          config.path = "p"
          config.list = [1, 2]
        }
      }.config
      #expect(config.list == [5, 2])
    }
  }
#endif

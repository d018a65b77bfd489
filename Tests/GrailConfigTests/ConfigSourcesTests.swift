#if Macros
  import Grail
  import GrailCore
  import GrailRun
  import Logging
  import OrderedCollections
  import Testing

  @Suite struct ConfigSourcesTests {
    /// Every source sets `rate`, and one entry of its own.
    private func declare(_ experiment: Experiment<ConfigView<Net>>) {
      experiment.config { config in
        (config.rate, config.layers) = (1, 11)
        config.data.path = "author"
      }
      experiment.namedConfig("two") { config in
        config.rate = 2
        config.data.crop.x = config.layers
      }
      experiment.namedConfig("three") { config in
        config.rate = 3
        config.data.crop.x = config.data.crop.x * 2
      }
      experiment.configHook { config, command in
        config.bounds = [command: config.rate]
        if command == "hooked" { config.rate = 4 }
      }
    }

    @Test(
      arguments: [
        ([], "run", 1, "author"), (["two"], "run", 2, "named two"),
        (["three", "two"], "run", 2, "named two"), (["two", "three"], "run", 3, "named three"),
        (["two"], "hooked", 4, "hook"), (["rate=5", "two"], "hooked", 5, "with"),
      ] as [([String], String, Double, String)])
    func `the highest source counts`(
      words: [String], command: String, rate: Double, source: String
    ) throws {
      let config = try resolve(Net.self, words, command: command, declare)
      #expect(config.config.rate == rate)
      #expect(config.sources["rate"] == source)
    }

    @Test func `a source reads what is decided below it and what the run sets`() throws {
      let config = try resolve(Net.self, ["two", "three", "layers=5"], declare)
      #expect(config.config.data.crop.x == 10)
      #expect(config.config.bounds == ["run": 3])
      #expect(
        config.sources == [
          "rate": "named three", "layers": "with", "data.path": "author",
          "data.crop.x": "named three", "bounds": "hook",
        ])
      #expect(config.names == ["two", "three"])
      #expect(config.updates.map(\.path) == ["layers"])
    }

    @Test func `a dependent default sees the final values, though a source has read it`() throws {
      let config = try resolve(Net.self, ["a", "b"]) { experiment in
        experiment.namedConfig("a") { config in
          config.rate = Double(config.depth)
          config.widths = [config.data.size, config.test.size]
        }
        experiment.namedConfig("b") { $0.layers = 20 }
      }
      #expect(config.config.rate == 31 && config.config.widths == [30, 3])
      #expect(config.config.depth == 201 && config.config.data.size == 200)
      #expect(config.config.test.size == 20)
      #expect(config.sources.keys.sorted() == ["layers", "rate", "widths"])
    }

    @Test func `setting what the run sets does nothing, also in part`() throws {
      let config = try resolve(Net.self, ["widths.1=64", "data.size=7", "all"]) { experiment in
        experiment.namedConfig("all") { config in
          config.widths = [1, 2, 3]
          config.data.size = 1000
          config.data.path = "named"
          #expect(config.data.size == 7 && config.widths == [1, 64, 3])
        }
      }
      #expect(config.config.widths == [1, 64, 3])
      #expect(config.config.data.size == 7 && config.config.data.path == "named")
      #expect(config.sources["widths"] == "named all" && config.sources["widths.1"] == "with")
    }

    @Test func `elements can be set in an editor`() throws {
      let config = try resolve(Net.self) { experiment in
        experiment.config { config in
          config.widths[1] = 5
          config.widths.append(6)
          config.bounds["high"] = 9
        }
      }
      #expect(config.config.widths == [32, 5, 6] && config.config.bounds == ["low": 0, "high": 9])
    }

    @Test func `an ingredient's sources are below the experiment's`() throws {
      let images = Ingredient(Images.self)
      images.config { $0.path = "ingredient" }
      images.configHook { config, _ in config.size = 1 }
      let config = try resolve(Net.self, ingredients: [images]) { experiment in
        experiment.place(images, at: \.data, \.test)
        experiment.config { $0.data.path = "experiment" }
        experiment.configHook { config, _ in
          #expect(config.data.size == 1)
          config.data.size = 2
        }
      }
      #expect(config.config.data.path == "experiment" && config.config.test.path == "ingredient")
      #expect(config.config.data.size == 2 && config.config.test.size == 1)
    }

    @Test func `a nested entry that happens to be called choice is an entry like others`() throws {
      let config = try resolve(Fit.self, ["part.choice=b", "sized"]) { experiment in
        experiment.namedConfig("sized") { $0.part.size = 5 }
      }
      #expect(config.config.part.choice == "b" && config.config.part.size == 5)
    }

    @Test func `a source that throws is a problem like others`() {
      struct Failure: Error, CustomStringConvertible { var description: String { "no\nluck" } }
      let lines = problems(Net.self, ["bad", "layrs=3"]) { experiment in
        experiment.namedConfig("bad") { _ in throw Failure() }
      }
      #expect(
        lines == [
          "there is no entry 'layrs'; did you mean 'layers'?",
          "the named configuration 'bad': no luck",
        ])
    }

    @Test(arguments: [
      ("missing.yaml", "there is no file 'missing.yaml'"),
      (
        "missing",
        "there is no named configuration or file 'missing'; "
          + "this experiment has none; an update is written NAME=VALUE"
      ),
    ])
    func `what a source that is not there may have set is not missed`(word: String, line: String) {
      #expect(problems(Pile.self, [word]) == [line])
    }

    @Test(arguments: [([], nil), (["seed=7"], 7)] as [([String], Int64?)])
    func `a seed of the class's own counts, and one that is drawn is recorded`(
      words: [String], seed: Int64?
    ) async throws {
      var settings = RunSettings()
      settings.isObserved = false
      settings.logLevel = .critical
      let fixed = Experiment("fixed", config: Seeded.self) { run in run.seed }
      let record = try await fixed.run(with: words, settings: settings)
      #expect(record.result == .int(seed ?? 42) && record.config["seed"] == record.result)
      let drawn = Experiment("drawn", config: MaybeSeeded.self) { run in run.seed }
      let other = try await drawn.run(with: words, settings: settings)
      #expect(
        other.config["seed"] == other.result
          && (1...1_000_000_000).contains(
            other.result.intValue ?? 0)
      )
      if let seed { #expect(other.result == .int(seed)) }
    }

    @Test func `code that starts a run wins over everything but itself`() async throws {
      let experiment = Experiment("test", config: Net.self) { run in run.config.depth }
      experiment.config { $0.layers = 8 }
      experiment.configHook { config, _ in config.layers = 9 }
      var settings = RunSettings()
      settings.isObserved = false
      settings.logLevel = .critical
      let record = try await experiment.run(settings: settings) { config in
        config.layers = config.layers + 1
        config.data.path = "code"
      }
      #expect(record.result == 91)
      #expect(record.configSources == ["layers": "with", "data.path": "with"])
      #expect(record.meta["config_updates"] == ["layers": 9, "data.path": "code"])
    }
  }

  @Config final class Seeded { var seed = 42 }

  @Config final class MaybeSeeded { var seed: Int? }
#endif

#if Macros
  import Foundation
  import GrailCore
  import GrailRun
  import Logging
  import OrderedCollections
  import Synchronization
  import Testing

  @testable import Grail

  @Suite struct IngredientTests {
    private var settings: RunSettings {
      var settings = RunSettings()
      settings.isObserved = false
      settings.logLevel = .critical
      return settings
    }

    /// What happened, in order.
    private final class Log: Sendable {
      private let lines = Mutex<[String]>([])
      var all: [String] { lines.withLock { $0 } }
      func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    // MARK: - Order

    @Test func `hooks run from the innermost to the experiment`() async throws {
      let log = Log()
      let crop = Ingredient(Crop.self)
      let images = Ingredient(Images.self, ingredients: [crop])
      let experiment = Experiment("test", config: Net.self, ingredients: [images]) { _ in
        log.add("body")
      }
      experiment.place(images, at: \.data, \.test)
      func declare<C: Configuration>(_ name: String, _ ingredient: Ingredient<ConfigView<C>>) {
        ingredient.config { _ in log.add("config \(name)") }
        ingredient.configHook { _, command in log.add("hook \(name) \(command)") }
        ingredient.preRunHook { _ in log.add("pre \(name)") }
        ingredient.postRunHook { _ in log.add("post \(name)") }
      }
      declare("net", experiment)
      declare("images", images)
      declare("crop", crop)
      try await experiment.run(settings: settings)
      let order = ["crop", "crop", "images", "images", "net"]
      // One pass settles everything; code that begins a run has one of the author's before.
      let last = log.all.lastIndex(of: "config crop") ?? 0
      #expect(
        Array(log.all[(last - 1)...]) == order.map { "config \($0)" }
          + order.map { "hook \($0) run" }
          + order.map { "pre \($0)" } + ["body"] + order.map { "post \($0)" })
    }

    @Test func `an error of a hook fails the run, and what comes after does not run`() async throws
    {
      struct Failure: Error {}
      let log = Log()
      let experiment = Experiment("test", config: Net.self) { _ in log.add("body") }
      experiment.preRunHook { run in if run.config.layers == 1 { throw Failure() } }
      experiment.postRunHook { run in if run.config.layers == 2 { throw Failure() } }
      experiment.postRunHook { _ in log.add("post") }
      for words in [["layers=1"], ["layers=2"]] {
        await #expect(throws: Failure.self) {
          try await experiment.run(with: words, settings: settings)
        }
      }
      #expect(log.all == ["body"])
    }

    // MARK: - Places

    private func drawn(_ run: Run) -> String {
      var generator = run.generator("a")
      return "\(generator.int(in: 0..<1_000_000_000))"
    }

    @Test func `a command sees its place, and its generators differ from other places'`()
      async throws
    {
      let images = Ingredient(Images.self)
      images.command("draw") { run in
        [
          run.config.path, Images.current.path, Crop.current.x == run.config.crop.x ? "crop" : "",
          "\(Net.current.layers)", drawn(run),
        ]
      }
      let experiment = Experiment("test", config: Net.self, ingredients: [images]) { run in
        drawn(run)
      }
      experiment.place(images, at: \.data, \.test)
      let words = ["data.path=a", "test.path=b", "data.crop.x=5", "seed=3"]
      func result(_ command: String, _ more: [String] = []) async throws -> Value {
        try await experiment.run(with: words + more, command: command, settings: settings).result
      }
      let data = try await result("data.draw")
      let test = try await result("test.draw")
      let main = try await result("run")
      #expect(data.listValue?.prefix(4) == ["a", "a", "crop", "3"])
      #expect(test.listValue?.prefix(4) == ["b", "b", "crop", "3"])
      let numbers = Set([data.listValue?.last, test.listValue?.last, main])
      #expect(numbers.count == 3)
      #expect(try await result("data.draw") == data)
      let seeded = try await result("data.draw", ["data.seed=5"])
      #expect(seeded.listValue?.last != data.listValue?.last)
      #expect(try await result("test.draw", ["data.seed=5"]) == test)
    }

    @Test func `a thread without a task draws the same in an ingredient, and may be bound`()
      async throws
    {
      let images = Ingredient(Images.self)
      images.command("draw") { run in
        let others = await withCheckedContinuation { continuation in
          Thread {
            continuation.resume(returning: [drawn(run), run.bind { Images.current.path }])
          }.start()
        }
        return [drawn(run), run.config.path] == others
      }
      let experiment = Experiment("test", config: Net.self, ingredients: [images]) { _ in }
      experiment.place(images, at: \.data, \.test)
      let words = ["test.path=b", "test.seed=8"]
      #expect(
        try await experiment.run(with: words, command: "test.draw", settings: settings).result
          == true)
    }

    @Test func `two experiments share an ingredient`() async throws {
      let images = Ingredient(Images.self)
      images.command("size") { $0.config.size }
      let first = Experiment("first", config: Net.self, ingredients: [images]) { _ in }
      first.place(images, at: \.data, \.test)
      let second = Experiment("second", config: Album.self, ingredients: [images]) { _ in }
      #expect(
        try await first.run(with: ["layers=2"], command: "test.size", settings: settings).result
          == 2)
      let record = try await second.run(command: "images.size", settings: settings)
      #expect(record.result == 100 && record.command == "images.size")
      #expect(record.config["images"]?["seed"] == nil)
    }

    @Test func `a command of a branch that is not chosen says what to choose`() async throws {
      let adam = Ingredient(AdamSteps.self)
      adam.command("show") { $0.config.beta1 }
      let experiment = Experiment("test", config: Fit.self, ingredients: [adam]) { _ in }
      experiment.place(adam, at: \.optimizer, \.second, \.part.optimizer)
      let error = await #expect(throws: RunStartError.self) {
        try await experiment.run(command: "optimizer.show", settings: settings)
      }
      #expect(
        error?.message
          == "the command 'optimizer.show' needs optimizer=adam; write optimizer.show with "
          + "optimizer=adam")
      let words = ["optimizer=adam", "optimizer.beta1=0.25"]
      #expect(
        try await experiment.run(with: words, command: "optimizer.show", settings: settings).result
          == 0.25)
    }

    @Test func `a run in a run, and runs beside each other, have their own`() async throws {
      let inner = Experiment("inner", config: Net.self) { _ in Net.current.layers }
      let settings = settings
      let outer = Experiment("outer", config: Net.self) { run in
        let inside = try await inner.run(with: ["layers=8"], settings: settings).result
        return [inside, .int(Int64(Net.current.layers))]
      }
      try await withThrowingTaskGroup { group in
        for layers in 1...4 {
          group.addTask {
            let result = try await outer.run(with: ["layers=\(layers)"], settings: settings).result
            #expect(result == [8, .int(Int64(layers))])
          }
        }
        try await group.waitForAll()
      }
    }

    @Test func `with says which place is meant, and bind carries it along`() async throws {
      let experiment = Experiment("test", config: Net.self) { run in
        let sizes = run.with(\.data) { [Images.current.size, Images.current.crop.x] }
        let test = await run.with(\.test) { () async -> Int in
          run.bind { Images.current.size }
        }
        return sizes + [test]
      }
      let words = ["data.size=70", "test.size=9", "data.crop.x=2"]
      #expect(try await experiment.run(with: words, settings: settings).result == [70, 2, 9])
    }

    // MARK: - Mistakes before the run

    @Test func `an ingredient without a place is refused`() {
      #expect(
        problems(Crop.self, ingredients: [Ingredient(Images.self)]) == [
          "the ingredient of 'Images' has no place in 'Crop'; add a property such as 'var part = "
            + "Images()'"
        ])
    }

    @Test func `two ingredients of one class are refused`() {
      let images = [Ingredient(Images.self), Ingredient(Images.self)]
      #expect(
        problems(Net.self, ingredients: images) == [
          "two ingredients have the configuration 'Images'; use one, or give each a class of its own"
        ])
    }

    @Test func `several places of an ingredient have to be named, each of them`() {
      let images = Ingredient(Images.self)
      let message = """
        the ingredient of 'Images' is in several places of 'Net', 'data' and 'test', and \
        Images.current would be any of them; name them by '.place(INGREDIENT, at: \\.data, \
        \\.test)' on the experiment, and where code reads it say which by run.with(\\.data) { }
        """
      #expect(problems(Net.self, ingredients: [images]) == [message])
      #expect(
        problems(Net.self, ingredients: [images]) { $0.place(images, at: \.data) } == [message])
      let other = Ingredient(Images.self)
      let wrong = problems(Net.self, ingredients: [images]) {
        $0.place(other, at: \.data, \.test)
      }
      #expect(wrong == [message])
      let named = problems(Net.self, ingredients: [images]) {
        $0.place(images, at: \.test)
        $0.place(images, at: \.data, \.data)
      }
      #expect(named == [])
      // What is no ingredient needs no names, and neither does an ingredient in one place.
      #expect(problems(Net.self) == [])
      #expect(problems(Album.self, ingredients: [images]) == [])
    }

    @Test func `places are those in the configuration of what names the ingredient`() {
      let crop = Ingredient(Crop.self)
      let images = Ingredient(Images.self, ingredients: [crop])
      #expect(
        problems(Net.self, ingredients: [images]) { $0.place(images, at: \.data, \.test) } == [])
      // The experiment itself has two crops.
      let deep = problems(Net.self, ingredients: [crop])
      #expect(
        deep.count == 1 && deep[0].contains("at: \\.data.crop, \\.test.crop)' on the experiment"))
      let placed = problems(Net.self, ingredients: [crop]) {
        $0.place(crop, at: \.data.crop, \.test.crop)
      }
      #expect(placed == [])

      let pair = Ingredient(Pair.self, ingredients: [crop])
      let inner = problems(Pairs.self, ingredients: [pair])
      #expect(
        inner.count == 1
          && inner[0].contains("at: \\.left, \\.right)' on the ingredient of 'Pair', and"))
      pair.place(crop, at: \.left, \.right)
      #expect(problems(Pairs.self, ingredients: [pair]) == [])
    }

    @Test func `places in choices are named by the choices, unless only one can be chosen`() {
      let adam = Ingredient(AdamSteps.self)
      let lines = problems(Fit.self, ingredients: [adam])
      #expect(
        lines.count == 1
          && lines[0].contains("\\.optimizer, \\.second, \\.part.optimizer)' on the experiment"))
      #expect(lines.first?.hasSuffix("where code reads it read run.config instead") == true)
      let named = problems(Fit.self, ingredients: [adam]) {
        $0.place(adam, at: \.optimizer, \.second, \.part.optimizer)
      }
      #expect(named == [])
      #expect(problems(Either.self, ingredients: [adam]) == [])
    }

    @Test func `a class that contains itself is refused, with the way`() {
      #expect(
        problems(Loop.self) == [
          "'Loop' cannot serve as a configuration: it contains itself, by way of Loop → Knot → Loop; "
            + "break the circle"
        ])
    }

    @Test func `one object in two places is refused, also where a run makes it so`() {
      #expect(
        problems(Twins.self) == [
          "'first' and 'second' of 'Twins' are one object; make one for each"
        ])
      #expect(problems(MaybeTwins.self).isEmpty)
      #expect(
        problems(MaybeTwins.self, ["same=true"]) == [
          "'first' and 'second' of 'MaybeTwins' are one object; make one for each"
        ])
    }
  }

  @Config final class Album { var images = Images() }

  @Config final class Pair {
    var left = Crop()
    lazy var right = Crop()
  }

  @Config final class Pairs { var pair = Pair() }

  @Config enum Alternative: ConfigChoice {
    case first(AdamSteps)
    case second(AdamSteps)
  }

  @Config final class Either { var steps = Alternative.first(AdamSteps()) }

  @Config final class Loop { lazy var knot = Knot() }

  @Config final class Knot { lazy var loop = Loop() }

  @Config final class Twins {
    var first = Crop()
    lazy var second = first
  }

  @Config final class MaybeTwins {
    var same = false
    var first = Crop()
    lazy var second = same ? first : Crop()
  }
#endif

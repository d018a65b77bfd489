#if Macros
  import ArgumentParser
  import Foundation
  import Grail

  /// A layer of a net.
  @Config final class Layer {
    /// How wide it is.
    var width = 4
    lazy var doubled = width * 2
  }

  @Config final class Plain { var rate = 0.1 }

  @Config final class Heavy {
    var rate = 0.2
    /// How much is kept.
    var mass = Mass.light
    var key = Secret<String>()
  }

  enum Mass: String, Codable, CaseIterable, Sendable { case light, dense }

  /// How a step is made.
  @Config enum Stepper: ConfigChoice {
    case plain(Plain)
    case heavy(Heavy)
  }

  /// How the net is made and trained.
  @Config final class Building {
    /// Number of layers.
    var layers = 3
    var mass = Mass.light
    var widths = [32, 32]
    /// What nobody may see.
    var token = Secret<String>()
    var stepper = Stepper.plain(Plain())
    var first = Layer()
    lazy var second = Layer()
    /// A file that has to be given for one thing only, and whose help is so long that it goes on in another line.
    lazy var path: String? = nil
    lazy var total = layers * first.width

    func validate(_ problems: inout ConfigProblems) {
      if layers > 99 { problems.add("layers", "too many") }
    }
  }

  struct BuildingOptions: ParsableArguments {
    @Flag(help: "Say less.") var quiet = false
    @Option(name: .customLong("times"), help: "How often.") var count = 1
  }

  let layer: Ingredient<ConfigView<Layer>> = {
    let layer = Ingredient(Layer.self)
    layer.namedConfig("wide", help: "A wide layer.") { $0.width = 100 }
    layer.command("show", help: "Says how wide the layer is.") { run in
      print("width \(Layer.current.width)")
      return run.config.width
    }
    return layer
  }()

  /// An experiment with everything.
  let building: Experiment<ConfigView<Building>> = {
    let building = Experiment(
      "building", help: "Builds a net.", config: Building.self, ingredients: [layer]
    ) { run in
      print("layers \(run.config.layers) total \(run.config.total)")
      print("token \(run.config.token.value ?? "-")")
      var generator = run.generator("a")
      print("random \(random()) \(drand48()) \(generator.int(in: 0..<1_000_000))")
      print("quiet \(run.options(BuildingOptions.self).quiet)")
    }
    building.options(BuildingOptions.self) { options, settings in
      if options.quiet { settings.comment = "quiet" }
    }
    building.optionHook { settings in
      if settings.comment == "refuse" { throw BrokenPart() }
    }
    building.place(layer, at: \.first, \.second)
    building.namedConfig("big", help: "Many layers.") { config in
      config.layers = 50
      config.widths = [config.layers]
    }
    building.command("peek", help: "Looks, and keeps nothing.", isObserved: false) { _ in
      print("peeked")
    }
    building.seeding { seed in print("seeded with \(seed)") }
    building.preRunHook { run in
      print("before")
      if run.config.layers == 13 { throw BrokenPart() }
    }
    building.postRunHook { _ in print("after") }
    building.configHook { config, command in if command == "peek" { config.layers = 1 } }
    return building
  }()

  @Config final class Demanding {
    lazy var path: String = required()
    lazy var copy = path + ".copy"
    var note = ""
  }

  /// An experiment of which each run needs a path.
  let demanding: Experiment<ConfigView<Demanding>> = {
    let demanding = Experiment("demanding", config: Demanding.self) { run in print(run.config.copy)
    }
    demanding.namedConfig("noted") { $0.note = $0.copy }
    demanding.namedConfig("named") { $0.path = "named" }
    return demanding
  }()

  @Config final class Dividing {
    var parts = 4
    lazy var share = 100 / parts
  }

  /// An experiment that crashes while it is configured, if it is told of no parts.
  let dividing = Experiment("dividing", config: Dividing.self) { run in print(run.config.share) }

  /// A default that is computed from another class's defaults.
  @Config final class Borrowing { lazy var copy = Building.current.layers }

  /// An experiment whose ingredient is in places that were not named.
  let unplaced = Experiment("unplaced", config: Building.self, ingredients: [layer]) { _ in
    print(Layer.current.width)
  }

  /// What goes wrong with the current configuration, by name.
  func misuse(_ name: String) async throws {
    switch name {
    case "after":
      try await building.run()
      print(Building.current.layers)
    case "places":
      try await Experiment("places", config: Building.self) { _ in
        print(Layer.current.width)
      }.run()
    case "absent":
      try await Experiment("absent", config: Building.self) { _ in
        print(Demanding.current.note)
      }.run()
    case "several":
      let waiting = Experiment("waiting", config: Building.self) { _ in
        try await Task.sleep(for: .milliseconds(300))
        Thread { print(Building.current.layers) }.start()
        try await Task.sleep(for: .seconds(10))
      }
      try await withThrowingTaskGroup { group in
        for _ in 0..<2 { group.addTask { try await waiting.run() } }
        try await group.waitForAll()
      }
    case "borrowing": print(Borrowing.current.copy)
    case "thread":
      // The only run that goes on is that of any thread; before any, there are the defaults.
      print(Building.current.layers)
      try await Experiment("thread", config: Building.self) { _ in
        let value = await withCheckedContinuation { continuation in
          Thread { continuation.resume(returning: Building.current.layers) }.start()
        }
        print(value)
      }.run(with: ["layers=8"])
    default: fatalError(name)
    }
  }
#endif

import Foundation
import Grail
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct ExperimentRunTests {
  let folder = TestFolder()

  struct Settings: Configurable, Hashable {
    var layers = 7
    var data = Data()

    struct Data: Configurable, Hashable {
      var path = "data.csv"
      var size: Int?
    }
  }

  private var layers: Experiment<Settings> {
    Experiment("layers", config: Settings.self) { run in run.config.layers }
  }

  // MARK: - Three ways to configure

  @Test func `runs with its defaults`() async throws {
    let record = try await layers.run(settings: folder.settings)
    #expect(record.status == .completed && record.result == 7 && record.id == "1")
    #expect(record.meta["config_updates"] == [:])
    #expect(record.config["layers"] == 7)
  }

  @Test func `runs with a closure that edits the defaults`() async throws {
    let record = try await layers.run(settings: folder.settings) { config in
      config.layers = 3
      config.data.size = 5
    }
    #expect(record.result == 3)
    #expect(record.meta["config_updates"] == ["layers": 3, "data.size": 5])
  }

  @Test func `runs with a configuration`() async throws {
    let record = try await layers.run(with: Settings(layers: 4), settings: folder.settings)
    #expect(record.result == 4)
    #expect(record.meta["config_updates"] == ["layers": 4])
    #expect(record.config["data"]?["path"] == "data.csv")
  }

  @Test func `runs with the words of a command line`() async throws {
    let record = try await layers.run(
      with: ["layers=5", "data.path=x=y.csv"], settings: folder.settings)
    #expect(record.result == 5)
    #expect(record.meta["config_updates"] == ["layers": 5, "data.path": "x=y.csv"])
  }

  @Test func `wrong words are all reported, and nothing is created`() async throws {
    let problems = try await #require(throws: ConfigProblems.self) {
      try await layers.run(with: ["layers=x", "layer=3", "word"], settings: folder.settings)
    }
    #expect(problems.problems.count == 3)
    #expect(folder.names().isEmpty)
  }

  @Test func `an edit that throws creates nothing`() async throws {
    struct Refusal: Error {}
    await #expect(throws: Refusal.self) {
      try await layers.run(settings: folder.settings) { _ in throw Refusal() }
    }
    #expect(folder.names().isEmpty)
  }

  // MARK: - Several at once

  #if os(Linux)
    @Test func `what a run held of memory and files is given back at its end`() async throws {
      for _ in 0..<3 { _ = try await layers.run(settings: folder.settings) }
      let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
      #expect(maps.contains("\n") && !maps.contains(folder.path("runs")))
      let files = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        .compactMap {
          try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
        }
      #expect(!files.contains { $0.hasPrefix(folder.path("runs")) })
    }
  #endif

  @Test func `eight runs at once have a record each, and each task its run`() async throws {
    let experiment = Experiment("many", config: Settings.self) { run in
      for step in 0..<20 {
        // Runs take turns here.
        try await Task.sleep(for: .milliseconds(1))
        #expect(Run.current === run)
        await withTaskGroup { group in
          group.addTask { Run.current.log("layers", run.config.layers, step: step) }
        }
      }
      Run.current.info["layers"] = run.config.layers
      return Run.current.id
    }
    let records = try await withThrowingTaskGroup(of: RunRecord.self) { group in
      for layers in 0..<8 {
        group.addTask {
          try await experiment.run(with: Settings(layers: layers), settings: folder.settings)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(records.map(\.id)) == Set((1...8).map(String.init)))
    #expect(Set(records.compactMap(\.key)).count == 8)
    for record in records {
      let reader = try folder.reader(record.id)
      #expect(reader.record == record)
      #expect(record.result == .text(record.id))
      let layers = try #require(record.config["layers"])
      #expect(record.info == ["layers": layers])
      #expect(
        try reader.series("layers")?.values
          == .ints(Array(repeating: try #require(layers.intValue), count: 20)))
    }
  }

  @Test func `a run in a run has a record of its own`() async throws {
    let settings = folder.settings
    let record = try await folder.record { outer in
      try await Experiment("inner") { (run: Run) in
        #expect(Run.current === run)
        run.log("inner", 1)
      }.run(settings: settings)
      #expect(Run.current === outer)
      Run.current.log("outer", 1)
    }
    #expect(record.id == "1")
    #expect(try folder.reader("1").metrics.map(\.name) == ["outer"])
    #expect(try folder.reader("2").metrics.map(\.name) == ["inner"])
  }

  #if os(Linux)
    @Test func `a process that has many runs keeps no part of their journals in memory`()
      async throws
    {
      let experiment = Experiment("one of many") { (run: Run) in
        run.log("loss", 0.5)
        run.metric("handle").log(0.5)
      }
      for _ in 0..<8 { try await experiment.run(settings: folder.settings) }
      let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
      let kept = maps.split(separator: "\n").filter { $0.contains(folder.path) }
      #expect(kept.isEmpty, "\(kept)")
    }
  #endif

  // MARK: - Failures

  @Test func `what the closure throws is thrown on and recorded`() async throws {
    struct Broken: Error, Equatable { var part: String }
    let experiment = Experiment("failing") { (run: Run) in
      run.log("loss", 1.5)
      throw Broken(part: "wheel")
    }
    await #expect(throws: Broken(part: "wheel")) {
      try await experiment.run(settings: folder.settings)
    }
    let reader = try folder.reader()
    #expect(reader.record.status == .failed && reader.record.stopTime != nil)
    #expect(reader.record.failTrace.count == 1)
    #expect(reader.record.failTrace.first?.contains("Broken(part: \"wheel\")") == true)
    #expect(try reader.series("loss")?.values == .doubles([1.5]))
  }

  @Test func `a run that is cancelled is interrupted`() async throws {
    let (starts, start) = AsyncStream.makeStream(of: Void.self)
    let experiment = Experiment("waiting") { (_: Run) in
      start.finish()
      try await Task.sleep(for: .seconds(60))
    }
    let settings = folder.settings
    let task = Task { try await experiment.run(settings: settings) }
    for await _ in starts {}
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try folder.json("runs/1/run.json")["status"] == "INTERRUPTED")
    #expect(try folder.reader().record.status == .interrupted)
  }

  // MARK: - Settings

  @Test func `settings name the run, its store and what is said of it`() async throws {
    var settings = folder.settings
    settings.id = "ü 1"
    settings.name = "other"
    settings.comment = "a\nb"
    settings.metricClock = .precise
    let record = try await Experiment("own") { (run: Run) in
      for _ in 0..<50 { run.log("loss", 1.0) }
    }.run(settings: settings)
    #expect(record.id == "ü 1" && record.experiment.name == "other")
    #expect(record.meta["comment"] == "a\nb")
    let series = try #require(try folder.reader("ü 1").series("loss"))
    #expect(series.timestamps.contains { $0.microseconds % 1000 != 0 })
  }

  @Test func `a run that is not observed leaves nothing`() async throws {
    var settings = folder.settings
    settings.isObserved = false
    let record = try await Experiment("own") { (run: Run) in
      run.log("loss", 1.0)
      #expect(FileManager.default.fileExists(atPath: run.directory))
      return run.directory
    }.run(settings: settings)
    let directory = try #require(record.result.textValue)
    #expect(!FileManager.default.fileExists(atPath: directory))
    #expect(folder.names().isEmpty)
  }

  @Test(
    arguments: [
      (nil, 0), (.zero, 0), (.seconds(-1), 0), (.nanoseconds(1), 0.001), (.milliseconds(20), 0.02),
      (.seconds(Int64.max), 1e9),
    ] as [(Duration?, Double)])
  func `an interval of any length neither spins nor stops the program`(
    interval: Duration?, kept: Double
  ) async throws {
    var settings = folder.settings
    settings.beatInterval = interval
    try await Experiment("own") { (run: Run) in run.log("loss", 1.0) }.run(settings: settings)
    let run = try folder.json("runs/1/run.json")
    #expect(run["status"] == "COMPLETED")
    let session = run["grail"]?["sessions"]?.listValue?.first
    #expect(session?["beat_interval"]?.doubleValue == kept)
  }

  @Test(arguments: [
    "", ".", "..", ".x", "_sources", "a/b", "a\0b", String(repeating: "x", count: 201),
  ])
  func `an id that cannot be a folder's name is refused`(id: String) async throws {
    var settings = folder.settings
    settings.id = id
    let error = try await #require(throws: RunStartError.self) {
      try await layers.run(settings: settings)
    }
    #expect(error.code == .invalidID)
    #expect(folder.names().isEmpty)
  }

  // MARK: - No run, or several

  @Test(arguments: [
    ("outside", "Run.current: no run goes on here; call it inside an experiment's closure"),
    ("ambiguous", "Run.current: 2 runs go on in this process; pass the run along"),
  ])
  func `asking for the current run where there is not one stops the program`(
    experiment: String, message: String
  ) async throws {
    let end = try await TestProgram.run(
      experiment, in: folder, environment: ["SWIFT_BACKTRACE": "enable=no"])
    #expect(end.isKilled && end.output.isEmpty)
    #expect(end.errors.contains(message))
  }
}

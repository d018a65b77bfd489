import Foundation
import GrailStore
import Testing

/// A program that imports `GrailStore` alone reads a run.
@Suite struct ReadRunsTests {
  private let sample = SampleStore()

  /// A run that Sacred wrote.
  private func run(_ id: String) async throws -> any StoredRun {
    try sample.addFixtures()
    return try await FileStore(at: sample.folder.path, usesIndex: false).run(id)
  }

  @Test func `what is known of it`() async throws {
    let run = try await run("2")
    #expect(run.name == "train_demo" && run.key == nil && run.tags == [] && run.note == nil)
    #expect(run.status == .completed && run.liveness == .notExpected)
    #expect(run.startTime?.description == "2026-11-24T00:07:34.075179Z")
    #expect(run.elapsed == .microseconds(528_806))
    #expect(run.host["hostname"] == "lab-workstation" && run.result == 0.875)
    #expect(run.info["best.epoch"] == 3 && run.info["best.score"]?.doubleValue == 0.875)
  }

  @Test(arguments: [
    ("depth", Value.int(3)), ("dataset.split.test", 0.2), ("model.layers.1", 32), ("warmup", .null),
  ])
  func `an entry by its dotted name`(name: String, value: Value) async throws {
    #expect(try await run("2").config[name] == value)
  }

  @Test(arguments: ["", ".", "nothing", "dataset.nothing", "model.layers.7", "depth.0"])
  func `no entry of a name`(name: String) async throws {
    #expect(try await run("2").config[name] == nil)
  }

  private struct Training: Decodable {
    struct Dataset: Decodable {
      var name: String
      var batchSize: Int
      enum CodingKeys: String, CodingKey { case name, batchSize = "batch_size" }
    }
    struct Model: Decodable { var layers: [Int] }
    var depth: Int
    var lr: Double
    var dataset: Dataset
    var model: Model
    var warmup: Int?
    var momentum: Double?
  }

  @Test func `the configuration as a type`() async throws {
    let training = try await run("2").config(as: Training.self)
    #expect(training.depth == 3 && training.lr == 0.05 && training.warmup == nil)
    #expect(training.dataset.batchSize == 32 && training.model.layers == [64, 32, 10])
    #expect(training.momentum == nil)
  }

  @Test func `what Python has for lists and numbers`() async throws {
    struct Exotic: Decodable {
      var arr: [[Double]]
      var some_set: [Int]
      var np_scalar: Double
    }
    let exotic = try await run("13").config(as: Exotic.self)
    #expect(exotic.arr == [[1.5, 2.5], [3.5, 4.5]] && exotic.some_set == [1])
    #expect(exotic.np_scalar == 0.5)
  }

  @Test func `the entry that is not of its type`() async throws {
    struct Wrong: Decodable {
      struct Split: Decodable { var test: Int }
      struct Dataset: Decodable { var split: Split }
      var dataset: Dataset
    }
    let run = try await run("2")
    let error = #expect(throws: ValueDecodingError.self) { try run.config(as: Wrong.self) }
    let text = try #require(error?.description)
    #expect(text.hasPrefix("'dataset.split.test': found '0.2', expected a whole number"))
    #expect(text.hasSuffix(" (configuration of run 2)"))
    struct Result: Decodable { var accuracy: Double }
    #expect(throws: ValueDecodingError.self) { try run.result(as: Result.self) }
    #expect(try run.result(as: Double.self) == 0.875)
  }

  @Test func `a metric as columns`() async throws {
    let run = try await run("2")
    let accuracy = try run.metric("validation.accuracy")
    #expect(accuracy.steps.prefix(3) == [0, 10, 20] && accuracy.timestamps.count == accuracy.count)
    #expect(accuracy.values.doubles.prefix(2) == [0, 0.28346868942621073])
    #expect(try run.statistics("validation.accuracy")?.first?.step == 0)
    let error = #expect(throws: NoSuchMetric.self) { try run.metric("training.los") }
    #expect(
      error?.description
        == "run 2 has no metric 'training.los'; did you mean 'training.loss'?")
    let unlike = #expect(throws: NoSuchMetric.self) { try run.metric("x") }
    #expect(unlike?.description.contains("; it has 'from.numpy', 'odd.steps'") == true)
  }

  @Test func `no message steers a terminal`() async throws {
    try sample.addRun("1", values: [1])
    let file = URL(filePath: sample.folder.path + "/1/metrics.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacing("\"loss\"", with: #""lo\u001b[2Jss""#).write(
      to: file, atomically: true, encoding: .utf8)
    let run = try await FileStore(at: sample.folder.path, usesIndex: false).run("1")
    let error = #expect(throws: NoSuchMetric.self) { try run.metric("\u{1B}[2J") }
    #expect(
      error?.description == "run 1 has no metric '\u{FFFD}[2J'; it has 'lo\u{FFFD}[2Jss'")
  }

  @Test func `the files, as data and as files`() async throws {
    let run = try await run("2")
    #expect(run.artifacts.map(\.name) == ["summary.txt", "plots_final.png", "weights.bin"])
    let file = URL(filePath: sample.folder.path).appending(path: "2/weights.bin")
    let weights = try run.artifact("weights.bin")
    #expect(try weights.data() == Data(contentsOf: file))
    let copy = sample.path + "/best.bin"
    try weights.copy(to: copy)
    #expect(try Data(contentsOf: URL(filePath: copy)) == Data(contentsOf: file))
    // What is there is not written over.
    let summary = try run.artifact("summary.txt")
    #expect(throws: FileError.self) { try summary.copy(to: copy) }
    #expect(try Data(contentsOf: URL(filePath: copy)) == Data(contentsOf: file))
    #expect(try run.source("train.py").data().count > 0)
    #expect(try run.resource("/home/researcher/project/data/iris.csv").data().count > 0)
    let error = #expect(throws: NoSuchFile.self) { try run.artifact("weight.bin") }
    #expect(
      error?.description == "run 2 has no artifact 'weight.bin'; did you mean 'weights.bin'?")
  }

  @Test func `no file that a record claims outside of the store`() async throws {
    try sample.addRun("1", sources: ["main.py"])
    try Data("secret".utf8).write(to: URL(filePath: sample.path + "/secret"))
    try FileManager.default.createDirectory(
      atPath: sample.folder.path + "/_sources", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: sample.folder.path + "/_sources/main.py", withDestinationPath: sample.path + "/secret"
    )
    let run = try await FileStore(at: sample.folder.path, usesIndex: false).run("1")
    let source = try run.source("main.py")
    #expect(throws: StoredFileError.self) { try source.data() }
    #expect(throws: StoredFileError.self) { try source.copy(to: sample.path + "/copy") }
    #expect(!FileManager.default.fileExists(atPath: sample.path + "/copy"))
  }

  @Test func `what it printed, as a terminal shows it or as it was`() async throws {
    try sample.addRun("1")
    try Data("epoch 1\repoch 2\nüber\n".utf8).write(
      to: URL(filePath: sample.folder.path + "/1/cout.txt"))
    let run = try await FileStore(at: sample.folder.path, usesIndex: false).run("1")
    #expect(try run.output() == "epoch 2\nüber\n")
    #expect(try run.output(filter: OutputFilter.none) == "epoch 1\repoch 2\nüber\n")
    #expect(try run.output(.errors) == "")
  }

  @Test func `what came since`() async throws {
    try sample.addRun("1", status: "RUNNING", values: [1])
    let store = try FileStore(at: sample.folder.path, usesIndex: false)
    var run = try await store.run("1")
    #expect(run.status == .running && run.tags == [])
    try sample.addRun("1", values: [1, 0.5])
    try await store.edit("1", .tag("best"), .note("lowest"), .name("deep"))
    #expect(try run.metric("loss").count == 1 && run.name == "sample")
    try run.refresh()
    #expect(run.status == .completed && run.tags == ["best"] && run.note == "lowest")
    #expect(try run.metric("loss").values.doubles == [1, 0.5] && run.name == "deep")
    try await store.edit("1", .untag("best"))
    try run.refresh()
    #expect(run.tags == [])
  }
}

import Foundation
import Grail
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct RunNotesTests {
  let folder = TestFolder()

  struct Device: Codable, Hashable {
    var name: String
    var memory: Int?
  }

  @Test func `info is set, changed, read and removed`() async throws {
    let record = try await folder.record { run in
      run.info["device"] = Device(name: "gpu", memory: nil)
      run.info["epochs"] = 1
      run.info["epochs"] = 2
      run.info["gone"] = "soon"
      run.info["gone"] = nil
      run.info["missing"] = nil
      run.info["rate"] = Double.infinity
      run.info["lines\n\"and\" ü"] = ["a", "b"]
      #expect(run.info["epochs"] as? Value == 2)
      #expect(run.info["gone"] == nil)
    }
    #expect(record.info.keys.elements == ["device", "epochs", "rate", "lines\n\"and\" ü"])
    let info = try folder.json("runs/1/info.json")
    #expect(info["device"]?["name"] == "gpu")
    #expect(info["epochs"] == 2 && info["rate"] == .double(.infinity))
    #expect(info["lines\n\"and\" ü"] == ["a", "b"])
    #expect(try folder.reader().record.info == record.info)
  }

  @Test func `a run that notes nothing has an empty map of notes`() async throws {
    try await folder.record { _ in }
    #expect(try folder.text("runs/1/info.json") == "{}")
  }

  @Test func `warnings are on the record with their time`() async throws {
    let record = try await folder.record { run in
      run.warn("the rate is high")
      run.warn("the rate is high")
      run.warn("'quoted'")
    }
    #expect(
      record.warnings.map(\.message) == ["the rate is high", "the rate is high", "'quoted'"])
    let warnings = try folder.json("runs/1/run.json")["grail"]?["warnings"]?.listValue
    #expect(warnings?.count == 3 && warnings?.first?["message"] == "the rate is high")
    #expect(try folder.reader().record.warnings == record.warnings)
  }

  @Test func `what is returned replaces the result that was set`() async throws {
    let returning = Experiment("test") { run in
      run.result = 1
      return Device(name: "best", memory: 7)
    }
    try await returning.run(settings: folder.settings)
    #expect(
      try folder.json("runs/1/run.json")["result"] == ["memory": 7, "name": "best"])
    let setting = Experiment("test") { (run: Run) in run.result = [0.5, .nan] }
    try await setting.run(settings: folder.settings)
    let result = try folder.json("runs/2/run.json")["result"]?.listValue
    #expect(result?.first == 0.5 && result?.last?.doubleValue?.isNaN == true)
    try await folder.record { _ in }
    #expect(try folder.json("runs/3/run.json")["result"] == .null)
  }

  @Test func `a result that is set survives a failure`() async throws {
    let failing = Experiment("test") { (run: Run) in
      run.result = 3
      throw CancellationError()
    }
    await #expect(throws: CancellationError.self) {
      try await failing.run(settings: folder.settings)
    }
    #expect(try folder.json("runs/1/run.json")["result"] == 3)
  }

  @Test func `a result that cannot be written down becomes what the error says`() async throws {
    let experiment = Experiment("test") { _ in RunMetricsTests.Unwilling() }
    let record = try await experiment.run(settings: folder.settings)
    #expect(record.status == .completed)
    #expect(record.result == "cannot be recorded: will not be written")
    #expect(
      try folder.json("runs/1/run.json")["result"] == "cannot be recorded: will not be written")
  }
}

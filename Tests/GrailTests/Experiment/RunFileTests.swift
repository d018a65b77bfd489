import Foundation
import Grail
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct RunFileTests {
  let folder = TestFolder()

  @Test func `a run's directory holds Sacred's files and the journal`() async throws {
    try await folder.record { _ in }
    #expect(
      folder.names(in: "runs/1") == [
        "config.json", "cout.index", "cout.txt", "info.json", "journal.1", "metrics.json",
        "run.json",
      ])
    #expect(folder.names(in: "runs/.grail") == ["last-id", "store.json"])
  }

  @Test func `the record has Sacred's fields, and ours below one key`() async throws {
    var settings = folder.settings
    settings.comment = "why not"
    settings.beatInterval = .milliseconds(1500)
    let record = try await Experiment("test", config: RunNotesTests.Device(name: "cpu", memory: 1))
    {
      _ in 7
    }.run(settings: settings) { $0.memory = 2 }
    let run = try folder.json("runs/1/run.json")
    #expect(
      run.mapValue?.keys.elements == [
        "artifacts", "command", "experiment", "grail", "heartbeat", "host", "meta", "resources",
        "result", "start_time", "status", "stop_time",
      ])
    #expect(run["artifacts"] == [] && run["resources"] == [])
    #expect(run["command"] == "run" && run["status"] == "COMPLETED" && run["result"] == 7)
    let experiment = try #require(run["experiment"])
    #expect(
      experiment.mapValue?.keys.elements == [
        "base_dir", "dependencies", "mainfile", "name", "repositories", "sources",
      ])
    #expect(experiment["name"] == "test")
    #expect(experiment["base_dir"]?.textValue == FileManager.default.currentDirectoryPath)
    #expect(run["host"]?["hostname"]?.textValue?.isEmpty == false)
    #expect(run["host"]?["os"]?.listValue?.count == 2)
    #expect(run["meta"]?["command"] == "run" && run["meta"]?["comment"] == "why not")
    #expect(run["meta"]?["config_updates"] == ["memory": 2])
    #expect(run["meta"]?["named_configs"] == [])
    #expect(run["start_time"]?.textValue == record.startTime?.isoText)
    #expect(run["stop_time"]?.textValue == record.stopTime?.isoText)
    #expect(run["heartbeat"] == run["stop_time"])

    let ours = try #require(run["grail"])
    #expect(
      ours.mapValue?.keys.elements == [
        "arguments", "artifacts", "config_sources", "key", "losses", "metrics", "output",
        "progress", "resources", "sessions", "version", "warnings", "working_directory",
      ])
    #expect(ours["version"] == 1)
    #expect(ours["key"]?.textValue == record.key?.description)
    #expect(ours["output"] == ["capture": "no", "filter": "terminal", "redactions": 0])
    #expect(ours["losses"] == ["events": 0, "points": 0, "reason": nil])
    let session = try #require(ours["sessions"]?.listValue?.first)
    #expect(session["number"] == 1 && session["beat_interval"] == 1.5)
    #expect(session["pid"] == .int(Int64(getpid())))
    #expect(session["start_time"] == run["start_time"])
    #expect(session["stop_time"] == run["stop_time"])
    #expect(ours["config_sources"] == ["memory": "with"])
    let config = try folder.json("runs/1/config.json")
    #expect(config["memory"] == 2 && config["name"] == "cpu")
    #expect(config["seed"]?.intValue.map { (1...1_000_000_000).contains($0) } == true)
  }

  @Test func `a reader finds what the run returned as its record`() async throws {
    let record = try await folder.record { run in
      run.log("loss", 1.0)
      run.info["a"] = 1
      run.warn("careful")
      run.result = 5
      try run.addArtifact("x".utf8, name: "x.txt", metadata: ["k": 1], contentType: "text/plain")
      for _ in run.progress(0..<3) {}
    }
    let reader = try folder.reader()
    #expect(reader.notes.isEmpty)
    #expect(reader.record == record)
    #expect(reader.liveness() == .notExpected)
  }
}

import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

/// Runs that are written down to be run later, by a program of its own.
@Suite(.timeLimit(.minutes(2))) struct QueueTests {
  let folder = TestFolder()

  @Test func `a queued run has all that is needed to run it later, and was not run`() async throws {
    let end = try await TestProgram.run(
      "ending", ["-q", "with", "lines=3", "how=exit", "-c", "later", "-P", "5"], in: folder)
    #expect(end.exitCode == 0 && end.output == "1\n")
    let reader = try RunReader(directory: folder.path("runs/1"))
    let record = reader.record
    #expect(record.status == .queued && record.startTime == nil && record.queueTime != nil)
    #expect(record.sessions.isEmpty && record.key != nil && reader.output().isEmpty)
    #expect(record.config["lines"] == 3 && record.config["how"] == "exit")
    // The seed is decided, so that the run is the same whenever it is run.
    #expect(record.config["seed"]?.intValue.map { (1...1_000_000_000).contains($0) } == true)
    #expect(record.meta["comment"] == "later" && record.meta["priority"] == 5.0)
    #expect(record.meta["options"]?["--queue"] == true)
    #expect(
      record.arguments.suffix(7) == ["with", "lines=3", "how=exit", "-c", "later", "-P", "5"])
    let sources = record.experiment.sources
    #expect(sources.contains { $0.path.hasSuffix("Endings.swift") })
    for source in sources {
      #expect(FileManager.default.fileExists(atPath: try #require(reader.path(of: source))))
    }
    #expect(try folder.json("runs/1/run.json")["status"] == "QUEUED")
    #expect(try folder.json("runs/1/run.json")["start_time"] == .null)
  }

  @Test func `a queued run is not taken for a dead one`() async throws {
    _ = try await TestProgram.run("ending", ["-q"], in: folder)
    #expect(try RunReader(directory: folder.path("runs/1")).liveness() == .notExpected)
    #expect(try RunFinisher.finish(directory: folder.path("runs/1")) == .isAlive)
    #expect(try RunReader(directory: folder.path("runs/1")).record.status == .queued)
  }

  @Test func `a run that is not recorded cannot be queued`() async throws {
    let end = try await TestProgram.run("ending", ["-q", "-u"], in: folder)
    #expect(end.exitCode == 64)
    #expect(
      end.errorLines.first
        == "test-experiments: '--queue' writes a run down, and '--unobserved' records nothing; "
        + "leave one out")
    #expect(!folder.has("runs"))
  }

  @Test func `a bad configuration is not queued`() async throws {
    let end = try await TestProgram.run("ending", ["-q", "with", "line=3"], in: folder)
    #expect(end.exitCode == 64 && end.errors.contains("'line'") && !folder.has("runs"))
  }
}

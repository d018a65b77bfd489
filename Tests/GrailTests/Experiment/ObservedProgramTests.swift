import Foundation
import Grail
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

/// Observers of programs that are killed, and the command that delivers later.
@Suite(.timeLimit(.minutes(3))) struct ObservedProgramTests {
  let folder = TestFolder()

  private func environment(_ behavior: String, names: String = "file") -> [String: String] {
    ["OBSERVER_LOG": folder.path("told"), "OBSERVER": behavior, "OBSERVERS": names]
  }

  private func run(
    _ arguments: [String] = [], _ behavior: String = "steady", names: String = "file"
  ) async throws -> ProgramEnd {
    try await TestProgram.run(
      "observed", arguments, in: folder, environment: environment(behavior, names: names))
  }

  private func told(_ id: String = "1", by name: String = "file") throws -> [Substring] {
    try folder.text("told.\(name).\(id)").split(separator: "\n")
  }

  /// Waits for the record of a dead run to be completed by the process beside it.
  private func waitUntilFinished() async throws {
    for _ in 0..<600 {
      // A file that is being replaced is whole before and after.
      if try folder.json("runs/1/run.json")["status"] == "FAILED" { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    Issue.record("nobody completed the record of the run")
  }

  /// What was told is what a reader finds: everything, once and in order.
  private func expectAll(_ id: String = "1", by name: String = "file") throws {
    let lines = try told(id, by: name)
    #expect(lines.allSatisfy { !$0.hasPrefix("GAP") && !$0.hasPrefix("MISMATCH") })
    var points: [String: [String]] = [:]
    var (output, infos): ([UInt8], [String]) = ([], [])
    for line in lines {
      let words = line.split(separator: " ")
      switch words[0] {
      case "points":
        points[String(words[1]), default: []] += words[2].split(separator: ",").map(String.init)
      case "output":
        #expect(Int(words[1]) == output.count)
        output += Array(try #require(Data(base64Encoded: String(words[2]))))
      case "info": infos.append(String(words[1]))
      default: break
      }
    }
    let reader = try RunReader(directory: folder.path("runs/\(id)"))
    for metric in reader.metrics {
      let series = try #require(try reader.series(metric.name))
      #expect(
        points[metric.name] == zip(series.steps, series.values.doubles).map { "\($0):\($1)" })
    }
    #expect(points.count == reader.metrics.count)
    #expect(output == reader.output())
    #expect(infos == reader.record.info.keys.map { $0 })
    #expect(lines.first == "started \(id)")
    #expect(lines.last == "ended \(reader.record.status)")
    #expect(lines.filter { $0.hasPrefix("ended") }.count == 1)
    #expect(reader.record.deliveries.first { $0.observer == name }?.undelivered == 0)
  }

  @Test(arguments: 0..<12)
  func `a program killed at any moment has told everything once it is synced`(
    round: Int
  ) async throws {
    let behavior = round % 2 == 0 ? "steady" : "shaky"
    // With a process that records the output, and completes the record; without it, sync does.
    let isCaptured = round % 4 < 2
    let process = TestProgram.process(
      "observed",
      ["-C", isCaptured ? "fd" : "no", "-b", "0.1", "with", "rounds=10000", "pause=300"],
      in: folder, environment: environment(behavior))
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let start = ContinuousClock.now
    while !folder.has("runs/1/delivery/file.json"), ContinuousClock.now - start < .seconds(20) {
      usleep(500)
    }
    usleep(UInt32.random(in: 0...2_500_000))
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    if isCaptured { try await waitUntilFinished() }
    // The one who delivers is killed too.
    for _ in 0..<2 where round % 3 == 0 {
      let sync = TestProgram.process(
        "observed", ["sync"], in: folder, environment: environment("shaky"))
      (sync.standardOutput, sync.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
      try sync.run()
      usleep(UInt32.random(in: 20_000...200_000))
      kill(sync.processIdentifier, SIGKILL)
      sync.waitUntilExit()
    }
    let end = try await run(["sync", "--observer-timeout", "20"], behavior)
    #expect(end.exitCode == 0, "\(end.errors)")
    try expectAll()
    #expect(try RunReader(directory: folder.path("runs/1")).record.status == .failed)
    #expect(try await run(["sync"]).output == "Nothing is undelivered\n")
    let again = try await run(["sync", "1"])
    #expect(again.exitCode == 0 && again.output == "Run 1: nothing is undelivered\n")
  }

  @Test func `what is undelivered at the end is said, with what to type`() async throws {
    let end = try await run(["--observer-timeout", "0.2", "with", "rounds=5"], "away")
    #expect(end.exitCode == 0)
    let lines = end.messages.filter { $0.contains("observer") }
    #expect(
      lines.first
        == "observer 'file' does not take what happens in run 1: the server is away. It is kept and tried again"
    )
    let last = try #require(lines.last)
    #expect(lines.count == 2 && last.hasPrefix("run 1: observer 'file' lacks "))
    #expect(
      last.hasSuffix(
        " events (the server is away). To deliver it later, type: test-experiments sync 1"))

    let failed = try await run(["sync", "1", "--observer-timeout", "0.2"], "away")
    #expect(failed.exitCode == 1 && failed.output.isEmpty)
    #expect(
      failed.errorLines.last?.hasPrefix("test-experiments: run 1: observer 'file' lacks ") == true)
    let later = try await run(["sync", "1"])
    #expect(later.exitCode == 0 && later.errors.isEmpty)
    #expect(later.output.hasPrefix("Run 1: delivered ") && later.output.hasSuffix(" events\n"))
    try expectAll()
  }

  @Test func `sync delivers of all runs, and for the asked one to those who came later`()
    async throws
  {
    for _ in 0..<3 {
      #expect(
        try await run(["--observer-timeout", "0", "with", "rounds=3"], "away").exitCode == 0)
    }
    _ = try await run(["with", "rounds=3"])
    let end = try await run(["sync"], names: "file later")
    #expect(end.exitCode == 0)
    #expect(
      end.output.split(separator: "\n").map { $0.prefix(16) }
        == ["Run 1: delivered", "Run 2: delivered", "Run 3: delivered"])
    for id in 1...4 { try expectAll("\(id)") }
    #expect(folder.names().allSatisfy { !$0.hasPrefix("told.later") })
    #expect(try await run(["sync", "4"], names: "file later").exitCode == 0)
    try expectAll("4", by: "later")
    #expect(try told("4", by: "later") == told("4"))
  }

  @Test func `a server that is away is waited for once, and the other runs are counted`()
    async throws
  {
    for _ in 0..<4 {
      _ = try await run(
        ["--observer-timeout", "0", "with", "rounds=3"], "away", names: "file well")
    }
    let start = ContinuousClock.now
    let end = try await run(["sync", "--observer-timeout", "3"], "away", names: "file well")
    #expect(ContinuousClock.now - start < .seconds(9))
    #expect(end.exitCode == 1 && end.output.isEmpty)
    let lines = end.errorLines.suffix(2)
    #expect(lines.first?.hasPrefix("test-experiments: run 1: observer 'file' lacks ") == true)
    #expect(lines.first?.contains("; observer 'well' lacks ") == true)
    #expect(
      lines.last
        == "test-experiments: 3 more runs wait for them; type test-experiments sync again when they answer"
    )
    #expect(end.messages.contains { $0.hasSuffix("waiting up to 3s for observers 'file', 'well'") })
  }

  @Test func `what was refused for good is delivered when the run is asked for`() async throws {
    let refused = try await run(["with", "rounds=3"], "refuse")
    #expect(refused.exitCode == 0)
    #expect(
      refused.messages.last?.contains(" (404: no such channel). To deliver it later, type: ")
        == true)
    #expect(try await run(["sync"]).output == "Nothing is undelivered\n")
    let again = try await run(["sync", "1"], "refuse")
    #expect(again.exitCode == 1)
    #expect(again.errorLines.last?.contains("run 1: observer 'file' refused ") == true)
    let end = try await run(["sync", "1"])
    #expect(end.exitCode == 0 && end.output.hasPrefix("Run 1: delivered "))
    try expectAll()
    #expect(try await run(["sync", "1"]).output == "Run 1: nothing is undelivered\n")
  }

  @Test func `sync leaves the runs of another experiment to its own program`() async throws {
    #expect(try await TestProgram.run("quick", [], in: folder).exitCode == 0)
    let end = try await run(["sync", "1"])
    #expect(end.exitCode == 64)
    #expect(
      end.errors
        == "test-experiments: run 1 is of the experiment 'quick', whose own program tells its observers\n"
    )
    #expect(folder.names().allSatisfy { !$0.hasPrefix("told") })
  }

  @Test func `sync refuses a run that goes on, and one that is not there`() async throws {
    let process = TestProgram.process(
      "observed", ["with", "rounds=100000"], in: folder, environment: environment("steady"))
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    defer {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let start = ContinuousClock.now
    while !folder.has("runs/1/run.json"), ContinuousClock.now - start < .seconds(20) {
      usleep(500)
    }
    let alive = try await run(["sync", "1"])
    #expect(alive.exitCode == 1)
    #expect(alive.errors == "test-experiments: run 1 goes on, and delivers by itself\n")
    let all = try await run(["sync"])
    #expect(all.exitCode == 0 && all.output == "Nothing is undelivered\n")
    for id in ["9", "../1", ""] {
      let none = try await run(["sync", id])
      #expect(none.exitCode == 66)
      #expect(none.errors.hasPrefix("test-experiments: there is no run '\(id)' in "))
    }
    let lonely = try await TestProgram.run("quick", ["sync"], in: folder)
    #expect(lonely.exitCode == 64 && lonely.errorLines.count == 1)
  }

  @Test func `names of observers are said before anything begins`() async throws {
    let end = try await run(names: "file file")
    #expect(end.exitCode == 64 && !folder.has("runs"))
    #expect(
      end.errors
        == "test-experiments: two observers are called 'file'; give each a name of its own\n")
    let bad = try await run(names: "a/b")
    #expect(bad.exitCode == 64 && !folder.has("runs"))
  }

  @Test func `with -u nobody is told`() async throws {
    let end = try await run(["-u", "with", "rounds=3"])
    #expect(end.exitCode == 0)
    #expect(folder.names().isEmpty)
  }
}

import Foundation
import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections
import TestSupport
import Testing

@Suite struct StopCommandTests {
  /// A process that answers signals as a script says, and the run that it is.
  private final class Program {
    let process = Process()
    let run: LiveRun

    init(_ script: String, _ id: String = "1", in store: TestStore) throws {
      process.executableURL = URL(filePath: "/bin/sh")
      let ready = store.path("ready\(id)")
      process.arguments = ["-c", "\(script); : > '\(ready)'; while :; do sleep 0.05; done"]
      try process.run()
      for _ in 0..<500 where !FileManager.default.fileExists(atPath: ready) { usleep(10_000) }
      run = try LiveRun(id, in: store, process: .of(process.processIdentifier))
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
  }

  private func stop(_ words: String..., in store: TestStore) async throws -> GrailProgram.End {
    try await GrailProgram.run(["stop"] + words, in: store)
  }

  @Test(.timeLimit(.minutes(1))) func `a run is asked to end, and says how it ended`() async throws
  {
    let store = TestStore()
    let program = try Program("trap 'exit 0' INT TERM", in: store)
    program.process.terminationHandler = { [run = program.run] _ in
      usleep(300_000)
      try? run.end(.interrupted)
    }
    let end = try await stop("1", "--wait", "20", in: store)
    #expect(end.exitCode == 0 && end.errors.isEmpty)
    #expect(end.output.hasPrefix("1  live  INTERRUPTED in "))
  }

  @Test(.timeLimit(.minutes(1))) func `a run that will not end is ended by force alone`()
    async throws
  {
    let store = TestStore()
    let program = try Program("trap '' INT TERM", in: store)
    try program.run.abandon()
    let asked = try await stop("1", "--wait", "300ms", in: store)
    #expect(asked.exitCode == 1 && program.process.isRunning)
    #expect(
      asked.errors
        == "grail: run 1 was asked to end and still goes on after 0.3 s; --force ends it\n")
    let ended = try await stop("1", "--force", "--grace", "300ms", in: store)
    #expect(ended.exitCode == 0)
    #expect(ended.output.hasPrefix("1  live  FAILED in "))
    program.process.waitUntilExit()
    #expect(program.process.terminationStatus == SIGKILL)
    // The record was finished in its place.
    let record = try store.run("1").record
    #expect(record.status == .failed && record.stopTime != nil)
  }

  @Test(.timeLimit(.minutes(1))) func `a run that a script began in the background is asked too`()
    async throws
  {
    let store = TestStore()
    let program = try Program("trap '' INT; trap 'exit 0' TERM", in: store)
    program.process.terminationHandler = { [run = program.run] _ in try? run.end(.interrupted) }
    let end = try await stop("1", in: store)
    #expect(end.exitCode == 0 && end.output.contains("INTERRUPTED"))
  }

  @Test(.timeLimit(.minutes(1))) func `force begins with a question`() async throws {
    let store = TestStore()
    let program = try Program("trap 'exit 7' INT TERM", in: store)
    program.process.terminationHandler = { [run = program.run] _ in try? run.end(.interrupted) }
    let end = try await stop("1", "--force", in: store)
    #expect(end.exitCode == 0 && end.output.contains("INTERRUPTED"))
    #expect(program.process.terminationStatus == 7)
  }

  @Test(.timeLimit(.minutes(1))) func `nothing is sent to what is not the run's process`()
    async throws
  {
    let store = TestStore()
    let program = try Program(":", "0", in: store)
    var reused = ProcessEvidence.of(program.process.processIdentifier)
    reused.processStart = reused.processStart.map { $0 + 1 }
    var booted = ProcessEvidence.of(program.process.processIdentifier)
    booted.bootID = "before"
    var contained = ProcessEvidence.of(program.process.processIdentifier)
    contained.processNamespace = "pid:[1]"
    let runs = [
      try LiveRun("1", in: store, process: reused), try LiveRun("2", in: store, process: booted),
      try LiveRun("3", in: store, process: contained),
      try LiveRun("4", in: store, process: .elsewhere),
    ]
    try store.add("5")
    try store.add("6", record: ["status": "QUEUED", "stop_time": .null])
    try store.add("7", record: ["status": "RUNNING", "stop_time": .null])
    let id = program.process.processIdentifier
    let host = HostFacts.hostname
    for (run, line) in [
      (
        1,
        "the process of run 1 is gone: process \(id) on '\(host)'; 'grail doctor' finishes its record"
      ),
      (
        2,
        "run 2 ran as process \(id) before '\(host)' was last started; 'grail doctor' finishes its record"
      ),
      (
        3,
        "run 3 is process \(id) of another container on '\(host)'; there, 'kill -INT \(id)' ends it"
      ),
      (
        4,
        "run 4 is process 4711 on 'far\\u{1b}away', not on this machine; there, 'kill -INT 4711' ends it"
      ),
      (5, "run 5 is over: COMPLETED in 1 s"), (6, "run 6 was not begun: there is nothing to stop"),
      (7, "run 7 does not say which process it is; find it on 'lab' and end it by hand"),
    ] {
      let end = try await stop("\(run)", "--force", "--grace", "0", in: store)
      #expect(end.exitCode == 1 && end.output.isEmpty)
      #expect(end.errors == "grail: \(line)\n")
    }
    #expect(program.process.isRunning)
    withExtendedLifetime(runs) {}
  }

  @Test(.timeLimit(.minutes(1))) func `of several runs those that can be are stopped`() async throws
  {
    let store = TestStore()
    try store.add("1")
    let programs = try ["2", "3"].map { try Program("trap 'exit 0' INT TERM", $0, in: store) }
    for program in programs {
      program.process.terminationHandler = { [run = program.run] _ in try? run.end(.interrupted) }
    }
    let end = try await stop("1-3", in: store)
    #expect(end.exitCode == 1 && end.errors.contains("run 1 is over"))
    #expect(end.lines.filter { $0.contains("  live  INTERRUPTED") }.count == 2)
  }

  @Test func `a time is one`() async throws {
    let store = TestStore()
    try store.add("1")
    #expect(try await stop("1", "--grace", "soon", in: store).exitCode == 64)
    #expect(try await stop("1", "--wait", "-3s", in: store).exitCode == 64)
  }
}

import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

/// How runs end, and what their records say of it.
@Suite(.timeLimit(.minutes(2))) struct EndingTests {
  let folder = TestFolder()

  private func run(
    _ how: String, _ arguments: [String] = [], launcher: [String] = []
  ) async throws -> ProgramEnd {
    let isUpdated = arguments.contains("with")
    return try await TestProgram.run(
      "ending", ["-lWARNING"] + arguments + (isUpdated ? [] : ["with"]) + ["how=\(how)"],
      in: folder, launcher: launcher)
  }

  private let ten = (0..<10).map { "line \($0)\n" }.joined()

  // MARK: - By itself

  @Test func `a run that returns is completed with its result`() async throws {
    #expect(try await run("return").exitCode == 0)
    let record = try folder.reader().record
    #expect(record.status == .completed && record.result == "returned")
    #expect(record.failTrace.isEmpty && record.warnings.isEmpty)
  }

  @Test func `an error's type, text and cause are the trace`() async throws {
    let end = try await run("throw")
    #expect(end.exitCode == 1 && end.errors.contains("the outer part failed"))
    let record = try folder.reader().record
    #expect(record.status == .failed)
    #expect(
      record.failTrace == [
        "test_experiments.Outer: the outer part failed\n",
        "Caused by test_experiments.BrokenPart: the part 'wheel' is broken\n",
      ])
  }

  @Test func `a status of the author's own is the run's`() async throws {
    #expect(try await run("status").exitCode == 1)
    let record = try folder.reader().record
    #expect(record.status.rawValue == "DIVERGED" && record.failTrace == ["the loss is NaN\n"])
  }

  @Test func `exit(0) completes a run without a result, with a note`() async throws {
    #expect(try await run("exit", ["with", "code=0"]).exitCode == 0)
    let record = try folder.reader().record
    #expect(record.status == .completed && record.result.isNull)
    #expect(record.warnings.map(\.message).first?.contains("exit(0)") == true)
    #expect(try folder.output().hasPrefix(ten))
  }

  @Test func `exit(3) is a failure that keeps its code`() async throws {
    #expect(try await run("exit").exitCode == 3)
    let record = try folder.reader().record
    #expect(record.status == .failed)
    #expect(record.failTrace == ["The program ended itself by exit(3).\n"])
    #expect(try folder.output() == ten)
  }

  @Test(arguments: ["_exit", "kill"])
  func `a program that is gone at once has a record within seconds, without help`(
    how: String
  ) async throws {
    let end = try await run(how)
    #expect(end.exitCode == (how == "kill" ? SIGKILL : 3) && end.isKilled == (how == "kill"))
    let record = try folder.endedRecord()
    #expect(record.status == .failed && record.failTrace.count == 1)
    #expect(record.failTrace[0].hasPrefix("The process ended without saying how"))
    #expect(try folder.output() == ten)
    // The files beside the journal too.
    try RunningProgram.wait(atMost: .seconds(5), for: "the files beside the journal") {
      try folder.json("runs/1/run.json")["status"] == "FAILED"
    }
  }

  // MARK: - Crashes

  @Test(arguments: [
    ("fatal", SIGILL, "SIGILL: ", "nothing goes on here"),
    ("index", SIGILL, "SIGILL: ", ""),
    ("segfault", SIGSEGV, "SIGSEGV: ", "Bad pointer dereference at 0x0000000000000008"),
    ("abort", SIGABRT, "SIGABRT: ", ""),
    ("overflow", SIGSEGV, "SIGSEGV", ""),
  ])
  func `a crash is recorded with its signal, message and calls`(
    how: String, signal: Int32, start: String, message: String
  ) async throws {
    let end = try await run(how)
    #if arch(x86_64)
      #expect(end.isKilled && end.exitCode == signal)
    #endif
    let record = try folder.endedRecord()
    #expect(record.status == .failed)
    let trace = record.failTrace
    #expect(message.isEmpty || trace.first?.contains(message) == true)
    #if arch(x86_64)
      #expect(trace.first?.hasPrefix(start) == true)
    #endif
    #expect(trace.dropFirst().allSatisfy { $0.hasPrefix("  in ") })
    if how == "segfault" { #expect(trace[1].hasPrefix("  in crash() in test-experiments at ")) }
    if how == "index" { #expect(trace.contains { $0.contains("Endings.swift:") }) }
    // Ten lines that no flush had reached.
    #expect(try folder.output().hasPrefix(ten))
    if how == "fatal" { #expect(try folder.output().contains("in the middle of a ")) }
  }

  @Test func `a terminal that closes while a crash is told of there is not its cause`() throws {
    let program = try RunningProgram(
      "ending", ["-lERROR", "with", "how=segfault"], in: folder,
      environment: ["SWIFT_BACKTRACE": "enable=yes"])
    // The runtime says this, and then looks for the calls, which takes it a moment.
    try program.wait(for: "*** ")
    program.send(SIGHUP)
    #expect(try program.end().isKilled)
    let record = try program.endedRecord()
    #expect(record.status == .failed)
    #expect(record.failTrace.first?.hasPrefix("SIGSEGV") == true)
  }

  @Test func `a crash in a hook is recorded as that`() async throws {
    #expect(try await run("crash in hook").exitCode == SIGSEGV)
    let record = try folder.endedRecord()
    #expect(record.failTrace.last?.hasPrefix("It happened while the run ") == true)
    #expect(record.failTrace.last?.contains("hook") == true)
  }

  #if Macros
    @Test func `a crash while a default is computed says of which entry`() async throws {
      let end = try await TestProgram.run("dividing", ["with", "parts=0"], in: folder)
      #expect(end.isKilled && end.output.isEmpty && !folder.has("runs"))
      let line = "grail: the program crashed while it computed the entry 'share' of Dividing"
      #expect(end.errorLines.contains(line))
    }
  #endif

  @Test func `a signal that a timer sends ends the program as it always did`() async throws {
    let end = try await TestProgram.run(
      "printing", ["-lERROR", "with", "what=alarm"], in: folder)
    #expect(end.isKilled && end.exitCode == SIGALRM && end.output.isEmpty)
    let record = try folder.endedRecord()
    #expect(record.status == .failed && record.failTrace.first?.hasPrefix("SIGALRM") == true)
  }

  // MARK: - Limits

  @Test func `a run that takes too long is asked, cleans up, and ends with 124`() async throws {
    let end = try await run("sleep", ["--timeout", "1s"])
    #expect(end.exitCode == 124 && end.errors.contains("time limit of 1s"))
    let record = try folder.reader().record
    #expect(record.status == .timedOut && record.info["cleaned"] == true)
    #expect(try #require(record.elapsed) < .seconds(2))
  }

  @Test func `a run that does not hear is ended too`() async throws {
    #expect(try await run("busy", ["--timeout", "1s"]).exitCode == 124)
    let record = try folder.reader().record
    #expect(record.status == .timedOut && record.info["cleaned"] == true)
    #expect(try #require(record.elapsed) < .seconds(5))
    #expect(try folder.output().contains("busy\ncleaning up\n"))
  }
}

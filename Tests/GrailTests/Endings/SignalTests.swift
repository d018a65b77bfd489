import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

/// Signals that ask programs to end, or to wait.
@Suite(.timeLimit(.minutes(2))) struct SignalTests {
  let folder = TestFolder()

  private func start(_ how: String, launcher: [String] = []) throws -> RunningProgram {
    let program = try RunningProgram(
      "ending", ["-lERROR", "with", "how=\(how)"], in: folder, launcher: launcher)
    try program.wait(for: how == "sleep" ? "line 9\n" : "busy\n")
    return program
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `a signal interrupts a run after it has cleaned up, and the process dies by it`(
    signal: Int32
  ) throws {
    let program = try start("sleep")
    program.send(signal)
    #expect(try program.end() == (signal, true))
    let record = try folder.reader().record
    #expect(record.status == .interrupted && record.info["cleaned"] == true)
    #expect(record.warnings.count == 1)
    #expect(try folder.output().hasSuffix("line 9\ncleaning up\n"))
  }

  @Test(arguments: ["fd", "no"])
  func `a signal while a run begins leaves none that seems to go on`(capture: String) throws {
    for round in 0..<20 {
      let program = try RunningProgram(
        "ending", ["-lERROR", "-C", capture, "-i", "\(round)", "with", "how=sleep"], in: folder)
      let limit = ContinuousClock.now + .seconds(20)
      while !folder.has("runs/\(round)"), ContinuousClock.now < limit { usleep(50) }
      usleep(UInt32.random(in: 0...3000))
      program.send(SIGTERM)
      #expect(try program.end() == (SIGTERM, true))
      #expect(try folder.json("runs/\(round)/run.json")["status"] == "INTERRUPTED")
    }
  }

  @Test func `the first signal says that a second one ends the program`() throws {
    let program = try RunningProgram("ending", ["with", "how=busy"], in: folder)
    try program.wait(for: "busy\n")
    program.send(SIGINT)
    #expect(try program.end() == (SIGINT, true))
    let line = "SIGINT: ending the run and cleaning up; a second one ends the program at once\n"
    #expect(try folder.output().contains(line))
  }

  @Test func `a run that does not hear is interrupted too`() throws {
    let program = try start("busy")
    program.send(SIGTERM)
    #expect(try program.end() == (SIGTERM, true))
    let record = try folder.reader().record
    #expect(record.status == .interrupted && record.info["cleaned"] == true)
  }

  @Test func `a second signal ends the process at once, and the record still says how`() throws {
    let program = try start("clean slowly")
    program.send(SIGINT)
    try program.wait(for: "cleaning up\n")
    usleep(200_000)
    let start = ContinuousClock.now
    program.send(SIGINT)
    #expect(try program.end() == (SIGINT, true))
    #expect(ContinuousClock.now - start < .seconds(2))
    #expect(try program.endedRecord().status == .interrupted)
  }

  @Test func `one wish that comes as two signals leaves time to clean up`() throws {
    let program = try start("busy")
    program.send(SIGTERM)
    usleep(5000)
    program.send(SIGTERM)
    #expect(try program.end() == (SIGTERM, true))
    #expect(try folder.reader().record.info["cleaned"] == true)
  }

  @Test func `what cleans up has a limit`() throws {
    let program = try start("clean slowly")
    program.send(SIGTERM)
    let start = ContinuousClock.now
    #expect(try program.end() == (SIGTERM, true))
    #expect(ContinuousClock.now - start < .seconds(15))
    let record = try folder.reader().record
    #expect(record.status == .interrupted)
    #expect(record.warnings.contains { $0.message.contains("took longer than") })
  }

  @Test func `a signal that was ignored from the start stays so`() throws {
    let program = try start("sleep", launcher: ["/usr/bin/env", "nohup"])
    program.send(SIGHUP)
    usleep(300_000)
    #expect(program.isRunning)
    program.send(SIGTERM)
    #expect(try program.end() == (SIGTERM, true))
    #expect(try folder.reader().record.status == .interrupted)
  }

  @Test func `a job that is killed with its whole group has a record`() throws {
    let program = try RunningProgram(
      "ending", ["-lERROR", "with", "how=sleep"], in: folder)
    try program.wait(for: "line 9\n")
    // The tests' own group is another one.
    try #require(getpgid(program.id) == program.id)
    kill(-program.id, SIGKILL)
    #expect(try program.end() == (SIGKILL, true))
    #expect(try program.endedRecord().status == .failed)
    #expect(try folder.reader().outputIndex.endedByDeath)
  }

  // MARK: - At a terminal

  @Test func `Ctrl-Z holds a run and fg goes on with it`() async throws {
    guard
      let end = try await folder.runInTerminal(
        "ending", ["-lERROR", "with", "how=sleep", "seconds=1.5"],
        terminal: ["--keys", "0.7=\\x1a"])
    else { return }
    #expect(end["code"] == 0)
    #expect(try #require(end["seconds"]?.doubleValue) > 1.1)
    #expect(try folder.reader().record.status == .completed)
  }

  @Test func `Ctrl-C ends a run`() async throws {
    guard
      let end = try await folder.runInTerminal(
        "ending", ["-lERROR", "with", "how=sleep"], terminal: ["--keys", "1.2=\\x03"])
    else { return }
    #expect(end["signal"] == .int(Int64(SIGINT)))
    #expect(try folder.endedRecord().status == .interrupted)
  }
}

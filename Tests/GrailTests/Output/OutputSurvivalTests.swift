import Foundation
import GrailCore
import GrailRecord
import TestSupport
import Testing

/// What is in the record when somebody is killed.
@Suite(.timeLimit(.minutes(2))) struct OutputSurvivalTests {
  let folder = TestFolder()

  private let after = (0..<1000).map { "after \($0)\n" }.joined()

  private func watched() throws -> RunningProgram {
    let program = try RunningProgram(
      "printing", ["-lERROR", "with", "what=watched"], in: folder)
    try program.wait(for: "before\n")
    return program
  }

  @Test func `what a program had printed when it was killed is in its record`() throws {
    for round in 0..<30 {
      let folder = TestFolder()
      try Data(count: 16).write(to: URL(filePath: folder.path("counts")))
      let program = try RunningProgram(
        "printing",
        ["-lERROR", "with", "what=both", "count=100000000", "counts=\(folder.path("counts"))"],
        in: folder)
      func counts() throws -> [UInt64] {
        try Data(contentsOf: URL(filePath: folder.path("counts"))).withUnsafeBytes {
          Array($0.bindMemory(to: UInt64.self))
        }
      }
      try RunningProgram.wait(for: "both threads") { try !counts().contains(0) }
      usleep(UInt32((round * 7919) % 20_000))
      program.send(SIGKILL)
      #expect(try program.end() == (SIGKILL, true))
      let printed = try counts()
      let record = try program.endedRecord()
      #expect(record.status == .failed && record.losses.isEmpty)
      for (stream, name, count) in zip3([.output, .errors], ["a", "b"], printed) {
        var bytes: [UInt8] = []
        try folder.reader().readOutput(stream, filter: OutputFilter.none) { bytes += $0 }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        #expect(UInt64(lines.count) >= count)
        // The last one may be torn.
        #expect(lines.dropLast().enumerated().allSatisfy { $1 == "\(name) \($0)" })
      }
    }
  }

  private func zip3(
    _ streams: [StandardStream], _ names: [String], _ counts: [UInt64]
  ) -> [(StandardStream, String, UInt64)] {
    zip(zip(streams, names), counts).map { ($0.0.0, $0.0.1, $0.1) }
  }

  @Test func `if the process that records is killed another goes on`() throws {
    let program = try watched()
    kill(try program.writer(), SIGKILL)
    try folder.write("", to: "go on")
    #expect(try program.end() == (0, false))
    #expect(
      try folder.output() == "before\n" + after && folder.text("output") == "before\n" + after)
    #expect(try folder.text("errors") == "")
    let record = try folder.reader().record
    #expect(record.status == .completed && record.warnings.isEmpty)
  }

  @Test func `if both are killed the run goes on, says so, and prints to where it did`() throws {
    let program = try watched()
    let (guarding, writer) = (try program.guardProcess(), try program.writer())
    kill(guarding, SIGKILL)
    kill(writer, SIGKILL)
    try program.wait(for: "not recorded", in: "errors")
    try folder.write("", to: "go on")
    #expect(try program.end() == (0, false))
    #expect(try folder.text("output") == "before\n" + after)
    #expect(try folder.text("errors").split(separator: "\n").count == 1)
    let reader = try folder.reader()
    #expect(try folder.output() == "before\n" && reader.outputIndex.isEnded)
    #expect(reader.record.status == .completed)
    #expect(reader.record.warnings.count == 1)
  }

  @Test func `if the program and the process that records are killed nothing is lost`() throws {
    for _ in 0..<5 {
      let folder = TestFolder()
      let program = try RunningProgram(
        "printing", ["-lERROR", "with", "what=until killed"], in: folder)
      try program.wait(for: "again")
      let writer = try program.writer()
      kill(writer, SIGKILL)
      program.send(SIGKILL)
      #expect(try program.end() == (SIGKILL, true))
      let record = try program.endedRecord()
      #expect(record.status == .failed && record.losses.isEmpty)
      #expect(try folder.reader().outputIndex.endedByDeath)
      let lines = try folder.output().split(separator: "\n")
      #expect(lines.allSatisfy { $0 == "again and again" })
      try RunningProgram.wait(for: "what is echoed") {
        try folder.text("output") == folder.output()
      }
    }
  }

  @Test func `who completes a dead run's record waits until its process is gone`() throws {
    let program = try RunningProgram(
      "printing", ["-lERROR", "-C", "no", "with", "what=wait", "count=30"], in: folder)
    try program.wait(for: "printing\n", in: "output")
    let finisher = TestProgram.process(
      "printing", [], in: folder, environment: ["GRAIL_FINISH_RUN": folder.path("runs/1")])
    try finisher.run()
    usleep(300_000)
    #expect(finisher.isRunning)
    #expect(try folder.reader().record.status == .running)
    program.send(SIGKILL)
    #expect(try program.endedRecord().status == .failed)
    try RunningProgram.wait(for: "its end") { !finisher.isRunning }
  }

  @Test func `nobody is left when a run has ended`() throws {
    let program = try watched()
    let processes = [try program.guardProcess(), try program.writer()]
    try folder.write("", to: "go on")
    #expect(try program.end() == (0, false))
    try RunningProgram.wait(atMost: .seconds(2), for: "the end of those who record") {
      processes.allSatisfy { id in !RunningProgram.recorders().contains { $0.id == id } }
    }
  }
}

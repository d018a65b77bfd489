import Foundation
import GrailCore
import GrailRecord
import TestSupport
import Testing

/// Where the output goes besides the record, when there is something about that place.
@Suite(.timeLimit(.minutes(2))) struct OutputEchoTests {
  let folder = TestFolder()

  private func run(
    _ words: [String], shell: String? = nil
  ) async throws -> ProgramEnd {
    try await TestProgram.run(
      "printing", ["-lERROR", "with"] + words, in: folder,
      launcher: shell.map { ["/bin/sh", "-c", $0] } ?? [])
  }

  @Test func `a reader that has enough ends neither the run nor its record`() async throws {
    let end = try await run(
      ["count=50000"], shell: "{ \"$0\" \"$@\"; echo \"code $?\" >&2; } | head -n 1")
    #expect(end.output == "line 0\n" && end.errors == "code 0\n")
    #expect(try folder.output() == (0..<50_000).map { "line \($0)\n" }.joined())
    #expect(try folder.reader().record.status == .completed)
  }

  @Test(arguments: ["2>&1 | true", "2>&1 | head -n 1", "-d 2>&1 | true"])
  func `nobody who reads what it says ends neither the run nor its record`(
    ending: String
  ) async throws {
    let options = ending.hasPrefix("-d") ? "-d" : ""
    let pipe = ending.drop { $0 != "2" }
    let end = try await TestProgram.run(
      "printing", ["with", "count=1000"], in: folder,
      launcher: [
        "/bin/sh", "-c",
        "{ sleep 0.3; \"$0\" \"$@\" \(options); echo \"code $?\" > code; } \(pipe)",
      ])
    #expect(end.exitCode == 0)
    #expect(try folder.text("code") == "code 0\n")
    #expect(try folder.output().hasSuffix("line 999\n"))
    #expect(try folder.reader().record.status == .completed)
  }

  @Test func `a place that takes nothing any more costs no time, and nobody waits for it`()
    async throws
  {
    let start = ContinuousClock.now
    let end = try await run(["count=1000"], shell: "exec \"$0\" \"$@\" > /dev/full")
    #expect(end.exitCode == 0 && ContinuousClock.now - start < .seconds(5))
    #expect(try folder.output().hasSuffix("line 999\n"))
    // Of this program, whose folder nobody else has.
    try RunningProgram.wait(atMost: .seconds(3), for: "the end of those who record") {
      !RunningProgram.recorders().contains { hasOpen($0.id, "cout.txt") }
    }
  }

  private func hasOpen(_ process: Int32, _ name: String) -> Bool {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")) ?? []
    return files.contains { file in
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\(file)"))
        == folder.path("runs/1/\(name)")
    }
  }

  @Test func `a grandchild neither holds up the end of a run nor breaks when it prints late`()
    async throws
  {
    let end = try await run(
      ["what=daemon"], shell: "\"$0\" \"$@\"; echo \"code $?\"; test -e late && echo \"held up\"")
    #expect(end.output.hasPrefix("code 0\n") && !end.output.contains("held up"))
    #expect(try folder.reader().record.status == .completed)
    try RunningProgram.wait(for: "what the grandchild prints") { folder.has("late") }
    #expect(try folder.text("late") == "wrote 0\n" && !folder.has("pipe"))
    #expect(try folder.output() == "")
  }

  @Test func `a terminal that is stopped holds up neither the run nor its record`() async throws {
    let words = ["-lERROR", "with", "what=zeros", "count=30"]
    guard let end = try await folder.runInTerminal("printing", words, terminal: ["--stop", "4"])
    else { return }
    #expect(end["code"] == 0)
    let seconds = try #require(end["seconds"]?.doubleValue)
    #expect(seconds < 3.5)
    #expect(try folder.output().utf8.count == 30 << 16)
    #expect(try folder.reader().record.status == .completed)
  }

  @Test func `what is said at the end comes behind what a stopped terminal still has to show`()
    async throws
  {
    let words = ["with", "what=lines", "count=4000"]
    guard let end = try await folder.runInTerminal("printing", words, terminal: ["--stop", "3"])
    else { return }
    let shown = try #require(end["shown"]?.textValue)
    let lines = shown.split(separator: "\r\n").drop { $0 != "line 0" }
    #expect(lines.count == 4001 && Array(lines.prefix(4000)) == (0..<4000).map { "line \($0)" })
    #expect(lines.last?.contains("Completed after") == true)
  }

  @Test func `a terminal that is closed interrupts the run, and its record says so`() async throws {
    let words = ["-lERROR", "with", "what=wait", "count=20"]
    guard let end = try await folder.runInTerminal("printing", words, terminal: ["--close", "1"])
    else { return }
    #expect(end["signal"] == .int(Int64(SIGHUP)))
    let record = try folder.endedRecord()
    #expect(record.status == .interrupted)
    #expect(record.warnings.map(\.message) == ["SIGHUP asked the run to end"])
    #expect(try folder.output().hasPrefix("printing\n"))
  }

  @Test func `what a full disk does not take is counted, byte by byte`() async throws {
    guard let disk = SmallDisk(megabytes: 4) else { return }
    let end = try await TestProgram.run(
      "printing", ["-lCRITICAL", "-F", disk.path, "with", "what=zeros", "count=160"], in: folder)
    let run = disk.path + "/1"
    let kept = try FileManager.default.attributesOfItem(atPath: run + "/cout.txt")[.size]
    let record = try RunReader(directory: run).record
    #expect(end.exitCode == 0 && end.output.utf8.count == 160 << 16)
    #expect(record.status == .completed)
    #expect(record.losses.outputBytes == Int64((160 << 16) - (kept as? Int ?? 0)))
    #expect(record.losses.outputBytes > 5 << 20)
    #expect(record.losses.reason == "No space left on device")
  }

  @Test func `a full disk is said while the run goes on`() async throws {
    guard let disk = SmallDisk(megabytes: 4) else { return }
    let words = ["-F", disk.path, "-b", "0.2", "with", "what=zeros slowly", "count=80"]
    let end = try await TestProgram.run("printing", words, in: folder)
    let record = try RunReader(directory: disk.path + "/1").record
    let message =
      "the disk takes no more of what is printed; the run goes on, and counts what is lost"
    let warning = try #require(record.warnings.first { $0.message == message })
    let stop = try #require(record.stopTime)
    #expect(stop.microseconds - warning.time.microseconds > 500_000)
    #expect(end.errorLines.contains { $0.contains(message) })
  }
}

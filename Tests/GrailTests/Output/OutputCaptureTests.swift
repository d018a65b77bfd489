import Foundation
import Grail
import GrailCore
import GrailRecord
import GrailRun
import TestSupport
import Testing

/// What is in the record of what programs print.
@Suite(.timeLimit(.minutes(2))) struct OutputCaptureTests {
  let folder = TestFolder()

  private func run(
    _ what: String, _ arguments: [String] = [], count: Int = 1000,
    environment: [String: String] = [:], launcher: [String] = []
  ) async throws -> ProgramEnd {
    try await TestProgram.run(
      "printing", ["-lERROR"] + arguments + ["with", "what=\(what)", "count=\(count)"], in: folder,
      environment: environment, launcher: launcher)
  }

  private func lines(_ numbers: some Sequence<Int>) -> String {
    numbers.map { "line \($0)\n" }.joined()
  }

  private func text(_ stream: StandardStream?) throws -> String {
    var bytes: [UInt8] = []
    try folder.reader().readOutput(stream, filter: OutputFilter.none) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: - Order

  @Test func `a terminal that is recorded and no record at once are refused`() async throws {
    let end = try await TestProgram.run("printing", ["-C", "no", "--pty"], in: folder)
    #expect(end.exitCode == 64 && end.errorLines.first?.contains("leave one out") == true)
    #expect(!folder.has("runs"))
  }

  @Test func `each of two streams is exact and in order, and goes on to where it went`()
    async throws
  {
    let end = try await run("in turn")
    #expect(end.exitCode == 0)
    let even = lines(stride(from: 0, to: 1000, by: 2)),
      odd = lines(stride(from: 1, to: 1000, by: 2))
    #expect(try text(.output) == even && end.output == even)
    #expect(try text(.errors) == odd && end.errors == odd)
    #expect(try folder.reader().outputIndex.isEnded)
  }

  @Test func `streams that go to one place are in the order in which they were printed`()
    async throws
  {
    let end = try await run("in turn", launcher: ["/bin/sh", "-c", "exec \"$0\" \"$@\" 2>&1"])
    #expect(try folder.output() == lines(0..<1000) && end.output == lines(0..<1000))
    #expect(try folder.reader().outputPieces.allSatisfy { $0.stream == nil && $0.time != nil })
  }

  @Test func `what children print is recorded`() async throws {
    let end = try await run("children")
    #expect(try text(.output) == "one\nthree\n" && end.output == "one\nthree\n")
    #expect(try text(.errors) == "two\n" && end.errors == "two\n")
  }

  // MARK: - Modes

  @Test(arguments: [["-C", "no"], ["-u"]])
  func `without a capture nobody is between the program and its streams`(
    arguments: [String]
  ) async throws {
    let end = try await run("lines", arguments, count: 10)
    #expect(end.exitCode == 0 && end.output == lines(0..<10))
    if folder.has("runs/1") { #expect(try folder.output() == "") }
  }

  @Test func `with --pty a program finds a terminal of the same size, and one stream`() async throws
  {
    guard
      let shown = try await folder.runInTerminal(
        "printing", ["-lERROR", "--pty", "with", "what=terminal"])
    else { return }
    #expect(shown["shown"] == "1 1 31 x 101\r\non errors\r\n")
    #expect(try folder.output() == "1 1 31 x 101\non errors\n")
  }

  @Test func `with --pty there is a terminal where none was`() async throws {
    let end = try await run("terminal", ["--pty"])
    #expect(end.output == "1 1 24 x 80\non errors\n" && end.errors.isEmpty)
    #expect(try folder.output() == end.output)
  }

  @Test func `with --pty the last lines are there`() async throws {
    for round in 1...10 {
      #expect(try await run("lines", ["--pty"], count: 300).exitCode == 0)
      #expect(try folder.output("\(round)") == lines(0..<300))
    }
  }

  // MARK: - What a program may expect

  @Test func `a program's wait meets no stranger, and it hears of no child`() async throws {
    #expect(try await run("stranger").output == "met -1, true, heard of 0\n")
  }

  @Test(arguments: ["1>&-", "2>&-", "0<&- 1>&- 2>&-"])
  func `standard streams that are closed get nothing of the record's files`(
    closed: String
  ) async throws {
    let end = try await TestProgram.run(
      "printing", ["with", "what=in turn", "count=10"], in: folder,
      launcher: ["/bin/sh", "-c", "exec \"$0\" \"$@\" \(closed)"])
    #expect(end.exitCode == 0)
    let reader = try folder.reader()
    #expect(reader.record.status == .completed && reader.notes.isEmpty)
    let printed = try folder.output().split(separator: "\n").filter { $0.hasPrefix("line ") }
    #expect(Set(printed) == Set((0..<10).map { "line \($0)" }) && printed.count == 10)
    // Not before the capture began: what said that the run starts was printed nowhere.
    #expect(try !folder.output().contains("Started run"))
    #expect(reader.outputIndex.isEnded && reader.outputIndex.notes.isEmpty)
  }

  // MARK: - Redactions

  @Test func `what is to be redacted is neither written nor shown, also in parts`() async throws {
    let end = try await run("secret", environment: ["REDACT": "secret-[0-9]+ ey"])
    let text = "the k[redacted] is [redacted], and [redacted] again\nno newline, [redacted]"
    #expect(try folder.output() == text && end.output == text)
    #expect(try folder.reader().record.output?.redactionCount == 2)
    #expect(try folder.reader().record.losses.isEmpty)
  }

  @Test func `what a run prints by itself is redacted without a capture too`() async throws {
    var settings = folder.settings
    settings.output.redactions = ["secret-[a-z]*", "^key"]
    let experiment = Experiment("test") { run in run.print("a secret-abc b secret-\nkey key") }
    try await experiment.run(settings: settings)
    #expect(try folder.text("runs/1/cout.txt") == "a [redacted] b [redacted]\n[redacted] key\n")
  }

  @Test func `a redaction that is no expression is an error before anything runs`() async throws {
    let end = try await run("secret", environment: ["REDACT": "fine secret-["])
    #expect(end.exitCode == 64 && end.output.isEmpty && end.errorLines.count == 1)
    #expect(end.errors.contains("redaction 2 of the output is no extended regular expression: "))
    #expect(!end.errors.contains("secret") && !folder.has("runs"))
  }

  // MARK: - Much

  @Test func `100 MB without a line's end are recorded in the memory of a few`() throws {
    // 64 KiB each.
    let program = try RunningProgram(
      "printing", ["-lERROR", "with", "what=zeros", "count=1600"], in: folder)
    let writer = try program.writer()
    var peak = 0
    while program.isRunning {
      let status = (try? String(contentsOfFile: "/proc/\(writer)/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
      peak = max(peak, line.flatMap { Int($0.split(separator: " ")[1]) } ?? 0)
      usleep(10_000)
    }
    #expect(try program.end().code == 0)
    #expect(peak < 8192, "KiB of its own")
    for name in ["output", "runs/1/cout.txt"] {
      let size = try FileManager.default.attributesOfItem(atPath: folder.path(name))[.size]
      #expect(size as? Int == 1600 << 16)
    }
    #expect(try folder.reader().outputPieces.reduce(0) { $0 + $1.range.count } == 1600 << 16)
  }

  // MARK: - From code

  @Test func `a hundred captures one after another leave nothing open and lose nothing`()
    async throws
  {
    let end = try await TestProgram.run("sequence", in: folder)
    let last = try #require(end.output.split(separator: "\n").last)
    let numbers = last.matches(of: /\d+/).map { String($0.output) }
    #expect(last.hasSuffix("children: -1") && numbers.count == 4 && Set(numbers[..<3]).count == 1)
    for number in 1...100 {
      let reader = try folder.reader("\(number)")
      var text = ""
      try reader.readOutput(.output) { text += String(decoding: $0, as: UTF8.self) }
      #expect(text == "run \(number)\n" && reader.record.warnings.isEmpty)
      try reader.readOutput(.errors) { text += String(decoding: $0, as: UTF8.self) }
      #expect(text.contains("its errors\n"))
    }
  }

  @Test func `fifty runs at once each have what they print themselves`() async throws {
    let end = try await TestProgram.run("parallel", in: folder)
    #expect(end.exitCode == 0)
    #expect(end.output.split(separator: "\n").count == 1000)
    for run in 1...50 {
      #expect(
        try folder.output("\(run)") == (0..<20).map { "run \(run), line \($0)\n" }.joined())
      #expect(try folder.reader("\(run)").outputIndex.isEnded)
    }
  }
}

import Foundation
import Grail
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct RunProgressTests {
  let folder = TestFolder()

  /// Runs the experiment `looping` on a terminal of a width; returns what the terminal was sent.
  private func terminalOutput(width: Int, _ arguments: [String] = []) async throws -> String {
    let script = """
      import fcntl, os, pty, struct, sys, termios
      width, words = int(sys.argv[1]), sys.argv[2:]
      process, terminal = pty.fork()
      if process == 0:
          fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
          os.execv(words[0], words)
      output = b""
      try:
          while part := os.read(terminal, 65536):
              output += part
      except OSError:
          pass
      _, status = os.waitpid(process, 0)
      sys.stdout.buffer.write(output)
      sys.exit(os.waitstatus_to_exitcode(status))
      """
    let end = try await TestProgram.run(
      "looping", arguments, in: folder,
      launcher: ["/usr/bin/env", "python3", "-c", script, "\(width)"])
    #expect(end.exitCode == 0)
    return end.output
  }

  /// The lines that a terminal shows in turn, without their escape sequences.
  private func shownLines(_ output: String) -> [String] {
    output.replacing("\r\n", with: "\n").split { $0 == "\r" || $0 == "\n" }
      .map { String($0.replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "")) }
      .filter { $0.hasPrefix("epoc") }
  }

  @Test(arguments: [200, 80, 40, 20, 5])
  func `a bar fits the terminal and leaves its last state on a line of its own`(width: Int)
    async throws
  {
    let output = try await terminalOutput(width: width)
    let lines = shownLines(output)
    #expect(lines.count > 2)
    #expect(lines.allSatisfy { $0.count < width })
    if width >= 40 {
      #expect(lines.last?.contains("100%  40/40") == true)
      #expect(lines.last?.contains("━") == (width > 40))
      #expect(output.contains("ETA"))
    }
    // The log line that follows begins a line.
    let text = output.replacing("\r\n", with: "\n")
    let last = try #require(text.range(of: "Completed after"))
    let lineStart = text[..<last.lowerBound].lastIndex(of: "\n") ?? text.startIndex
    #expect(!text[lineStart..<last.lowerBound].contains("\u{1B}"))
  }

  // Sacred writes colors into pipes and files.
  @Test func `without a terminal there are no control characters`() async throws {
    let end = try await TestProgram.run("looping", in: folder)
    #expect(end.exitCode == 0 && end.output.isEmpty)
    #expect(!(end.errors + end.output).unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    #expect(end.messages.count == 3)
  }

  @Test func `how far a loop has come is on the record`() async throws {
    #expect(try await TestProgram.run("looping", in: folder).exitCode == 0)
    let progress = try folder.json("runs/1/run.json")["grail"]?["progress"]?.listValue
    #expect(progress?.count == 1)
    let report = try #require(progress?.first)
    #expect(report["label"] == "epochs" && report["completed"] == 40 && report["total"] == 40)
    let times = ["start_time", "time"].compactMap {
      report[$0]?.textValue.flatMap { Timestamp(isoText: $0) }
    }
    #expect(times.count == 2 && times[1].since(times[0]) >= .milliseconds(350))
  }

  @Test func `a loop that is left stands where it was left`() async throws {
    let end = try await TestProgram.run("looping", ["with", "stop=7"], in: folder)
    #expect(end.exitCode == 0)
    let report = try folder.reader().record.progress
    #expect(report.map(\.completed) == [7] && report.map(\.total) == [40])
  }

  @Test func `loops of any kind and several at once are counted apart`() async throws {
    let record = try await folder.record { run in
      for outer in run.progress(1...3, label: "outer") {
        for _ in run.progress(stride(from: 0, to: outer, by: 1), label: "inner", total: outer) {}
      }
      var rest = 5
      for _ in run.progress(
        AnyIterator {
          rest -= 1
          return rest >= 0 ? rest : nil
        }, label: "unknown")
      {}
      for _ in run.progress([Int](), label: "none") {}
      #expect(Array(run.progress("abc", label: "text")) == ["a", "b", "c"])
    }
    let found = record.progress.map {
      [$0.label, "\($0.completed)", $0.total.map { "\($0)" } ?? "-"]
    }
    #expect(
      found == [
        ["outer", "3", "3"], ["inner", "3", "3"], ["unknown", "5", "-"], ["none", "0", "0"],
        ["text", "3", "3"],
      ])
    #expect(try folder.reader().record.progress == record.progress)
  }
}

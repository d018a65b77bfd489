import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite struct LogsCommandTests {
  /// A run with the output under Tests/Fixtures, which has an index.
  private func indexed() throws -> TestStore {
    let store = TestStore()
    try store.add("1")
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/output/v1.0")
    for name in ["cout.txt", "cout.index"] {
      try Data(contentsOf: folder.appending(path: name))
        .write(to: URL(filePath: "\(store.runs)/1/\(name)"))
    }
    return store
  }

  private func logs(_ words: String..., in store: TestStore) async throws -> GrailProgram.End {
    try await GrailProgram.run(["logs"] + words, in: store)
  }

  @Test func `the output is read as its filter says, or raw`() async throws {
    let store = TestStore()
    try store.add("1", output: "10%\r20%\na\u{8}b\r\n\u{1B}[31mx")
    #expect(try await logs("1", in: store).output == "20%\nb\n\u{1B}[31mx")
    #expect(try await logs("1", "--raw", in: store).output == "10%\r20%\na\u{8}b\r\n\u{1B}[31mx")
    try store.add("2", record: ["grail": ["output": ["capture": "fd", "filter": "none"]]])
    try store.write("1\r2\n", to: "runs/2/cout.txt")
    #expect(try await logs("2", in: store).output == "1\r2\n")
  }

  @Test func `some lines at the beginning or the end`() async throws {
    let store = TestStore()
    try store.add("1", output: "1\n2\n3\n4")
    #expect(try await logs("1", "--head", "2", in: store).output == "1\n2\n")
    #expect(try await logs("1", "--head", "9", in: store).output == "1\n2\n3\n4")
    #expect(try await logs("1", "--head", "0", in: store).output.isEmpty)
    #expect(try await logs("1", "-n", "2", in: store).output == "3\n4")
    #expect(try await logs("1", "--tail", "9", in: store).output == "1\n2\n3\n4")
    #expect(try await logs("1", "--tail", "0", in: store).output.isEmpty)
    #expect(try await logs("1", "--tail", "-1", in: store).exitCode == 64)
    #expect(try await logs("1", "--tail", "1", "--head", "1", in: store).exitCode == 64)
  }

  @Test func `the streams apart, and lines with their times`() async throws {
    let store = try indexed()
    #expect(try await logs("1", "--stdout", in: store).output == "loaded \n")
    #expect(try await logs("1", "--stderr", in: store).output == "a warning: é\n")
    #expect(try await logs("1", "--stderr", "--tail", "1", in: store).output == "a warning: é\n")
    #expect(try await logs("1", "--stdout", "--tail", "0", in: store).output.isEmpty)
    let lines = try await logs("1", "--times", in: store).lines
    #expect(
      lines.prefix(3) == [
        "2023-11-14 22:13:20.000  loaded ", "2023-11-14 22:13:20.060  a warning: é",
        "                      -  nobody knows when",
      ])
    let last = try await logs("1", "--times", "--tail", "1", in: store)
    #expect(last.output == "                      -  printed while it ended")
    #expect(try await logs("1", "--times", "--raw", in: store).exitCode == 64)
  }

  @Test func `streams that nobody recorded are not made up`() async throws {
    let store = TestStore()
    try store.add("1", output: "text\n")
    let end = try await logs("1", "--stderr", in: store)
    #expect(end.exitCode == 1 && end.output.isEmpty)
    #expect(end.errors.contains("was not recorded by streams"))
    try store.add("2")
    let silent = try await logs("2", "--stderr", in: store)
    #expect(silent.exitCode == 0 && silent.output.isEmpty && silent.errors.isEmpty)
  }

  @Test func `one run is meant`() async throws {
    let store = TestStore()
    try store.add("1")
    try store.add("2")
    let end = try await logs("1-2", in: store)
    #expect(end.exitCode == 64 && end.errors.contains("names 2 runs"))
    #expect(try await logs("7", in: store).exitCode == 66)
  }

  @Test(.timeLimit(.minutes(1))) func `a live run is followed to its end`() async throws {
    let store = TestStore()
    let run = try LiveRun(in: store)
    run.print("begin\nhalf")
    async let ending = logs("1", "--follow", in: store)
    for number in 0..<20 {
      try await Task.sleep(for: .milliseconds(50))
      run.print(" \(number)\nhalf")
    }
    // The record may say that the run is over before its last words are there.
    try run.end(.failed)
    let end = try await ending
    #expect(end.exitCode == 0 && end.errors.isEmpty)
    #expect(
      end.output == "begin\n" + (0..<20).map { "half \($0)\n" }.joined() + "half")
  }

  @Test(.timeLimit(.minutes(1))) func `following ends with a run that died`() async throws {
    let store = TestStore()
    let run = try LiveRun(in: store, process: .gone)
    run.print("last words\n")
    let end = try await logs("1", "-f", "--times", in: store)
    #expect(end.exitCode == 0 && end.output.hasSuffix("  last words\n"))
    withExtendedLifetime(run) {}
  }

  @Test(.timeLimit(.minutes(1))) func `a line that redraws itself is shown on a terminal`() throws {
    let store = TestStore()
    let run = try LiveRun(in: store)
    run.print("begin\n 10%")
    let terminal = try GrailTerminal(["logs", "1", "-f"], in: store)
    try terminal.wait(for: "begin\r\n 10%")
    run.print("\r\u{1B}[2J 20%")
    try terminal.wait(for: "\r    \r 20%")
    try run.end()
    let end = try terminal.end()
    #expect(end.code == 0)
    #expect(end.shown.hasPrefix("\r    \r 20%\r\n") && end.shown.contains("COMPLETED"))
    #expect(!end.shown.contains("[2J"))
  }
}

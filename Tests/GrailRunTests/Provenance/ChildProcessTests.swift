import Foundation
import TestSupport
import Testing

@testable import GrailRun

@Suite(.timeLimit(.minutes(1))) struct ChildProcessTests {
  private let folder = TestFolder()

  private func start(_ script: String) throws -> ChildProcess {
    try #require(
      ChildProcess("/bin/sh", ["-c", script], environment: ["PATH=/usr/bin:/bin"], folder: "/"))
  }

  @Test func `gives output and exit status`() throws {
    let answer = try #require(
      try start("printf 'a\\0b'; pwd >&1; exit 3").output(
        atMost: 100, until: Deadline(after: .seconds(30))))
    #expect(answer.bytes == Array("a\0b/\n".utf8) && answer.status == 3)
  }

  @Test func `gives more than a pipe holds`() throws {
    let answer = try #require(
      try start("head -c 1000000 /dev/zero").output(
        atMost: 2_000_000, until: Deadline(after: .seconds(30))))
    #expect(answer.bytes.count == 1_000_000)
  }

  @Test func `ends what hangs, and what that started`() throws {
    let file = folder.path("ids")
    let child = try start("sleep 100 & echo $! $$ > \(file); wait")
    while (try? folder.text("ids"))?.hasSuffix("\n") != true { usleep(1000) }
    let begin = ContinuousClock.now
    #expect(child.output(atMost: 100, until: Deadline(after: .milliseconds(50))) == nil)
    #expect(ContinuousClock.now - begin < .seconds(5))
    for id in try folder.text("ids").split(whereSeparator: \.isWhitespace) {
      #expect(try isGone(#require(Int32(id))), "\(id) goes on")
    }
  }

  /// Whether a process ends soon; whoever inherited it may have to take notice first.
  private func isGone(_ id: Int32) -> Bool {
    let limit = ContinuousClock.now + .seconds(20)
    while kill(id, 0) == 0, ContinuousClock.now < limit { usleep(1000) }
    return kill(id, 0) != 0
  }

  @Test func `ends what closes its output and hangs`() throws {
    let child = try start("exec >&-; sleep 100")
    #expect(child.output(atMost: 100, until: Deadline(after: .milliseconds(50))) == nil)
  }

  @Test func `ends what says too much`() throws {
    let child = try start("yes")
    #expect(child.output(atMost: 100_000, until: Deadline(after: .seconds(30))) == nil)
  }

  @Test(arguments: [
    ("/nowhere/git", "/"), ("/etc/passwd", "/"), ("/", "/"), ("/bin/sh", "/nowhere"),
  ])
  func `what cannot be started gives nothing`(path: String, place: String) {
    let child = ChildProcess(path, ["-c", "true"], environment: [], folder: place)
    #expect(child?.output(atMost: 10, until: Deadline(after: .seconds(30))) == nil)
  }

  @Test func `ends what nobody asks any more`() throws {
    let file = folder.path("id")
    var child: ChildProcess? = try start("echo $$ > \(file); exec sleep 100")
    while (try? folder.text("id"))?.hasSuffix("\n") != true { usleep(1000) }
    let id = try #require(Int32(folder.text("id").dropLast()))
    #expect(kill(id, 0) == 0)
    child = nil
    _ = child
    #expect(isGone(id))
  }

  @Test func `has no terminal, no input and none of this program's descriptors`() throws {
    let open = fopen(try folder.write("x", to: "open"), "r")
    defer { if let open { fclose(open) } }
    let answer = try #require(
      try start("cat; (: </dev/tty) 2>/dev/null && echo terminal; ls /proc/self/fd | wc -l").output(
        atMost: 100, until: Deadline(after: .seconds(30))))
    // The three streams, and the one by which `ls` reads the folder.
    #expect(String(decoding: answer.bytes, as: UTF8.self) == "4\n")
  }
}

import Foundation
import GrailCommand
import SystemPackage
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct PagerTests {
  private let screen = Terminal(isInteractive: true, width: 80, height: 5)

  /// What comes out of a pager that lines are written to.
  private func output(
    lines count: Int, _ terminal: Terminal, _ variables: [String: String]
  ) throws -> String {
    let ends = try FileDescriptor.pipe()
    defer { try? ends.readEnd.close() }
    let environment = ["PATH": "/usr/bin:/bin"].merging(variables) { $1 }
    do {
      defer { try? ends.writeEnd.close() }
      let pager = Pager(
        terminal: terminal, environment: environment, output: ends.writeEnd.rawValue)
      do {
        for line in 1...count { try pager.write("\(line)\n") }
        try pager.close()
      } catch is Pager.OutputClosed {}
    }
    var text = ""
    while true {
      let bytes = try withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
        let count = try ends.readEnd.read(into: buffer)
        return Array(buffer[..<count])
      }
      if bytes.isEmpty { return text }
      text += String(decoding: bytes, as: UTF8.self)
    }
  }

  @Test(.timeLimit(.minutes(1))) func `a pager gets what is longer than the screen`() throws {
    let text = try output(lines: 6, screen, ["GRAIL_PAGER": "sed s/^/p/", "PAGER": "false"])
    #expect(text == "p1\np2\np3\np4\np5\np6\n")
  }

  #if os(Linux)
    @Test(.timeLimit(.minutes(1)))
    func `what is started while a pager shows can be interrupted all the same`() throws {
      let ends = try FileDescriptor.pipe()
      defer {
        try? ends.readEnd.close()
        try? ends.writeEnd.close()
      }
      let pager = Pager(
        terminal: screen, environment: ["PATH": "/usr/bin:/bin", "PAGER": "sed s/^/p/"],
        output: ends.writeEnd.rawValue)
      for line in 1...6 { try pager.write("\(line)\n") }
      let process = Process()
      let output = Pipe()
      process.executableURL = URL(filePath: "/bin/grep")
      process.arguments = ["SigIgn", "/proc/self/status"]
      process.standardOutput = output
      try process.run()
      let line = String(
        decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      try pager.close()
      let ignored = try #require(
        line.split(whereSeparator: \.isWhitespace).last.flatMap { UInt64($0, radix: 16) })
      #expect(ignored & 1 << UInt64(SIGINT - 1) == 0)
    }
  #endif

  @Test(.timeLimit(.minutes(1))) func `what fits the screen needs none`() throws {
    #expect(try output(lines: 4, screen, ["PAGER": "sed s/^/p/"]) == "1\n2\n3\n4\n")
    #expect(try output(lines: 7, Terminal(), ["PAGER": "sed s/^/p/"]).hasPrefix("1\n2\n"))
  }

  @Test(.timeLimit(.minutes(1)), arguments: ["", "cat", "no-such-pager -x"])
  func `without a pager everything is written`(pager: String) throws {
    #expect(try output(lines: 7, screen, ["PAGER": pager]) == "1\n2\n3\n4\n5\n6\n7\n")
  }

  @Test(.timeLimit(.minutes(1))) func `who has seen enough ends it quietly`() throws {
    let text = try output(lines: 200_000, screen, ["PAGER": "head -n 2"])
    #expect(text == "1\n2\n")
    #expect(try output(lines: 7, screen, ["PAGER": "head -n 1 | sed 's/^/p/'"]) == "p1\n")
  }
}

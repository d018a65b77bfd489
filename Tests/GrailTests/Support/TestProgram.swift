import Foundation
import TestSupport
import Testing

extension ProgramEnd {
  /// What the log lines say, without their time, level and label.
  var messages: [String] {
    errorLines.compactMap {
      $0.range(of: "] ").map { [line = $0] in String(line[$0.upperBound...]) }
    }
  }
}

/// The program `test-experiments`, or another one of the package, as a process.
enum TestProgram {
  static let path = BuiltProgram.path("test-experiments")

  /// Prepares a process of the program.
  static func process(
    _ experiment: String, _ arguments: [String], in folder: TestFolder,
    environment: [String: String] = [:], launcher: [String] = [], path: String = Self.path
  ) -> Process {
    let process = Process()
    let words = launcher + [path] + arguments
    process.executableURL = URL(filePath: words[0])
    process.arguments = Array(words.dropFirst())
    process.currentDirectoryURL = folder.url
    var variables = ProcessInfo.processInfo.environment
    variables["GRAIL_STORE"] = nil
    variables["EXPERIMENT"] = experiment
    process.environment = variables.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    return process
  }

  /// Runs the program to its end.
  static func run(
    _ experiment: String, _ arguments: [String] = [], in folder: TestFolder,
    environment: [String: String] = [:], launcher: [String] = []
  ) async throws -> ProgramEnd {
    try await process(
      experiment, arguments, in: folder, environment: environment, launcher: launcher
    ).runToEnd()
  }

  /// Runs another program of the package to its end.
  static func run(
    program: String, _ arguments: [String], in folder: TestFolder
  ) async throws -> ProgramEnd {
    try await process("", arguments, in: folder, path: BuiltProgram.path(program)).runToEnd()
  }
}

/// The experiment `obedient`, which does what it is told.
final class ObedientProgram {
  private let process: Process
  private let input = Pipe()
  private let output = Pipe()
  private var unread: [UInt8] = []
  /// The run's directory.
  private(set) var directory = ""

  /// Starts the program, with nobody beside it who would complete its record.
  init(_ arguments: [String] = [], in folder: TestFolder) throws {
    // A program that died must not take the tests along.
    signal(SIGPIPE, SIG_IGN)
    process = TestProgram.process("obedient", ["-C", "no"] + arguments, in: folder)
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let line = try readLine()
    directory = String(try #require(line.split(separator: " ").last))
  }

  deinit { if process.isRunning { kill() } }

  /// Gives a command and waits for the answer.
  @discardableResult
  func tell(_ command: String) throws -> String {
    try input.fileHandleForWriting.write(contentsOf: Data("\(command)\n".utf8))
    return try readLine()
  }

  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  func end() throws {
    try input.fileHandleForWriting.write(contentsOf: Data("end\n".utf8))
    process.waitUntilExit()
  }

  private func readLine() throws -> String {
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        defer { unread.removeSubrange(...end) }
        return String(decoding: unread[..<end], as: UTF8.self)
      }
      var wait = pollfd(
        fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
      try #require(poll(&wait, 1, 30_000) == 1, "the program says nothing")
      let part = output.fileHandleForReading.availableData
      try #require(!part.isEmpty, "the program has ended")
      unread += part
    }
  }
}

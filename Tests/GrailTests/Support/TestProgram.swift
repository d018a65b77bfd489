import Foundation
import Testing

/// What became of a program.
struct ProgramEnd {
  var exitCode: Int32
  /// Whether a signal ended the program; the exit code is then the signal's number.
  var isKilled: Bool
  var output: String
  var errors: String

  var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

  /// What the log lines say, without their time, level and label.
  var messages: [String] {
    errorLines.compactMap {
      $0.range(of: "] ").map { [line = $0] in String(line[$0.upperBound...]) }
    }
  }
}

/// The program `test-experiments`, or another one of the package, as a process.
enum TestProgram {
  /// The folder of the package's programs.
  private static let folder: String = {
    let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let folders =
      [own.path, Bundle.main.bundleURL.path]
      + Bundle.allBundles.map {
        $0.bundleURL.deletingLastPathComponent().path
      }
    return folders.first { FileManager.default.isExecutableFile(atPath: "\($0)/test-experiments") }
      ?? folders[0]
  }()

  static let path = "\(folder)/test-experiments"

  /// No test waits longer for a program.
  static let limit = Duration.seconds(60)

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
    try await end(
      of: process(
        experiment, arguments, in: folder, environment: environment, launcher: launcher))
  }

  /// Runs another program of the package to its end.
  static func run(
    program: String, _ arguments: [String], in folder: TestFolder
  ) async throws -> ProgramEnd {
    try await end(of: process("", arguments, in: folder, path: "\(Self.folder)/\(program)"))
  }

  private static func end(of process: Process) async throws -> ProgramEnd {
    let streams = TestFolder()
    for name in ["output", "errors"] { try streams.write("", to: name) }
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: streams.path("output")))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: streams.path("errors")))
    try await run(process)
    return ProgramEnd(
      exitCode: process.terminationStatus, isKilled: process.terminationReason == .uncaughtSignal,
      output: try streams.text("output"), errors: try streams.text("errors"))
  }

  /// Starts a process and waits for its end; one that takes too long is killed.
  private static func run(_ process: Process) async throws {
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    process.terminationHandler = { _ in end.finish() }
    try process.run()
    let id = process.processIdentifier
    let guardian = Task {
      try await Task.sleep(for: limit)
      kill(id, SIGKILL)
    }
    for await _ in ends {}
    guardian.cancel()
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

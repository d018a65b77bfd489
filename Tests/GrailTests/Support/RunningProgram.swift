import Foundation
import GrailCore
import GrailRecord
import TestSupport
import Testing

/// A program of an experiment while it runs, with the processes that record its output.
final class RunningProgram {
  let folder: TestFolder
  private let process: Process

  /// Starts a program whose streams are the files `output` and `errors` of the folder.
  init(
    _ experiment: String, _ arguments: [String], in folder: TestFolder,
    environment: [String: String] = [:], launcher: [String] = []
  ) throws {
    self.folder = folder
    process = TestProgram.process(
      experiment, arguments, in: folder, environment: environment, launcher: launcher)
    for name in ["output", "errors"] { try folder.write("", to: name) }
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: folder.path("output")))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: folder.path("errors")))
    try process.run()
  }

  deinit { if process.isRunning { send(SIGKILL) } }

  var id: Int32 { process.processIdentifier }
  var isRunning: Bool { process.isRunning }

  func send(_ signal: Int32) { kill(id, signal) }

  /// Waits for something, not for ever.
  static func wait(
    atMost limit: Duration = .seconds(20), for what: String, until isThere: () throws -> Bool
  ) throws {
    let end = ContinuousClock.now + limit
    while try !isThere() {
      try #require(ContinuousClock.now < end, "in vain for \(what)")
      usleep(10_000)
    }
  }

  /// Waits until a file holds a text.
  func wait(for text: String, in name: String = "runs/1/cout.txt") throws {
    try Self.wait(for: "'\(text)' in \(name)") {
      ((try? folder.text(name)) ?? "").contains(text)
    }
  }

  /// Waits for the program's end.
  func end() throws -> (code: Int32, isKilled: Bool) {
    try Self.wait(atMost: .seconds(30), for: "the program's end") { !process.isRunning }
    return (process.terminationStatus, process.terminationReason == .uncaughtSignal)
  }

  /// The process that waits for the one that records.
  func guardProcess() throws -> Int32 { try child(of: id) }

  /// The process that records.
  func writer() throws -> Int32 { try child(of: guardProcess()) }

  private func child(of parent: Int32) throws -> Int32 {
    var found: Int32?
    try Self.wait(for: "a process that records") {
      found = Self.recorders().first { $0.parent == parent }?.id
      return found != nil
    }
    return try #require(found)
  }

  /// All processes that record an output.
  static func recorders() -> [(id: Int32, parent: Int32)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { name in
      guard let id = Int32(name),
        let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
        text.contains("(grail-output)"), let end = text.lastIndex(of: ")")
      else { return nil }
      let fields = text[end...].split(separator: " ")
      guard fields.count > 2, fields[1] != "Z", let parent = Int32(fields[2]) else { return nil }
      return (id, parent)
    }
  }

  /// Waits until the run's record says that it has ended.
  func endedRecord(_ id: String = "1") throws -> RunRecord {
    try folder.endedRecord(id)
  }
}

extension TestFolder {
  /// Waits until a run's record says that it has ended.
  func endedRecord(_ id: String = "1", atMost limit: Duration = .seconds(5)) throws -> RunRecord {
    var record: RunRecord?
    try RunningProgram.wait(atMost: limit, for: "the end of the run") {
      record = try? reader(id).record
      return record?.status.isFinal ?? false
    }
    return try #require(record)
  }

  /// What a run printed, as it is on disk.
  func output(_ id: String = "1") throws -> String { try text("runs/\(id)/cout.txt") }

  /// Whether there is a program; if not, a line says what is left out.
  static func hasProgram(_ name: String) -> Bool {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let isThere = folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    if !isThere { print("left out: there is no \(name)") }
    return isThere
  }

  /// Runs a program with a terminal of its own, and returns what Tests/Python/terminal.py says of it.
  func runInTerminal(
    _ experiment: String, _ arguments: [String], terminal: [String] = [],
    environment: [String: String] = [:]
  ) async throws -> Value? {
    guard Self.hasProgram("python3") else { return nil }
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Python/terminal.py")
    let end = try await TestProgram.run(
      experiment, arguments, in: self, environment: environment,
      launcher: ["/usr/bin/env", "python3", script.path] + terminal + ["--"])
    #expect(end.errors.isEmpty && end.exitCode == 0)
    return try JSONParser.parse(Array(end.output.utf8))
  }
}

import Foundation
import TestSupport

/// The tool `grail`, run as a process.
enum GrailProgram {
  /// What became of a call.
  typealias End = ProgramEnd

  private static let path = BuiltProgram.path("grail")

  /// The folder of the tool.
  static var folder: String { URL(filePath: path).deletingLastPathComponent().path }

  /// Prepares a process of the tool.
  static func process(
    _ arguments: [String], in store: TestStore, as program: String? = nil,
    environment: [String: String] = [:]
  ) -> Process {
    let process = Process()
    process.executableURL = URL(filePath: program ?? path)
    process.arguments = arguments
    process.currentDirectoryURL = store.url
    process.environment = ProcessInfo.processInfo.environment.merging([
      "GRAIL_STORE": store.runs, "XDG_CACHE_HOME": store.path("cache"), "TERM": "dumb",
      "TZ": "UTC",
    ]) { $1 }.merging(environment) { $1 }
    return process
  }

  /// Runs the tool to its end, its output no terminal.
  ///
  /// - Parameters:
  ///   - arguments: The words behind `grail`.
  ///   - store: The store, and where the index is kept for as long as the test runs.
  ///   - program: Another program to run in its place.
  ///   - environment: Further variables.
  /// - Returns: What became of it.
  /// - Throws: The system's error, if it cannot be started.
  static func run(
    _ arguments: [String], in store: TestStore, as program: String? = nil,
    environment: [String: String] = [:]
  ) async throws -> End {
    let process = process(arguments, in: store, as: program, environment: environment)
    process.standardInput = FileHandle.nullDevice
    return try await process.runToEnd()
  }
}

import Foundation

/// The tool `grail`, run as a process.
enum GrailProgram {
  /// What became of a call.
  struct End {
    var exitCode: Int32
    var output: String
    var errors: String

    var lines: [String] { output.split(whereSeparator: \.isNewline).map(String.init) }
  }

  private static let path: String = {
    let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let folders =
      [own.path, Bundle.main.bundleURL.path]
      + Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent().path }
    let found = folders.first { FileManager.default.isExecutableFile(atPath: "\($0)/grail") }
    return "\(found ?? folders[0])/grail"
  }()

  /// The folder of the tool.
  static var folder: String { URL(filePath: path).deletingLastPathComponent().path }

  /// No test waits longer for a call.
  private static let limit = Duration.seconds(60)

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
    for name in ["output", "errors"] { try store.write("", to: name) }
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: store.path("output")))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: store.path("errors")))
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
    return End(
      exitCode: process.terminationStatus, output: try store.text("output"),
      errors: try store.text("errors"))
  }
}

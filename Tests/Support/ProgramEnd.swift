package import Foundation

/// What became of a program.
package struct ProgramEnd: Sendable {
  package var exitCode: Int32
  /// Whether a signal ended the program; the exit code is then the signal's number.
  package var isKilled: Bool
  package var output: String
  package var errors: String

  package var lines: [String] { output.split(whereSeparator: \.isNewline).map(String.init) }
  package var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
}

extension Process {
  /// Starts the process and waits for its end; one that takes too long is killed.
  ///
  /// - Parameter limit: No test waits longer for a program.
  /// - Returns: What became of it.
  /// - Throws: The system's error, if it cannot be started.
  package func runToEnd(atMost limit: Duration = .seconds(60)) async throws -> ProgramEnd {
    // Files, because pipes stay open as long as any child of it has them.
    let streams = TestFolder()
    for name in ["output", "errors"] { try streams.write("", to: name) }
    standardOutput = try FileHandle(forWritingTo: URL(filePath: streams.path("output")))
    standardError = try FileHandle(forWritingTo: URL(filePath: streams.path("errors")))
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    terminationHandler = { _ in end.finish() }
    try run()
    let id = processIdentifier
    let guardian = Task {
      try await Task.sleep(for: limit)
      kill(id, SIGKILL)
    }
    for await _ in ends {}
    guardian.cancel()
    return ProgramEnd(
      exitCode: terminationStatus, isKilled: terminationReason == .uncaughtSignal,
      output: try streams.text("output"), errors: try streams.text("errors"))
  }
}

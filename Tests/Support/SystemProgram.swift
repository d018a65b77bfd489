import Foundation

/// Programs that a machine may have, such as `tar` and `python3`.
package enum SystemProgram {
  /// Whether the machine has a program.
  package static func exists(_ name: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
  }

  /// Runs a program to its end.
  ///
  /// - Parameters:
  ///   - words: The program and its arguments.
  ///   - folder: The folder in which it runs.
  /// - Returns: Its exit code, and all that it printed.
  /// - Throws: The system's error, if it cannot be started.
  package static func run(
    _ words: [String], in folder: String
  ) throws -> (exitCode: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["timeout", "50"] + words
    process.currentDirectoryURL = URL(filePath: folder)
    let output = Pipe()
    process.standardInput = FileHandle.nullDevice
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }
}

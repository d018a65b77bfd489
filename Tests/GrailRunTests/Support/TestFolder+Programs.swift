import Foundation
import TestSupport
import Testing

extension TestFolder {
  /// Makes a program that a shell runs.
  @discardableResult
  func writeProgram(_ script: String, to name: String) throws -> String {
    let place = try write("#!/bin/sh\n\(script)\n", to: name)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
    return place
  }

  /// Runs git in a place of the folder; returns what it printed.
  @discardableResult
  func git(_ arguments: String..., in name: String = ".") throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-C", path(name)]
      + arguments
    var environment = ProcessInfo.processInfo.environment
    (environment["GIT_CONFIG_GLOBAL"], environment["GIT_CONFIG_NOSYSTEM"]) = ("/dev/null", "1")
    process.environment = environment
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "git \(arguments)")
    return text
  }

  /// The paths of all files below that hold some bytes.
  func files(holding secret: String) throws -> [String] {
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return names.filter { name in
      guard let bytes = try? Data(contentsOf: URL(filePath: path(name))) else { return false }
      return bytes.range(of: Data(secret.utf8)) != nil
    }
  }
}

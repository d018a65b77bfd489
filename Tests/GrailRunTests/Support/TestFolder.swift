import Foundation
import GrailCore
import GrailRecord
import Testing

/// A folder for one test, removed with the last that holds it.
final class TestFolder: Sendable {
  let path: String

  init() {
    // Resolved, because git says where it is without symbolic links.
    let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
    path = parent.appending(path: "grail-test-\(UUID().uuidString)").path
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a place in the folder.
  func path(_ name: String) -> String { "\(path)/\(name)" }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    let place = path(name)
    let folder = URL(filePath: place).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: place))
    return place
  }

  /// Makes a program that a shell runs.
  @discardableResult
  func writeProgram(_ script: String, to name: String) throws -> String {
    let place = try write("#!/bin/sh\n\(script)\n", to: name)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
    return place
  }

  func text(_ name: String) throws -> String {
    String(decoding: try WholeFile.read(path(name)), as: UTF8.self)
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

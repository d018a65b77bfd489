import Foundation
import GrailCore
import GrailRecord

/// What Sacred or Python made, from `Tests/Fixtures/sacred`.
enum Fixture {
  /// The JSON in a file.
  static func json(_ path: String) throws -> Value {
    let url = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/sacred").appending(path: path)
    return try JSONParser.parse(Array(try Data(contentsOf: url)))
  }
}

/// A folder that is gone with its test.
final class TemporaryFolder: Sendable {
  let url: URL

  init() {
    url = FileManager.default.temporaryDirectory.appending(path: "grail-\(UUID())")
    try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file with a mode, and returns its path.
  func file(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
    let file = url.appending(path: name)
    try Data(text.utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    return file.path
  }
}

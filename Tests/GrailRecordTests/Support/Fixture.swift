import Foundation
import Testing

/// A file written by Sacred, from `Tests/Fixtures/sacred`.
struct Fixture: CustomTestStringConvertible, Sendable {
  let path: String
  var testDescription: String { path }

  init(_ path: String) { self.path = path }

  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/sacred")

  /// The JSON files of all recorded runs.
  static let runFiles: [Fixture] = {
    let folder = root.appending(path: "filestorage")
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return (paths ?? []).filter { $0.hasSuffix(".json") }.sorted()
      .map { Fixture("filestorage/" + $0) }
  }()

  func bytes() throws -> [UInt8] {
    Array(try Data(contentsOf: Self.root.appending(path: path)))
  }
}

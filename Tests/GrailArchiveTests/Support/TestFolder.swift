import Foundation
import GrailRecord

/// A folder of a test's own, removed with the last that holds it.
final class TestFolder: Sendable {
  let path =
    FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    + "/grail-archive-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], to name: String) throws {
    let place = URL(filePath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: place)
  }

  func bytes(_ name: String) throws -> [UInt8] { try WholeFile.read("\(path)/\(name)") }

  /// The names of what is in the folder itself.
  var names: [String] { StoreFolder.names(in: path) }
}

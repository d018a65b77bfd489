public import GrailCore
import GrailRecord
import SystemPackage

#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

extension RunFile {
  /// Reads the whole content.
  ///
  /// ```swift
  /// let table = try run.artifact("table.csv").data()
  /// ```
  ///
  /// - Returns: The content.
  /// - Throws: ``StoredFileError`` if the store does not keep it, or it cannot be read.
  public func data() throws -> Data {
    var data = Data()
    try read { data.append(contentsOf: $0) }
    return data
  }

  /// Copies the content to a file, which appears whole or not at all.
  ///
  /// ```swift
  /// try run.artifact("model.bin").copy(to: "best.bin")
  /// ```
  ///
  /// - Parameter path: Where the file will be.
  /// - Throws: ``StoredFileError`` if the store does not keep the content; ``FileError`` if there is
  ///   a file already, which is not written over, or none can be made.
  public func copy(to path: String) throws {
    guard (try? Stat(FilePath(path), followTargetSymlink: false)) == nil else {
      throw FileError(path: path, verb: "created", cause: Errno.fileExists)
    }
    var file = try AtomicFile(path: path)
    try read { try file.write($0) }
    try file.commit(replacing: false)
  }
}

import CGrailRecord
import GrailCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Brings files into a record, with their digests.
package enum FileCopy {
  private static let partSize = 1 << 18

  /// Copies a file to a place in a run's directory, where it replaces what is there.
  ///
  /// - Returns: The content's digest.
  package static func copy(_ path: String, to target: String) throws(FileError) -> FileDigest {
    try makeFolder(of: target)
    var file = try AtomicFile(path: target)
    let digest = try digest(of: path) { bytes throws(FileError) in try file.write(bytes) }
    try file.commit()
    return digest
  }

  /// Writes bytes to a place in a run's directory, where they replace what is there.
  ///
  /// - Returns: The content's digest.
  package static func write(_ bytes: [UInt8], to target: String) throws(FileError) -> FileDigest {
    try makeFolder(of: target)
    try AtomicFile.write(bytes, to: target)
    return FileDigest(of: bytes)
  }

  /// Keeps a file's content in a folder that many runs share, once per content.
  ///
  /// The name is the file's stem, the content's MD5 digest and the extension, as Sacred has it.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - name: What it is to be called, if not by its own name.
  ///   - folder: The folder.
  /// - Returns: The content's digest and where it is kept.
  /// - Throws: ``FileError`` if the file cannot be read or kept.
  package static func share(
    _ path: String, name: String? = nil, in folder: String
  ) throws(FileError) -> (digest: FileDigest, storedPath: String) {
    let digest = try digest(of: path)
    let stored = "\(folder)/\(sharedName(of: name ?? path, md5: digest.md5))"
    if (try? Stat(FilePath(stored)))?.size == digest.byteCount { return (digest, stored) }
    try StoreFolder.makeFolder(folder)
    var file = try AtomicFile(path: stored)
    let copied = try self.digest(of: path) { bytes throws(FileError) in try file.write(bytes) }
    guard copied.md5 == digest.md5 else {
      throw FileError(path: path, verb: "kept", cause: FileChanged())
    }
    try file.commit(replacing: false)
    return (digest, stored)
  }

  /// Computes the digest of a file in one pass.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - take: Is given each part.
  /// - Returns: The digest.
  /// - Throws: ``FileError`` if the file cannot be read.
  package static func digest(
    of path: String, _ take: ([UInt8]) throws(FileError) -> Void = { _ in }
  ) throws(FileError) -> FileDigest {
    var hasher = FileHasher()
    do {
      let source = try FileSource(path: path)
      var offset: Int64 = 0
      while true {
        let part = try source.read(at: offset, count: partSize)
        if part.isEmpty { return hasher.finalize() }
        part.withUnsafeBytes { hasher.update($0) }
        try take(part)
        offset += Int64(part.count)
      }
    } catch let error as FileError {
      throw error
    } catch {
      throw FileError(path: path, verb: "read", cause: error)
    }
  }

  static func sharedName(of path: String, md5: String) -> String {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let name = slash.map { path[path.utf8.index(after: $0)...] } ?? path[...]
    // A dot that begins a name begins no extension.
    let sign = UInt8(ascii: ".")
    let start = name.utf8.firstIndex { $0 != sign } ?? name.endIndex
    let dot = name[start...].utf8.lastIndex(of: sign) ?? name.endIndex
    return "\(name[..<dot])_\(md5)\(name[dot...])"
  }

  private static func makeFolder(of path: String) throws(FileError) {
    guard let slash = path.lastIndex(of: "/") else { return }
    try StoreFolder.makeFolder(String(path[..<slash]))
  }

  private struct FileChanged: Error, CustomStringConvertible {
    var description: String { "it changed while it was read" }
  }
}

import CGrailRecord
import GrailCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The folder `_sources` of a store, in which a source file is kept once per content.
///
/// The name is the file's stem, the content's MD5 digest and the extension, as Sacred has it.
package struct SourceStore: Sendable {
  private let store: StoreFolder
  /// The digests of files that were looked at before.
  package var cache: DigestCache
  private var hasFolder = false

  /// The folder's name, with which the stored paths begin.
  package static let folder = "_sources"

  /// Opens the folder of a store, which may not be there yet.
  package init(store: StoreFolder) {
    self.store = store
    cache = DigestCache(store: store)
  }

  /// Keeps a file's content.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - identity: The file as it was seen before.
  /// - Returns: Where it is kept, relative to the store.
  /// - Throws: ``FileError`` if the file cannot be read or kept.
  package mutating func keep(
    _ path: String, identity: FileIdentity
  ) throws(FileError) -> String {
    if let md5 = cache.digest(of: identity, byteCount: 16) {
      let stored = Self.storedPath(of: path, md5: md5)
      if isKept(stored, byteCount: identity.byteCount) { return stored }
    }
    let now = SystemClock.now()
    let content: [UInt8]
    do {
      content = try WholeFile.read(path)
    } catch {
      throw FileError(path: path, verb: "read", cause: error)
    }
    let md5 = FileDigest.md5(of: content)
    if let after = FileIdentity(path: path), after == identity {
      cache.insert(md5, of: identity, lookedAt: now)
    }
    return try keep(content, storedPath: Self.storedPath(of: path, md5: md5))
  }

  /// Keeps content that is in no file.
  ///
  /// - Parameters:
  ///   - content: The content.
  ///   - name: The name of a file that would hold it.
  /// - Returns: Where it is kept, relative to the store.
  /// - Throws: ``FileError`` if it cannot be kept.
  package mutating func keep(_ content: [UInt8], name: String) throws(FileError) -> String {
    try keep(content, storedPath: Self.storedPath(of: name, md5: FileDigest.md5(of: content)))
  }

  /// Keeps a program's file, of any size, as one that can be started.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - name: What it is to be called.
  /// - Returns: Where it is kept, relative to the store.
  /// - Throws: ``FileError`` if the file cannot be read or kept.
  package func keepProgram(_ path: String, name: String) throws(FileError) -> String {
    let kept = try FileCopy.share(path, name: name, in: "\(store.path)/\(Self.folder)")
    chmod(kept.storedPath, 0o755)
    return "\(Self.folder)/\(FileCopy.sharedName(of: name, md5: kept.digest.md5))"
  }

  private mutating func keep(
    _ content: [UInt8], storedPath: String
  ) throws(FileError) -> String {
    let present = FileIdentity(path: "\(store.path)/\(storedPath)")
    if present?.byteCount == Int64(content.count) { return storedPath }
    if !hasFolder {
      try StoreFolder.makeFolder("\(store.path)/\(Self.folder)")
      hasFolder = true
    }
    var file = try AtomicFile(path: "\(store.path)/\(storedPath)")
    try file.write(content)
    // What is there and of another size is damaged.
    try file.commit(replacing: present != nil)
    return storedPath
  }

  private func isKept(_ storedPath: String, byteCount: Int64) -> Bool {
    FileIdentity(path: "\(store.path)/\(storedPath)")?.byteCount == byteCount
  }

  private static func storedPath(of path: String, md5: [UInt8]) -> String {
    "\(folder)/\(FileCopy.sharedName(of: path, md5: FileDigest.hexadecimal(md5)))"
  }
}

import CGrailRecord
package import GrailRecord
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A folder inside of a store in which runs are put together before they appear under their ids.
package enum IncomingFolder {
  private static let prefix = "incoming-"

  /// Makes a folder for as long as a closure runs.
  ///
  /// It is locked meanwhile, so that the next one who makes a folder can tell what a process left
  /// that was killed, and remove it.
  ///
  /// - Parameters:
  ///   - store: The store, which may not be there yet; it is not left there with nothing in it.
  ///   - body: Is given the folder's path.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws; ``FileError`` if there can be no folder.
  package static func with<Result>(
    of store: StoreFolder, _ body: (_ path: String) throws -> Result
  ) throws -> Result {
    let own = "\(store.path)/\(StoreFolder.ownFolder)"
    removeLeft(in: own)
    let path = "\(own)/\(prefix)\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let made = [own, store.path].filter { !StoreFolder.isFolder($0) }
    try StoreFolder.makeFolder(path)
    let lock = lock(path)
    defer {
      removeFolder(path)
      try? lock?.close()
      // What is not empty stays.
      for folder in made { rmdir(folder) }
    }
    return try body(path)
  }

  /// Where a file system has no locks, nothing is taken for left.
  private static func lock(_ path: String) -> FileDescriptor? {
    guard
      let folder = try? FileDescriptor.open(
        FilePath(path), .readOnly, options: [.directory, .closeOnExec, .noFollow])
    else { return nil }
    if grail_lock(folder.rawValue) == 0 { return folder }
    try? folder.close()
    return nil
  }

  private static func removeLeft(in own: String) {
    for name in StoreFolder.names(in: own) where name.hasPrefix(prefix) {
      let path = "\(own)/\(name)"
      // One that was made a moment ago may not be locked yet.
      guard let status = try? Stat(FilePath(path), followTargetSymlink: false),
        Int64(time(nil)) - Int64(status.st_mtim.tv_sec) > settlingTime, let lock = lock(path)
      else { continue }
      removeFolder(path)
      try? lock.close()
    }
  }

  private static let settlingTime: Int64 = 60
}

import CGrailRecord
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A lock that one process has at a time, on a file of its own.
struct FileLock {
  private let file: FileDescriptor

  /// Waits for the lock; `nil` if the file cannot be had, or another process keeps the lock for
  /// minutes.
  ///
  /// - Parameter path: The file, which is made if it is not there and stays.
  init?(_ path: String) {
    guard
      let file = try? FileDescriptor.open(
        FilePath(path), .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
    else { return nil }
    for _ in 0..<Self.mostTries {
      switch grail_lock(file.rawValue) {
      case 0:
        self.file = file
        return
      case Errno.wouldBlock.rawValue: usleep(Self.pause)
      default:
        try? file.close()
        return nil
      }
    }
    try? file.close()
    return nil
  }

  private static let pause: UInt32 = 10_000
  private static let mostTries = 30_000

  /// Gives the lock back.
  func unlock() { try? file.close() }
}

import CGrailRecord
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The lock of a run's last journal, held as long as this is there.
///
/// Whoever holds it is the one who may end the run, and deliver its events.
package final class JournalLock: Sendable {
  private let file: FileDescriptor

  /// Shares the lock that an open file has.
  init?(sharing file: FileDescriptor) {
    // A copy of the descriptor is of the same open file, whose lock lasts until all are closed.
    let copy = fcntl(file.rawValue, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { return nil }
    self.file = FileDescriptor(rawValue: copy)
  }

  /// Takes the lock of a run's last journal, without waiting.
  ///
  /// Where there are no locks nobody can hold one either, and this passes for a lock.
  ///
  /// - Parameter directory: The run's directory.
  /// - Returns: `nil` if another holds it.
  /// - Throws: The system's error, if there is no journal or it cannot be opened.
  package static func take(ofRun directory: String) throws -> JournalLock? {
    guard let session = RunFiles.journals(in: directory).last else {
      throw RunReaderError(directory: directory, found: "it has no journal")
    }
    let path = FilePath("\(directory)/\(RunLayout.journal(session: session))")
    let file = try FileDescriptor.open(path, .readWrite, options: [.closeOnExec])
    guard grail_lock(file.rawValue) != Errno.wouldBlock.rawValue else {
      try? file.close()
      return nil
    }
    return JournalLock(owning: file)
  }

  private init(owning file: FileDescriptor) { self.file = file }

  deinit {
    Self.release(file)
    try? file.close()
  }

  /// Gives the lock of an open file back, which closing does not do as long as the file is mapped.
  static func release(_ file: FileDescriptor) { _ = flock(file.rawValue, LOCK_UN) }
}

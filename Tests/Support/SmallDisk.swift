import Foundation

/// A disk of a few megabytes, to be filled.
///
/// It is mounted where only a process of its own sees it, so it is gone with that process: when the
/// test lets go of it, and also when the test itself is killed or still has files open there.
package final class SmallDisk: Sendable {
  /// The disk's folder.
  package let path: String
  private let input = Pipe()
  private let holder: Int32

  /// Mounts a disk; `nil` where none can be mounted, and a line says so.
  ///
  /// - Parameter megabytes: Its size.
  package init?(megabytes: Int) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    // The process ends with its input, which nobody but the test holds.
    process.arguments = [
      "unshare", "--mount", "/bin/sh", "-c",
      "mount -t tmpfs -o size=\(megabytes)m grail-test /mnt && echo mounted && exec cat",
    ]
    let output = Pipe()
    (process.standardInput, process.standardOutput) = (input, output)
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      print("left out: no disk can be mounted here, \(error)")
      return nil
    }
    holder = process.processIdentifier
    path = "/proc/\(holder)/root/mnt"
    guard !output.fileHandleForReading.availableData.isEmpty else {
      print("left out: only root may mount a small disk, where mounting is allowed")
      return nil
    }
  }

  deinit { try? input.fileHandleForWriting.close() }
}

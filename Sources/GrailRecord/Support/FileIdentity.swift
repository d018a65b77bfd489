import CGrailRecord
package import GrailCore

/// What changes when a regular file is written or replaced.
package struct FileIdentity: Hashable, Sendable {
  package var device: UInt64
  package var inode: UInt64
  package var byteCount: Int64
  /// When the content was last written, in nanoseconds since 1970.
  package var modified: Int64
  /// When anything about the file was last changed, in nanoseconds since 1970.
  package var changed: Int64

  /// Looks at a file; `nil` if there is no regular one.
  package init?(path: String) {
    var found = grail_file_identity()
    guard grail_identify_file(path, &found) else { return nil }
    self.init(
      device: found.device, inode: found.inode, byteCount: found.byte_count,
      modified: found.modified, changed: found.changed)
  }

  init(device: UInt64, inode: UInt64, byteCount: Int64, modified: Int64, changed: Int64) {
    (self.device, self.inode, self.byteCount) = (device, inode, byteCount)
    (self.modified, self.changed) = (modified, changed)
  }

  /// When the content was last written.
  package var modificationTime: Timestamp { Timestamp(microseconds: modified / 1000) }

  /// Whether the content may have been written since this was found: its time or size differs.
  package func differs(from other: FileIdentity) -> Bool {
    (inode, byteCount, modified) != (other.inode, other.byteCount, other.modified)
  }
}

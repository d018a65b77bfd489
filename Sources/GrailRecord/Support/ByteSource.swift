import SystemPackage

/// Bytes to read at any place: a file, which may grow or shrink meanwhile, or memory.
package protocol ByteSource: Sendable {
  /// The number of bytes there are now.
  func count() throws -> Int64

  /// Reads bytes, fewer at the end.
  func read(at offset: Int64, count: Int) throws -> [UInt8]
}

/// A file, read by system calls: mapped memory would kill the reader of a file that shrinks.
package final class FileSource: ByteSource {
  let file: FileDescriptor
  private let closesFile: Bool
  private let limit: Int64?

  /// Opens a file.
  ///
  /// - Throws: The system's error.
  package init(path: String) throws {
    file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
    closesFile = true
    limit = nil
  }

  /// Reads a file that another opened and closes.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - limit: Where the file is taken to end, if not at its end.
  init(file: FileDescriptor, limit: Int64? = nil) {
    self.file = file
    self.limit = limit
    closesFile = false
  }

  deinit {
    if closesFile { try? file.close() }
  }

  package func count() throws -> Int64 {
    let size = try Stat(file).size
    return limit.map { min($0, size) } ?? size
  }

  package func read(at offset: Int64, count: Int) throws -> [UInt8] {
    let count = limit.map { Int(clamping: min(Int64(count), max(0, $0 - offset))) } ?? count
    // A damaged record may ask for anything.
    guard offset >= 0, count > 0 else { return [] }
    return try Array(unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count {
        let rest = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
        let done = try file.read(fromAbsoluteOffset: offset + Int64(filled), into: rest)
        guard done > 0 else { break }
        filled += done
      }
    }
  }
}

/// Bytes in memory.
package struct MemorySource: ByteSource {
  private let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package func count() -> Int64 { Int64(bytes.count) }

  package func read(at offset: Int64, count: Int) -> [UInt8] {
    guard offset >= 0, offset < bytes.count, count > 0 else { return [] }
    return Array(bytes[Int(offset)..<Swift.min(bytes.count, Int(offset) + count)])
  }
}

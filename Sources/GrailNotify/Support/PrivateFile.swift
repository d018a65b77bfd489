import SystemPackage

/// Files that only their owner may read.
enum PrivateFile {
  /// The most bytes of one.
  private static let maximumSize = 1 << 20

  /// Reads a file.
  ///
  /// - Parameter path: The file's path.
  /// - Returns: What is in it.
  /// - Throws: ``NotificationError`` if it cannot be read, or if others can read it too.
  static func read(_ path: String) throws(NotificationError) -> [UInt8] {
    do {
      // A pipe would keep one waiting for its writer.
      let file = try FileDescriptor.open(
        FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
      defer { try? file.close() }
      let state = try Stat(file)
      guard state.type == .regular else { throw problem(path, "is no file") }
      guard state.permissions.isDisjoint(with: [.groupReadWriteExecute, .otherReadWriteExecute])
      else {
        let mode = String(state.permissions.rawValue & 0o777, radix: 8)
        throw NotificationError(
          .openToOthers,
          "'\(path)' holds secrets, and others may read or change it (mode \(mode));"
            + " type: chmod 600 \(quoted(path))")
      }
      return try content(of: file, path)
    } catch let error as NotificationError {
      throw error
    } catch {
      throw problem(path, "cannot be read: \(error)")
    }
  }

  private static func content(of file: FileDescriptor, _ path: String) throws -> [UInt8] {
    var content: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
    defer { buffer.deallocate() }
    while true {
      let count = try file.read(into: buffer)
      if count == 0 { return content }
      content += buffer[..<count]
      guard content.count <= maximumSize else { throw problem(path, "is longer than 1MiB") }
    }
  }

  private static func problem(_ path: String, _ what: String) -> NotificationError {
    NotificationError(.unreadableFile, "'\(path)' \(what)")
  }

  /// The path as a word for a shell.
  private static func quoted(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
        || "/._-+".utf8.contains(byte) || byte >= 0x80
    }
    guard !isPlain || path.hasPrefix("-") else { return path }
    return "'"
      + path.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
}

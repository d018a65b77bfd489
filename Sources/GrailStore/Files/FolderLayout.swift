import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Lays files of a run out in a folder, under the names that the run gave them.
///
/// Names may be anybody's: none leads out of the folder, no link in it is followed, and nothing that is
/// there is written over.
package struct FolderLayout {
  private let path: String

  /// Names the folder, and makes it if it is not there.
  ///
  /// - Parameter path: The folder.
  /// - Throws: ``FolderLayoutError`` if it cannot be made.
  package init(path: String) throws(FolderLayoutError) {
    self.path = path
    guard mkdir(path, 0o777) != 0, errno != EEXIST else { return }
    throw FolderLayoutError(name: nil, folder: path, found: "\(Errno(rawValue: errno))")
  }

  /// Lays a file out.
  ///
  /// - Parameter file: The file.
  /// - Throws: ``StoredFileError`` if it cannot be read, ``FolderLayoutError`` if it cannot be
  ///   written, or its name leads out of the folder or to a file that is there.
  package func add(_ file: StoredFile) throws {
    let source = try file.open()
    try? source.close()
    let parts = file.name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let last = parts.last, parts.allSatisfy(Self.isPlain) else {
      throw problem(file, "the name leads out of the folder")
    }
    var folder = try openFolder(file)
    defer { try? folder.close() }
    for part in parts.dropLast() {
      let next = try enter(part, of: folder, file)
      try? folder.close()
      folder = next
    }
    let mode: mode_t = 0o666
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let number = openat(folder.rawValue, last, flags, mode)
    guard number >= 0 else {
      throw problem(
        file, errno == EEXIST ? "it is there already" : "\(Errno(rawValue: errno))")
    }
    let target = FileDescriptor(rawValue: number)
    do {
      defer { try? target.close() }
      try file.read { try target.writeAll($0) }
    } catch {
      // Half a file is none.
      unlinkat(folder.rawValue, last, 0)
      throw error
    }
  }

  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.utf8.contains(0)
  }

  private func openFolder(_ file: StoredFile) throws -> FileDescriptor {
    do {
      return try FileDescriptor.open(
        FilePath(path), .readOnly, options: [.directory, .closeOnExec])
    } catch {
      throw problem(file, "\(error)")
    }
  }

  /// Opens a folder in a folder, and makes it if it is not there.
  private func enter(
    _ name: String, of folder: FileDescriptor, _ file: StoredFile
  ) throws -> FileDescriptor {
    if mkdirat(folder.rawValue, name, 0o777) != 0, errno != EEXIST {
      throw problem(file, "\(Errno(rawValue: errno))")
    }
    let number = openat(folder.rawValue, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard number >= 0 else {
      let isLink = errno == ELOOP || errno == ENOTDIR
      throw problem(
        file, isLink ? "'\(name)' is no folder, or a link" : "\(Errno(rawValue: errno))")
    }
    return FileDescriptor(rawValue: number)
  }

  private func problem(_ file: StoredFile, _ found: String) -> FolderLayoutError {
    FolderLayoutError(name: file.name, folder: path, found: found)
  }
}

/// A file that cannot be laid out in a folder.
package struct FolderLayoutError: Error, Hashable, CustomStringConvertible {
  /// The name that the run gave it; `nil` if it is the folder that cannot be made.
  package var name: String?
  package var folder: String
  /// Why.
  package var found: String

  /// The error in one line.
  package var description: String {
    name.map { "'\($0)' is not laid out in '\(folder)': \(found)" }
      ?? "the folder '\(folder)' cannot be made: \(found)"
  }
}

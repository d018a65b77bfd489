import GrailCore
import GrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Copies folders with the files in them; links are not followed and not copied.
enum FolderCopy {
  /// Copies a folder.
  ///
  /// - Throws: ``FileError``.
  static func copy(_ path: String, to target: String) throws {
    try StoreFolder.makeFolder(target)
    for name in StoreFolder.names(in: path) {
      let (entry, copied) = ("\(path)/\(name)", "\(target)/\(name)")
      switch kind(of: entry) {
      case .folder: try copy(entry, to: copied)
      case .file: _ = try FileCopy.copy(entry, to: copied)
      case .other: break
      }
    }
  }

  /// Says what of a folder's files differs in its copy; `nil` if nothing does.
  ///
  /// - Throws: ``FileError`` if a file cannot be read.
  static func difference(between path: String, and copy: String) throws -> String? {
    for name in StoreFolder.names(in: path) {
      let (entry, copied) = ("\(path)/\(name)", "\(copy)/\(name)")
      let kind = kind(of: entry)
      guard kind != .other else { continue }
      guard kind == Self.kind(of: copied) else { return "\(name) is missing" }
      if kind == .folder {
        if let found = try difference(between: entry, and: copied) { return "\(name)/\(found)" }
      } else if try FileCopy.digest(of: entry) != FileCopy.digest(of: copied) {
        return "\(name) has other content"
      }
    }
    return nil
  }

  private enum Kind { case file, folder, other }

  private static func kind(of path: String) -> Kind {
    var status = stat()
    guard lstat(path, &status) == 0 else { return .other }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }
}

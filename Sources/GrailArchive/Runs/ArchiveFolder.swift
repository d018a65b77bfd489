import GrailRecord
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A new folder into which an archive is unpacked.
///
/// An archive may be anybody's: nothing is written outside of the folder, nothing twice, and no links
/// are made.
struct ArchiveFolder {
  private let path: String
  private let limit: SizeLimit
  private var space: Int64 = 0
  /// What was left out, one line each; the first of many.
  private(set) var leftOut: [String] = []
  private var leftOutCount = 0

  private static let mostLines = 20
  private static let mostName = 4096

  /// Makes the folder.
  ///
  /// - Parameters:
  ///   - path: The folder, which nobody else writes to.
  ///   - limit: How much the archive may unpack to.
  /// - Throws: ``FileError``.
  init(_ path: String, limit: SizeLimit) throws(FileError) {
    (self.path, self.limit) = (path, limit)
    try StoreFolder.makeFolder(path)
  }

  /// Unpacks all members.
  ///
  /// - Throws: ``ArchiveError`` for what no archive of runs holds, ``FileError``.
  mutating func unpack(_ archive: inout any ArchiveReader) throws {
    while let member = try archive.next() {
      let name = try Self.place(of: member)
      if case .other(let found) = member.kind {
        leave("'\(member.shownName)' is left out: \(found)")
        continue
      }
      guard !name.isEmpty else { continue }
      space += SizeLimit.space(member.byteCount)
      try limit.check(space)
      if member.kind == .folder {
        try makeFolder("\(path)/\(name)", of: member)
      } else {
        try write(&archive, member, to: "\(path)/\(name)")
      }
    }
    if leftOutCount > leftOut.count {
      leftOut.append("\(leftOutCount - leftOut.count) more are left out")
    }
  }

  private mutating func leave(_ line: String) {
    leftOutCount += 1
    if leftOut.count < Self.mostLines { leftOut.append(line) }
  }

  /// A member's name without what means nothing; empty for the folder itself.
  private static func place(of member: ArchiveMember) throws(ArchiveError) -> String {
    let name = member.name
    guard name.utf8.count <= mostName else {
      throw ArchiveError("'\(member.shownName)' is too long a name for any disk")
    }
    let parts = name.split(separator: "/").filter { $0 != "." }
    guard !name.hasPrefix("/"), !parts.contains("..") else {
      throw ArchiveError(
        "'\(member.shownName)' would lie outside of its folder; nobody packs runs so")
    }
    return parts.joined(separator: "/")
  }

  private func makeFolder(_ folder: String, of member: ArchiveMember) throws {
    do {
      try StoreFolder.makeFolder(folder)
    } catch let error where error.cause as? Errno == .notDirectory {
      throw Self.clash(member)
    }
  }

  private static func clash(_ member: ArchiveMember) -> ArchiveError {
    ArchiveError(
      "'\(member.shownName)' is in it twice, or beside a name that is the same on this disk")
  }

  private func write(
    _ archive: inout any ArchiveReader, _ member: ArchiveMember, to place: String
  ) throws {
    let slash = place.lastIndex(of: "/") ?? place.startIndex
    try makeFolder(String(place[..<slash]), of: member)
    let file: FileDescriptor
    do {
      file = try FileDescriptor.open(
        FilePath(place), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec, .noFollow],
        permissions: FilePermissions(rawValue: member.isProgram ? 0o777 : 0o666))
    } catch Errno.fileExists {
      throw Self.clash(member)
    } catch {
      throw FileError(path: place, verb: "created", cause: error)
    }
    defer { try? file.close() }
    while true {
      let part = try archive.read()
      if part.isEmpty { return }
      do {
        try file.writeAll(part)
      } catch {
        throw FileError(path: place, verb: "written", cause: error)
      }
    }
  }
}

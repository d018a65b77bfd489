import GrailCore
import GrailRecord
package import GrailStore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Packs runs of a store into an archive.
///
/// The archive has one folder, which is itself a store: the runs with all their files, what they share
/// in `_sources/` and `_resources/`, and what people added to them in `.grail/changes/`.
package struct RunPacker {
  private let store: FileStore
  private let folder: String
  private var writer: any ArchiveWriter
  private var records: [RunRecord] = []
  private var sharedPaths: Set<String> = []

  /// Begins an archive.
  ///
  /// - Parameters:
  ///   - store: Where the runs are.
  ///   - folder: What the archive's one folder is called.
  ///   - format: The archive's format.
  ///   - write: Takes the archive part by part.
  package init(
    from store: FileStore, folder: String, as format: ArchiveFormat,
    to write: @escaping ([UInt8]) throws -> Void
  ) {
    (self.store, self.folder) = (store, folder)
    writer = format.writer(to: write)
  }

  /// Adds a run.
  ///
  /// A run that goes on is packed as it is now: what its journal speaks of is in the archive too.
  ///
  /// - Parameter id: The run.
  /// - Returns: What is not packed, or not as it will be, one line each.
  /// - Throws: ``NoSuchRun``, ``FileError``, and why the archive cannot be written.
  package mutating func add(_ id: String) throws -> [String] {
    guard store.hasRun(id) else { throw NoSuchRun(id: id, location: store.folder.path) }
    let reader = try RunReader(directory: "\(store.folder.path)/\(id)")
    var notes: [String] = []
    let liveness = reader.liveness()
    if liveness == .alive || liveness == .unknown {
      notes.append("run \(id) goes on; the archive has it as it is now")
    }
    let directory = reader.directory
    try addFolder(directory, as: id)
    // The journals first: the files that they speak of are there by now. The index of the output
    // comes before the output by its name.
    let journals = RunFiles.journals(in: directory).map { "journal.\($0)" }
    for name in journals { notes += try add("\(directory)/\(name)", as: "\(id)/\(name)") }
    for name in StoreFolder.names(in: directory)
    where !journals.contains(name) && !AtomicFile.isTemporary(name) {
      notes += try add("\(directory)/\(name)", as: "\(id)/\(name)")
    }
    let record = try RunReader(directory: directory).record
    let shared = record.sharedPaths
    for path in shared where !sharedPaths.contains(path) {
      guard access("\(store.folder.path)/\(path)", F_OK) == 0 else {
        notes.append("run \(id): '\(path)' is not in the store")
        continue
      }
      sharedPaths.insert(path)
      notes += try add("\(store.folder.path)/\(path)", as: path)
    }
    records.append(record)
    return notes
  }

  /// Ends the archive, with what people added to its runs.
  ///
  /// - Throws: Why it cannot be written.
  package mutating func finish() throws {
    let now = SystemClock.now().microseconds / 1_000_000
    for (name, content) in store.folder.changes(to: records) {
      try writer.add(
        "\(folder)/\(StoreFolder.ownFolder)/changes/\(name)", content, modified: now)
    }
    try writer.finish()
  }

  // MARK: - Files

  /// Adds a file, or a folder with all it holds; links are not followed and not packed.
  private mutating func add(_ path: String, as name: String) throws -> [String] {
    var status = stat()
    guard lstat(path, &status) == 0 else { return [] }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      try addFolder(path, as: name)
      return try StoreFolder.names(in: path).flatMap { entry in
        try add("\(path)/\(entry)", as: "\(name)/\(entry)")
      }
    case S_IFREG: return try addFile(path, as: name)
    case S_IFLNK: return ["'\(name)' is not packed: it is a link"]
    default: return ["'\(name)' is not packed: it is neither a file nor a folder"]
    }
  }

  private mutating func addFolder(_ path: String, as name: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    try writer.addFolder("\(folder)/\(name)", modified: status.modificationTime)
  }

  private mutating func addFile(_ path: String, as name: String) throws -> [String] {
    let file: FileDescriptor
    do {
      // Not waiting for a pipe that took the file's place.
      file = try FileDescriptor.open(
        FilePath(path), .readOnly, options: [.closeOnExec, .noFollow, .nonBlocking])
    } catch Errno.noSuchFileOrDirectory {
      return []
    } catch {
      throw FileError(path: path, verb: "read", cause: error)
    }
    defer { try? file.close() }
    var status = stat()
    guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return ["'\(name)' is not packed: it is no file any more"]
    }
    // What a run appends from now on is not of this moment.
    var rest = Int64(status.st_size)
    let member = ArchiveMember(
      name: "\(folder)/\(name)", kind: .file, byteCount: rest,
      isProgram: status.st_mode & S_IXUSR != 0, modified: status.modificationTime)
    do {
      try writer.add(member) {
        let part = try [UInt8](unsafeUninitializedCapacity: Self.partSize) { buffer, count in
          let wanted = UnsafeMutableRawBufferPointer(buffer)
          count = try file.read(
            into: UnsafeMutableRawBufferPointer(
              rebasing: wanted.prefix(Int(clamping: min(rest, Int64(Self.partSize))))))
        }
        rest -= Int64(part.count)
        return part
      }
    } catch let error as ArchiveMember.SizeChanged {
      throw FileError(path: path, verb: "packed", cause: error)
    } catch let error as Errno {
      throw FileError(path: path, verb: "read", cause: error)
    }
    return []
  }

  private static let partSize = 1 << 18
}

extension stat {
  /// When the file was last written, in seconds since 1970.
  fileprivate var modificationTime: Int64 {
    #if canImport(Darwin)
      Int64(st_mtimespec.tv_sec)
    #else
      Int64(st_mtim.tv_sec)
    #endif
  }
}

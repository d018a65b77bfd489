import GrailCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears under its name whole, or not at all.
///
/// It is written beside its place under another name and moved there at the end, so a reader
/// never meets half of it, and a crash leaves the version before.
package struct AtomicFile: ~Copyable {
  private let path: String
  private let temporaryPath: String
  private let file: FileDescriptor
  private var buffer: [UInt8] = []
  private var isDone = false

  private static let bufferSize = 1 << 18

  /// Begins a file.
  ///
  /// - Parameter path: Where the file will be.
  /// - Throws: The system's error.
  package init(path: String) throws(FileError) {
    self.path = path
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let name = String(path.dropFirst(folder.count))
    temporaryPath = "\(folder).\(name).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).tmp"
    do {
      file = try FileDescriptor.open(
        FilePath(temporaryPath), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch {
      throw FileError(path: path, verb: "created", cause: error)
    }
  }

  /// Whether a file of this name in a run's directory is one that was not put in its place.
  ///
  /// Artifacts whose names begin with a dot are kept elsewhere.
  package static func isTemporary(_ name: String) -> Bool {
    name.hasPrefix(".") && name.hasSuffix(".tmp")
  }

  deinit {
    guard !isDone else { return }
    try? file.close()
    unlink(temporaryPath)
  }

  /// Appends bytes.
  package mutating func write(_ bytes: [UInt8]) throws(FileError) {
    buffer += bytes
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Appends what a closure appends to a buffer.
  mutating func write(_ body: (inout [UInt8]) -> Void) throws(FileError) {
    body(&buffer)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  private mutating func flush() throws(FileError) {
    do {
      try file.writeAll(buffer)
    } catch {
      throw FileError(path: path, verb: "written", cause: error)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Puts the file in its place.
  ///
  /// It is not waited for the disk: whatever is written here can be made again from the journal.
  ///
  /// - Parameter replacing: Whether to take the place of a file that is there; if not, that one is
  ///   kept.
  /// - Throws: The system's error.
  package mutating func commit(replacing: Bool = true) throws(FileError) {
    try flush()
    // A link cannot replace; where there are no links, moving does almost as well.
    if !replacing, link(temporaryPath, path) == 0 || errno == EEXIST {
      unlink(temporaryPath)
    } else if rename(temporaryPath, path) != 0 {
      throw FileError(path: path, verb: "put in place", cause: Errno(rawValue: errno))
    }
    isDone = true
    try? file.close()
  }

  /// Removes what processes that ended in the middle of writing a file left beside it, once it is an
  /// hour old.
  package static func removeAbandoned(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let prefix = ".\(path.split(separator: "/").last ?? "")."
    let limit = SystemClock.now().microseconds * 1000 - 3_600_000_000_000
    for name in StoreFolder.names(in: folder) where name.hasPrefix(prefix) && isTemporary(name) {
      let file = "\(folder)/\(name)"
      if let found = FileIdentity(path: file), found.modified < limit { unlink(file) }
    }
  }

  /// Writes a whole file.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    var file = try AtomicFile(path: path)
    try file.write(bytes)
    try file.commit()
  }
}

/// A file of a record that cannot be read or written.
public struct FileError: Error, CustomStringConvertible {
  /// The file's path.
  public var path: String
  /// What cannot be done, as in "cannot be created".
  public var verb: String
  /// Why.
  public var cause: any Error

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - path: The file's path.
  ///   - verb: What cannot be done.
  ///   - cause: Why.
  public init(path: String, verb: String, cause: any Error) {
    (self.path, self.verb, self.cause) = (path, verb, cause)
  }

  /// The error in one line.
  public var description: String { "'\(path)' cannot be \(verb): \(cause)" }
}

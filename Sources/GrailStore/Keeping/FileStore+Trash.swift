package import GrailCore
import GrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A run that cannot be thrown away, brought back or removed, and why.
public struct KeepingError: Error, Hashable, CustomStringConvertible {
  /// What was found, and what to do, in one line.
  public var description: String

  init(_ description: String) { self.description = description }
}

extension FileStore {
  private var trash: String { "\(folder.path)/\(StoreFolder.ownFolder)/trash" }

  /// The runs in the trash, by their ids.
  public var trashedIDs: [String] {
    StoreFolder.names(in: trash).filter { StoreFolder.problem(withID: $0) == nil }
  }

  /// When a run was thrown away, as far as its directory tells.
  package func trashTime(_ id: String) -> Timestamp? {
    var status = stat()
    guard lstat("\(trash)/\(id)", &status) == 0 else { return nil }
    return Timestamp(microseconds: Int64(status.changed.tv_sec) * 1_000_000)
  }

  /// Reads the record of a run in the trash.
  ///
  /// - Throws: ``NoSuchRun``, or why it cannot be read.
  package func trashedRecord(_ id: String) throws -> RunRecord {
    try RunReader(directory: try trashedPath(id)).record
  }

  private func trashedPath(_ id: String) throws -> String {
    guard StoreFolder.problem(withID: id) == nil, StoreFolder.isFolder("\(trash)/\(id)") else {
      throw NoSuchRun(id: id, location: "the trash of \(folder.path)")
    }
    return "\(trash)/\(id)"
  }

  /// Puts a run into the trash, from where it can be brought back.
  ///
  /// - Parameter id: The run.
  /// - Throws: ``NoSuchRun``; ``KeepingError`` if its process lives or may live; ``FileError``.
  public func throwAway(_ id: String) throws {
    guard hasRun(id) else { throw NoSuchRun(id: id, location: folder.path) }
    let path = "\(folder.path)/\(id)"
    // What is no run, or damaged beyond reading, can be thrown away too.
    if let reader = try? RunReader(directory: path) {
      switch reader.liveness() {
      case .alive:
        throw KeepingError("run \(id) is running; stop it first: grail stop \(id)")
      case .unknown:
        throw KeepingError(
          "run \(id) may be running on another machine; wait until it is over, or until its heart "
            + "has been silent for two minutes")
      case .dead, .probablyDead, .notExpected: break
      }
    }
    try StoreFolder.makeFolder(trash)
    // It may be Sacred's, who notes no numbers.
    folder.keepID(id)
    try move(path, to: "\(trash)/\(id)", id: id, verb: "thrown away")
  }

  /// Brings a run back from the trash.
  ///
  /// - Parameter id: The run.
  /// - Throws: ``NoSuchRun``; ``KeepingError`` if another run has its id; ``FileError``.
  public func restore(_ id: String) throws {
    let path = try trashedPath(id)
    try move(path, to: "\(folder.path)/\(id)", id: id, verb: "brought back")
  }

  private func move(_ path: String, to target: String, id: String, verb: String) throws {
    // Moving would take the place of an empty folder, which a run may be about to fill.
    guard access(target, F_OK) != 0 else {
      throw KeepingError("run \(id) cannot be \(verb): '\(target)' is there already")
    }
    guard rename(path, target) == 0 else {
      throw FileError(path: path, verb: verb, cause: SystemError(number: errno))
    }
    noteChange()
  }

  /// Removes a run in the trash for good.
  ///
  /// - Parameter id: The run.
  /// - Throws: ``NoSuchRun``; ``FileError`` if something of it could not be removed.
  package func removeTrashed(_ id: String) throws {
    let path = try trashedPath(id)
    removeFolder(path)
    folder.forgetSessions(ofRun: id)
    guard access(path, F_OK) != 0 else {
      throw FileError(path: path, verb: "removed", cause: SystemError(number: EACCES))
    }
  }
}

/// An error of the system by its number.
struct SystemError: Error, CustomStringConvertible {
  var number: Int32
  var description: String { String(cString: strerror(number)) }
}

extension stat {
  #if canImport(Darwin)
    fileprivate var changed: timespec { st_ctimespec }
  #else
    fileprivate var changed: timespec { st_ctim }
  #endif
}

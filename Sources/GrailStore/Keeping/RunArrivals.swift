import GrailCore
package import GrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A store as the place where runs arrive that were made elsewhere.
///
/// A run that is there already is known by its key, or, if it is Sacred's and has none, by its
/// `run.json`. Nothing is overwritten: where an id is taken, the run gets the next number.
package struct RunArrivals {
  /// The store.
  package let store: StoreFolder
  /// The ids of the runs that are here, by what they are known by.
  private var known: [Identity: String] = [:]
  /// The runs here that have no key, and whose `run.json` was not looked at yet.
  private var unknown: [String] = []

  private enum Identity: Hashable {
    case key(String)
    case digest([UInt8])

    /// What the run in a directory is known by; `nil` if there is nothing.
    init?(ofRun path: String) {
      if let key = (try? RunReader(directory: path))?.record.key {
        self = .key(key.description)
      } else if let record = try? WholeFile.read("\(path)/run.json") {
        self = .digest(FileDigest.md5(of: record))
      } else {
        return nil
      }
    }
  }

  /// Opens a store.
  ///
  /// - Parameters:
  ///   - store: The store; it is made if it is not there.
  ///   - usesIndex: Whether its index is asked which runs there are.
  /// - Throws: ``FileError`` if it cannot be made; the database's error.
  package init(in store: StoreFolder, usesIndex: Bool) throws {
    self.store = store
    try store.prepare()
    let table = try FileStore(store, usesIndex: usesIndex).table(
      RunSelection(fields: [QueryField(.fixed(.key))], now: SystemClock.now()))
    for (id, key) in zip(table.ids, table.columns.first ?? []) {
      if let key = key?.textValue { known[.key(key)] = id } else { unknown.append(id) }
    }
  }

  /// Finds a run that the store has already.
  ///
  /// - Parameter path: The run's directory elsewhere.
  /// - Returns: The id that it has here; `nil` if it is not here.
  package mutating func knownID(ofRun path: String) -> String? {
    guard let identity = Identity(ofRun: path) else { return nil }
    if case .digest = identity {
      for id in unknown {
        if let identity = Identity(ofRun: "\(store.path)/\(id)") { known[identity] = id }
      }
      unknown = []
    }
    return known[identity]
  }

  /// Puts a run in its place, where it appears whole.
  ///
  /// - Parameters:
  ///   - path: The run's directory, somewhere in the store, which is moved.
  ///   - id: The id that it had.
  /// - Returns: The id that it has now.
  /// - Throws: ``FileError``.
  package mutating func take(_ path: String, id: String) throws -> String {
    let identity = Identity(ofRun: path)
    let wanted = StoreFolder.problem(withID: id) == nil ? try? store.claimRun(id: id) : nil
    let (newID, directory) = try wanted ?? store.claimRun(id: nil)
    // The folder that was claimed is empty, so that this one can take its place at once.
    guard rename(path, directory) == 0 else {
      let number = errno
      rmdir(directory)
      throw FileError(path: directory, verb: "put in place", cause: SystemError(number: number))
    }
    if let identity { known[identity] = newID }
    return newID
  }
}

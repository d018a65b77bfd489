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
  private var known: [String: String] = [:]

  /// Opens a store.
  ///
  /// - Parameter store: The store; it is made if it is not there.
  /// - Throws: ``FileError`` if it cannot be made.
  package init(in store: StoreFolder) throws {
    self.store = store
    try store.prepare()
    for name in RunDirectories(of: store).names {
      if let identity = Self.identity(ofRun: "\(store.path)/\(name)") { known[identity] = name }
    }
  }

  /// Finds a run that the store has already.
  ///
  /// - Parameter path: The run's directory elsewhere.
  /// - Returns: The id that it has here; `nil` if it is not here.
  package func knownID(ofRun path: String) -> String? {
    Self.identity(ofRun: path).flatMap { known[$0] }
  }

  private static func identity(ofRun path: String) -> String? {
    if let key = (try? RunReader(directory: path))?.record.key { return key.description }
    return (try? WholeFile.read("\(path)/run.json")).map {
      FileDigest.hexadecimal(FileDigest.md5(of: $0))
    }
  }

  /// Puts a run in its place, where it appears whole.
  ///
  /// - Parameters:
  ///   - path: The run's directory, somewhere in the store, which is moved.
  ///   - id: The id that it had.
  /// - Returns: The id that it has now.
  /// - Throws: ``FileError``.
  package mutating func take(_ path: String, id: String) throws -> String {
    let identity = Self.identity(ofRun: path)
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

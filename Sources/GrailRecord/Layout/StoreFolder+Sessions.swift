#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sessions of runs that were over before.
///
/// Nobody looks again at a run that is over. Whoever continues one says so beside the runs, in an empty
/// file `ID.SESSION`.
extension StoreFolder {
  private var continuedPath: String { "\(path)/\(Self.ownFolder)/continued" }

  /// Has readers look again at a run which may have been over.
  ///
  /// They do so once for each session, so its journal has to be there before.
  ///
  /// - Parameters:
  ///   - session: The session's number, from 2.
  ///   - id: The run's id.
  /// - Throws: ``FileError`` if it cannot be noted.
  package func noteSession(_ session: Int, ofRun id: String) throws(FileError) {
    try Self.makeFolder(continuedPath)
    try AtomicFile.write([], to: "\(continuedPath)/\(id).\(session)")
  }

  /// The sessions that were noted, by the names of their files, with the runs' ids.
  package var continuedSessions: [(name: String, id: String)] {
    Self.names(in: continuedPath).compactMap { name in
      guard let dot = name.lastIndex(of: "."), Int(name[name.index(after: dot)...]) != nil,
        Self.problem(withID: String(name[..<dot])) == nil
      else { return nil }
      return (name, String(name[..<dot]))
    }
  }

  /// Removes what was noted of a run that is removed.
  package func forgetSessions(ofRun id: String) {
    for session in continuedSessions where session.id == id {
      unlink("\(continuedPath)/\(session.name)")
    }
  }
}

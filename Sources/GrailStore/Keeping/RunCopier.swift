import GrailCore
package import GrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Copies runs from one file store into another.
///
/// A run that the other store has is left as it is there, so that an interrupted copy goes on where it
/// stopped.
package struct RunCopier {
  /// What became of a run.
  package enum Outcome: Hashable, Sendable {
    /// It was copied, under this id.
    case copied(id: String)
    /// The other store has it already, under this id.
    case known(id: String)
    /// It is running, and can be copied when it is over.
    case isRunning
  }

  private let source: FileStore
  private var arrivals: RunArrivals
  /// The runs that both stores have, as they are known there and here.
  private var shared: [(there: RunReference, here: RunReference)] = []
  private var target: StoreFolder { arrivals.store }

  /// Begins to copy.
  ///
  /// - Parameters:
  ///   - source: Where the runs are.
  ///   - target: Where they go; it is made if it is not there.
  /// - Throws: ``FileError`` if the target cannot be made.
  package init(from source: FileStore, to target: StoreFolder) throws {
    self.source = source
    arrivals = try RunArrivals(in: target, usesIndex: source.usesIndex)
  }

  /// Copies a run.
  ///
  /// - Parameters:
  ///   - id: The run.
  ///   - verifies: Whether what lies in the other store is compared byte for byte.
  /// - Returns: What became of it.
  /// - Throws: ``NoSuchRun``; ``KeepingError`` if the copy differs; ``FileError``.
  package mutating func copy(_ id: String, verifies: Bool) throws -> Outcome {
    let run = try source.directory(id)
    let liveness = run.liveness
    guard liveness != .alive, liveness != .unknown else { return .isRunning }
    let path = run.reader.directory
    let reference = RunReference(run.reader.record)
    if let present = arrivals.knownID(ofRun: path) {
      if verifies { try verify(path, against: "\(target.path)/\(present)") }
      note(reference, as: present)
      return .known(id: present)
    }
    try copySharedFiles(of: run.reader)
    let newID = try IncomingFolder.with(of: target) { folder in
      let copy = "\(folder)/run"
      try FolderCopy.copy(path, to: copy)
      if verifies { try verify(path, against: copy) }
      return try arrivals.take(copy, id: id)
    }
    note(reference, as: newID)
    return .copied(id: newID)
  }

  /// Copies what people added to the runs, with the times at which they did: of those that were there
  /// before too.
  ///
  /// - Throws: ``FileError`` if it cannot be written.
  package func copyAnnotations() throws(FileError) {
    try target.takeChanges(of: source.folder, to: shared)
  }

  private mutating func note(_ reference: RunReference, as id: String) {
    var here = reference
    here.id = id
    shared.append((reference, here))
  }

  private func copySharedFiles(of reader: RunReader) throws {
    let record = reader.record
    var paths = record.experiment.sources.filter { $0.storedPath != nil }.compactMap {
      reader.path(of: $0)
    }
    paths += (record.workingTrees.compactMap(\.storedChanges) + [record.executable?.storedPath])
      .compactMap { $0 }.map { reader.path(ofShared: $0) }
    try copy(paths, to: "_sources")
    try copy(
      record.resources.filter { !$0.isReference }.map { reader.path(of: $0) }, to: "_resources")
  }

  private func copy(_ paths: [String], to folder: String) throws {
    for path in paths {
      let name = path.split(separator: "/").last.map(String.init) ?? ""
      let copied = "\(target.path)/\(folder)/\(name)"
      // Names say what the content is. What is gone here is gone there too.
      guard access(path, F_OK) == 0, access(copied, F_OK) != 0 else { continue }
      _ = try FileCopy.copy(path, to: copied)
      if access(path, X_OK) == 0 { chmod(copied, 0o755) }
    }
  }

  private func verify(_ path: String, against copy: String) throws {
    guard let difference = try FolderCopy.difference(between: path, and: copy) else { return }
    throw KeepingError("the copy '\(copy)' differs from '\(path)': \(difference)")
  }
}

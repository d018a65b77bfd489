import GRDB
package import GrailCore
package import GrailRecord
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A store in the file system: Grail's own, or any directory that Sacred's FileStorageObserver wrote.
package final class FileStore: RunAnnotating {
  /// The directory.
  package let folder: StoreFolder
  let usesIndex: Bool
  private let progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  private let index = Mutex<RunIndex?>(nil)
  /// When the index was brought up to date last, and what was noted then.
  private let refreshed = Mutex<(time: ContinuousClock.Instant, notes: [String])?>(nil)

  /// Questions that come one after the other are about the same moment.
  private static let moment = Duration.milliseconds(500)

  /// Names a store.
  ///
  /// - Parameters:
  ///   - folder: The directory.
  ///   - usesIndex: Whether to keep what is known of its runs in an index; the answers are the same
  ///     without.
  ///   - progress: Is told how many of the runs that are new are read.
  /// - Throws: ``NoSuchStore`` if there is no such directory, or it cannot be read.
  package init(
    _ folder: StoreFolder, usesIndex: Bool = true,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws(NoSuchStore) {
    if let found = NoSuchStore.problem(with: folder.path) {
      throw NoSuchStore(path: folder.path, found: found)
    }
    (self.folder, self.usesIndex, self.progress) = (folder, usesIndex, progress)
  }

  package var location: String { "files:\(folder.path)" }

  package func select(_ selection: RunSelection) async throws -> RunTable { try table(selection) }

  /// Whether there is a directory for a run of an id.
  package func hasRun(_ id: String) -> Bool {
    StoreFolder.problem(withID: id) == nil && StoreFolder.isFolder("\(folder.path)/\(id)")
  }

  /// The names of the directories that may be runs, numbers first.
  package var directoryNames: [String] {
    RunDirectories(of: folder).names.sorted { Value.sorts(Value.id($0), before: Value.id($1)) }
  }

  /// Finds runs, and returns of each what is asked for.
  ///
  /// - Parameter selection: Which runs, in which order, and what of them.
  /// - Returns: The runs.
  /// - Throws: The database's error.
  package func table(_ selection: RunSelection) throws -> RunTable {
    try withIndex { index, notes in
      var table = try index.select(selection)
      table.notes = notes
      return table
    } orScan: {
      let (subjects, notes) = scan()
      var table = selection.table(of: subjects)
      table.notes = notes
      return table
    }
  }

  package func names() async throws -> QueryNames { try knownNames() }

  /// The names that the runs have.
  ///
  /// - Throws: The database's error.
  package func knownNames() throws -> QueryNames {
    try withIndex { index, _ in
      try index.names()
    } orScan: {
      QueryNames(of: scan().subjects)
    }
  }

  package func run(_ id: String) async throws -> any StoredRun { try directory(id) }

  package func edit(_ ids: [String], _ edits: [RunEdit]) async throws {
    let runs = try ids.map { RunReference(try directory($0).record) }
    try ChangeFolder(of: folder).add(
      RunChange(time: SystemClock.now(), author: ChangeFolder.author, runs: runs, edits: edits))
    noteChange()
  }

  /// Opens a run's directory.
  package func directory(_ id: String) throws -> StoredDirectory {
    let path = "\(folder.path)/\(id)"
    guard hasRun(id) else {
      throw NoSuchRun(id: id, location: folder.path)
    }
    let reader = try RunReader(directory: path)
    let annotations = ChangeFolder(of: folder).annotations[RunReference(reader.record).text]
    return StoredDirectory(reader: reader, annotations: annotations ?? RunAnnotations())
  }

  // MARK: - With the index or without

  private func withIndex<Answer>(
    _ ask: (RunIndex, _ notes: [String]) throws -> Answer, orScan scan: () -> Answer
  ) throws -> Answer {
    guard usesIndex, let path = IndexPlace.file(for: folder) else { return scan() }
    // The second try is for an index that turns out to be damaged.
    for _ in 0..<2 {
      do {
        let index = try openIndex(path)
        return try ask(index, try refresh(index))
      } catch let error as DatabaseError {
        index.withLock { $0 = nil }
        guard error.isDamage else { break }
        RunIndex.delete(path)
      }
    }
    return scan()
  }

  private func refresh(_ index: RunIndex) throws -> [String] {
    let now = ContinuousClock.now
    if let last = refreshed.withLock({ $0 }), now - last.time < Self.moment { return last.notes }
    let notes = try index.refresh(progress: progress)
    refreshed.withLock { $0 = (ContinuousClock.now, notes) }
    return notes
  }

  /// Has the next question look at the store anew, because this process changed something in it.
  func noteChange() { refreshed.withLock { $0 = nil } }

  private func openIndex(_ path: String) throws -> RunIndex {
    try index.withLock { index in
      if let index { return index }
      let opened = try RunIndex(of: folder, path: path)
      index = opened
      return opened
    }
  }

  private func scan() -> (subjects: [RunSubject], notes: [String]) {
    let directories = RunDirectories(of: folder)
    let annotations = ChangeFolder(of: folder).annotations
    var (subjects, notes): ([RunSubject], [String]) = ([], [])
    for result in concurrentMap(
      directories.names, { name in Result { try directories.read(name).run } })
    {
      switch result {
      case .success(let run):
        var subject = run.subject
        if let added = annotations[RunReference(subject.record).text] {
          (subject.tags, subject.note, subject.name) = (added.tags, added.note, added.name)
        }
        subjects.append(subject)
      case .failure(let error): notes.append("\(error)")
      }
    }
    return (subjects, notes)
  }
}

/// There is no store at a path.
package struct NoSuchStore: Error, Hashable, CustomStringConvertible {
  package var path: String
  /// What was found.
  package var found: String

  /// The error in one line.
  package var description: String {
    "'\(path)' is no store of runs: \(found); name one with --store, or start a run to make one"
  }
}

extension NoSuchStore {
  /// Why a path is no store that can be read; `nil` if it is one.
  fileprivate static func problem(with path: String) -> String? {
    if !StoreFolder.isFolder(path) {
      return access(path, F_OK) == 0 ? "it is not a directory" : "there is no such directory"
    }
    return access(path, R_OK | X_OK) == 0 ? nil : "it cannot be read: permission denied"
  }
}

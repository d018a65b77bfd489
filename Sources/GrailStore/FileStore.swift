import GRDB
public import GrailCore
package import GrailRecord
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A store in the file system: Grail's own, or any directory that Sacred's FileStorageObserver wrote.
///
/// ```swift
/// let store = try FileStore(at: "runs")
/// for run in try await store.runs(where: "config.layers == 7 and metrics.loss.min < 0.1") {
///   let loss = try run.metric("loss")
///   print(run.id, run.config["data.path"] ?? .null, loss.steps.count, loss.values.doubles.last ?? .nan)
/// }
/// ```
///
/// What is known of the runs is kept in an index, in the user's cache folder: finding runs reads only
/// those that are new or still going on. The index is made again whenever it is missing.
public final class FileStore: RunAnnotating {
  /// The directory.
  package let folder: StoreFolder
  let usesIndex: Bool
  private let progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  private let index = Mutex<RunIndex?>(nil)
  private let history: ChangeHistory
  /// When the index was brought up to date last, and what was noted then.
  private let refreshed = Mutex<(time: ContinuousClock.Instant, notes: [String])?>(nil)

  /// Questions that come one after the other are about the same moment.
  private static let moment = Duration.milliseconds(500)

  /// Opens the store of a folder, or the one that is meant where none is named.
  ///
  /// Without a path it is the store that the environment's `GRAIL_STORE` names, else the `runs` of the
  /// nearest folder upward that Grail wrote, else `./runs`: the same that an experiment records into
  /// and that the tool reads.
  ///
  /// - Parameters:
  ///   - path: The folder, as `DIR` or `files:DIR`.
  ///   - usesIndex: Whether to keep what is known of its runs in an index; the answers are the same
  ///     without.
  /// - Throws: ``NoSuchStore`` if there is no such directory, or it cannot be read.
  public convenience init(
    at path: String? = nil, usesIndex: Bool = true
  ) throws(NoSuchStore) {
    try self.init(StoreFolder.find(named: path), usesIndex: usesIndex)
  }

  /// Opens a store.
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
    history = ChangeHistory(of: folder)
  }

  /// Where the store is, as `files:DIR`.
  public var location: String { "files:\(folder.path)" }

  /// Finds runs, and returns of each what is asked for.
  public func select(_ selection: RunSelection) async throws -> RunTable { try table(selection) }

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

  /// The names that the runs have, for completion and for hints at mistyped ones.
  public func names() async throws -> QueryNames { try knownNames() }

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

  /// Opens one run.
  public func run(_ id: String) async throws -> any StoredRun { try directory(id) }

  /// Opens runs one after the other, each when its turn comes.
  public func runs(ids: [String]) async throws -> StoredRuns {
    StoredRuns(ids: ids) { try self.directory($0) }
  }

  /// Changes what was added to runs: writes one file under `.grail/changes/`.
  public func edit(_ ids: [String], _ edits: [RunEdit]) async throws {
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
    return StoredDirectory(reader: try RunReader(directory: path), history: history)
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
    let annotations = history.annotations
    var (subjects, notes): ([RunSubject], [String]) = ([], [])
    let names = directories.names
    let results = concurrentMap(names) { name in Result { try directories.read(name).run } }
    for (name, result) in zip(names, results) {
      switch result {
      case .success(let run):
        var subject = run.subject
        if let added = annotations[RunReference(subject.record).text] {
          (subject.tags, subject.note, subject.name) = (added.tags, added.note, added.name)
        }
        subjects.append(subject)
      case .failure(let error): notes.append(directories.note(on: name, error))
      }
    }
    return (subjects, notes)
  }
}

/// There is no store at a path.
public struct NoSuchStore: Error, Hashable, CustomStringConvertible {
  /// The path.
  public var path: String
  /// What was found.
  public var found: String

  /// The error in one line.
  public var description: String {
    "'\(path)' is no store of runs: \(found); "
      + "name a folder of runs (the tool's --store), or start a run to make one"
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

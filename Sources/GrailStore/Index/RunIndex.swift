import GRDB
import GrailCore
import GrailRecord

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is known of a store's runs, in a database that answers queries at once.
///
/// It is a cache: it can be deleted at any time and is made again. Several processes may use it
/// at once; one of them at a time brings it up to date.
final class RunIndex: Sendable {
  private let database: DatabaseQueue
  private let directories: RunDirectories
  private let changes: ChangeFolder
  private let lockPath: String?

  /// Opens the index of a store, and makes it if it is missing, damaged or of another version.
  ///
  /// - Parameters:
  ///   - store: The store.
  ///   - path: The file; `nil` for one in memory.
  /// - Throws: The database's error.
  init(of store: StoreFolder, path: String?) throws {
    directories = RunDirectories(of: store)
    changes = ChangeFolder(of: store)
    lockPath = path.map { $0 + ".lock" }
    guard let path else {
      database = try Self.open(nil)
      return
    }
    do {
      database = try Self.open(path)
    } catch let error as DatabaseError where error.isDamage {
      Self.delete(path)
      database = try Self.open(path)
    } catch is OtherVersion {
      Self.delete(path)
      database = try Self.open(path)
    }
  }

  private struct OtherVersion: Error {}

  private static func open(_ path: String?) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(60)
    configuration.prepareDatabase { database in
      try database.execute(
        sql: """
          PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA mmap_size = 4294967296;
          PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;
          """)
    }
    let queue =
      try path.map { try DatabaseQueue(path: $0, configuration: configuration) }
      ?? DatabaseQueue(configuration: configuration)
    if let path { chmod(path, 0o600) }
    try queue.inDatabase { database in
      try database.inTransaction(.immediate) {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let isNew = try !database.tableExists("run")
        guard version == IndexSchema.version || version == 0 && isNew else { throw OtherVersion() }
        if isNew { try IndexSchema.create(database) }
        return .commit
      }
    }
    return queue
  }

  /// Deletes an index's files.
  static func delete(_ path: String) {
    for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
  }

  // MARK: - Asking

  /// Finds runs.
  ///
  /// - Parameter selection: Which runs, and what of them.
  /// - Returns: The runs, as they were when the index was brought up to date.
  /// - Throws: The database's error.
  func select(_ selection: RunSelection) throws -> RunTable {
    try database.read { database in
      let statement = SelectionSQL(selection, names: IndexDirectory(database))
      for function in statement.functions { database.add(function: function) }
      defer { for function in statement.functions { database.remove(function: function) } }
      var numbers: [Int64] = []
      var ids: [String] = []
      var total = 0
      let rows = try Row.fetchCursor(database, sql: statement.sql, arguments: statement.arguments)
      while let row = try rows.next() {
        total = selection.limit == nil ? total + 1 : row[2]
        guard numbers.count < selection.limit ?? .max else { continue }
        numbers.append(row[0])
        ids.append(row[1])
      }
      let reader = IndexColumns(database, runs: numbers)
      return RunTable(
        ids: ids, columns: try selection.fields.map { try reader.values(of: $0) }, total: total)
    }
  }

  /// The names that the runs have.
  ///
  /// - Throws: The database's error.
  func names() throws -> QueryNames {
    try database.read { database in
      var entries: [QueryField.Section: [[String]]] = [:]
      for section in QueryField.Section.allCases { entries[section] = [] }
      let paths = try Row.fetchCursor(
        database,
        sql: """
          SELECT section, name FROM path
          WHERE section <> '' AND EXISTS (SELECT 1 FROM entry WHERE path = path.id)
          """)
      while let row = try paths.next() {
        let name: Data = row[1]
        guard let section = QueryField.Section(rawValue: row[0]),
          let path = IndexNames.path([UInt8](name)), !path.isEmpty
        else { continue }
        entries[section]?.append(path)
      }
      let metrics = try Data.fetchAll(
        database,
        sql: """
          SELECT name FROM metric WHERE EXISTS (SELECT 1 FROM summary WHERE metric = metric.id)
          """)
      return QueryNames(
        entries: entries, metrics: metrics.map { String(decoding: $0, as: UTF8.self) })
    }
  }

  // MARK: - Bringing up to date

  /// How far the index has come in reading new runs.
  typealias Progress = @Sendable (_ done: Int, _ total: Int) -> Void

  /// Takes in what happened in the store since.
  ///
  /// - Parameter progress: Is told from time to time how many of the new runs are read.
  /// - Returns: What could not be read, one line each.
  /// - Throws: The database's error.
  func refresh(progress: Progress? = nil) throws -> [String] {
    let lock = lockPath.flatMap(FileLock.init)
    defer { lock?.unlock() }
    let work = try work()
    var notes: [String] = []
    let all = work.unsettled + work.new
    var done = 0
    while done < all.count {
      let part = all[done..<min(all.count, done + Self.runsAtOnce)]
      notes += try write(zip(part, read(Array(part))).map { ($0, $1) })
      done += part.count
      progress?(done, all.count)
    }
    try database.write { database in
      var writer = try IndexWriter(database)
      for name in work.gone { try writer.remove(name: name) }
      try takeInChanges(database, &writer)
      try IndexSweep.letGo(writer.looseContents, in: database)
      for name in work.newSessions {
        try database.execute(sql: "INSERT INTO continued VALUES (?)", arguments: [name])
      }
      for name in work.goneSessions {
        try database.execute(sql: "DELETE FROM continued WHERE name = ?", arguments: [name])
      }
      if !notes.isEmpty {
        // What could not be read is looked for, and told of, again.
        try database.execute(sql: "DELETE FROM fact WHERE name = 'folder'")
      } else if let state = work.folderState {
        try database.execute(
          sql: "INSERT OR REPLACE INTO fact VALUES ('folder', ?)",
          arguments: [DatabaseValue(bytes: state)])
      }
    }
    return notes
  }

  private static let runsAtOnce = 512

  /// A run as it was read from its directory.
  typealias Reading = Result<(run: IndexedRun, state: [UInt8]?), any Error>

  /// Writes runs, and takes out those that cannot be read.
  ///
  /// - Parameter runs: What was read, by the directories' names.
  /// - Returns: Why some could not be read, one line each.
  /// - Throws: The database's error.
  func write(_ runs: [(name: String, reading: Reading)]) throws -> [String] {
    try database.write { database in
      var writer = try IndexWriter(database)
      var notes: [String] = []
      for (name, reading) in runs {
        switch reading {
        case .success(let (run, state)):
          var run = run
          try annotate(&run.subject, in: database)
          try writer.write(run, state: state)
        case .failure(let error):
          notes.append(directories.note(on: name, error))
          try writer.remove(name: name)
        }
      }
      try IndexSweep.letGo(writer.looseContents, in: database)
      return notes
    }
  }

  /// What has to be read.
  private struct Work {
    var new: [String] = []
    var unsettled: [String] = []
    var gone: [String] = []
    var folderState: [UInt8]?
    /// The sessions that are noted and were not taken in yet, and those that are noted no more.
    var newSessions: [String] = []
    var goneSessions: Set<String> = []
  }

  private func work() throws -> Work {
    var work = Work()
    let state = directories.state
    let (knownState, unsettled) = try database.read { database in
      try findSessions(database, &work)
      return (
        try Data.fetchOne(database, sql: "SELECT value FROM fact WHERE name = 'folder'"),
        try Row.fetchAll(database, sql: "SELECT name, state FROM run WHERE settled = 0")
      )
    }
    work.unsettled += unsettled.compactMap { row in
      let name: String = row[0]
      let known: Data? = row[1]
      guard let known else { return name }
      let present = RunDirectories.state(ofRun: "\(directories.store.path)/\(name)")
      return [UInt8](known) == present ? nil : name
    }
    guard state == nil || state != knownState.map({ [UInt8]($0) }) else { return work }
    work.folderState = state
    let (known, present) = concurrently(
      { Result { try database.read { try RunNames($0) } } }, { directories.runNames })
    (work.new, work.gone) = (
      try present.subtracting(known.get()), try known.get().subtracting(present)
    )
    if !work.gone.isEmpty {
      let gone = Set(work.gone)
      work.unsettled.removeAll { gone.contains($0) }
    }
    return work
  }

  /// Finds the runs that were over and that somebody goes on with.
  private func findSessions(_ database: Database, _ work: inout Work) throws {
    work.goneSessions = try String.fetchSet(database, sql: "SELECT name FROM continued")
    for (name, id) in directories.store.continuedSessions
    where work.goneSessions.remove(name) == nil {
      work.newSessions.append(name)
      let isSettled = try Bool.fetchOne(
        database, sql: "SELECT settled FROM run WHERE name = ?", arguments: [id])
      if isSettled == true, !work.unsettled.contains(id) { work.unsettled.append(id) }
    }
  }

  /// Reads runs on all processors.
  private func read(_ names: [String]) -> [Reading] {
    let directories = directories
    return concurrentMap(names) { name in Result { try directories.read(name) } }
  }

  private func annotate(_ subject: inout RunSubject, in database: Database) throws {
    let annotations = try annotations(RunReference(subject.record).text, in: database)
    guard !annotations.isEmpty else { return }
    (subject.tags, subject.note, subject.name) = (
      annotations.tags, annotations.note, annotations.name
    )
  }

  private func annotations(_ reference: String, in database: Database) throws -> RunAnnotations {
    var annotations = RunAnnotations()
    let statement = try database.cachedStatement(
      sql: "SELECT edits FROM change WHERE reference = ? ORDER BY time, name")
    let edits = try Data.fetchCursor(statement, arguments: [reference])
    while let bytes = try edits.next() {
      for edit in RunEdit.edits([UInt8](bytes)) { annotations.apply(edit) }
    }
    return annotations
  }

  /// Reads the files of changes that are new, and forgets those that are gone.
  private func takeInChanges(_ database: Database, _ writer: inout IndexWriter) throws {
    var known = try String.fetchSet(database, sql: "SELECT DISTINCT name FROM change")
    var touched: Set<String> = []
    for name in changes.names where known.remove(name) == nil {
      guard let change = changes.change(name) else { continue }
      for run in change.runs {
        touched.insert(run.text)
        try database.execute(
          sql: "INSERT OR REPLACE INTO change VALUES (?, ?, ?, ?)",
          arguments: [
            name, run.text, change.time.microseconds,
            DatabaseValue(bytes: RunEdit.bytes(change.edits)),
          ])
      }
    }
    for name in known {
      touched.formUnion(
        try String.fetchAll(
          database, sql: "SELECT reference FROM change WHERE name = ?", arguments: [name]))
      try database.execute(sql: "DELETE FROM change WHERE name = ?", arguments: [name])
    }
    for reference in touched { try annotate(reference, database, &writer) }
  }

  private func annotate(
    _ reference: String, _ database: Database, _ writer: inout IndexWriter
  ) throws {
    let (column, text) = reference.hasPrefix("key:") ? ("key", 4) : ("name", 3)
    let runs = try Row.fetchAll(
      database,
      sql:
        "SELECT id, name FROM run WHERE \(column) = ?\(column == "name" ? " AND key IS NULL" : "")",
      arguments: [String(reference.dropFirst(text))])
    let annotations = try annotations(reference, in: database)
    for run in runs {
      let id: Int64 = run[0]
      let experiment = try IndexColumns(database, runs: [id])
        .values(of: QueryField(.fixed(.experiment))).first
      try writer.replace(
        [
          (.fixed(.tags), annotations.tags.isEmpty ? nil : .list(annotations.tags.map(Value.text))),
          (.fixed(.note), annotations.note.map(Value.text)),
          (.fixed(.name), annotations.name.map(Value.text) ?? experiment ?? nil),
        ], ofRun: id)
    }
  }
}

extension DatabaseError {
  /// Whether it says that the file is no database, or a damaged one.
  var isDamage: Bool { resultCode == .SQLITE_CORRUPT || resultCode == .SQLITE_NOTADB }
}

import GrailCore
import GrailRecord
import GrailStore

/// Stores whose runs are listed as though they were of one.
struct ListedStores {
  /// One of them.
  struct Member {
    let store: FileStore
    /// A short name, which none of the others has.
    fileprivate(set) var name: String
    /// The folder as it was typed; `nil` if this is the store that every command finds by itself.
    fileprivate let typedPath: String?

    /// The absolute path of its folder.
    var path: String { store.folder.path }

    /// How a command line names a run of it beside runs of other stores.
    func word(for id: String) -> String { typedPath.map { "\($0)/\(id)" } ?? id }
  }

  /// The stores, at least one.
  let members: [Member]
  /// Why some of those that were named are not among them, one line each.
  let failures: [String]

  var stores: [FileStore] { members.map(\.store) }

  /// Takes one store.
  init(_ store: FileStore) {
    self.init(members: [Member(store: store, name: "", typedPath: nil)], failures: [])
  }

  private init(members: [Member], failures: [String]) {
    (self.members, self.failures) = (members, failures)
  }

  /// Opens stores, each once.
  ///
  /// - Parameters:
  ///   - names: Their folders, as they were typed; without any the store that is found without.
  ///   - open: Opens a store.
  /// - Throws: ``NoSuchStore`` if none of them can be opened.
  init(
    named names: [String], open: (StoreFolder) throws(NoSuchStore) -> FileStore
  ) throws(NoSuchStore) {
    guard names.count > 1 else {
      self.init(try open(StoreFolder.find(named: names.first)))
      return
    }
    let own = StoreFolder.find(named: nil)
    var (members, failures): ([Member], [NoSuchStore]) = ([], [])
    for name in names {
      let folder = StoreFolder.find(named: name)
      guard !members.contains(where: { $0.store.folder.isSame(as: folder) }) else { continue }
      do {
        let store = try open(folder)
        members.append(
          Member(
            store: store, name: "",
            typedPath: folder.isSame(as: own) ? nil : Self.typedPath(name)))
      } catch {
        failures.append(error)
      }
    }
    if members.isEmpty, let failure = failures.last { throw failure }
    let short = PathNames(members.map(\.path)).names
    for (position, name) in short.enumerated() { members[position].name = name }
    self.init(members: members, failures: failures.map { "\($0)" })
  }

  private static func typedPath(_ name: String) -> String {
    var path = Substring(StoreFolder.path(named: name))
    while path.hasSuffix("/") { path.removeLast() }
    return String(path)
  }

  // MARK: - Reading

  /// Finds runs, and returns of each what is asked for.
  ///
  /// - Parameters:
  ///   - selection: In which order, and what of them.
  ///   - queries: Which runs of each store.
  /// - Returns: The runs, and of each the store, unless there is one alone.
  /// - Throws: The database's error.
  func table(
    _ selection: RunSelection, of queries: [Query]
  ) throws -> (table: RunTable, origins: [Member]) {
    func ask(_ member: Member, _ query: Query, _ selection: RunSelection) throws -> RunTable {
      var selection = selection
      selection.query = query
      return try member.store.table(selection)
    }
    // What one store has sorted needs no more sorting.
    guard members.count > 1 else { return (try ask(members[0], queries[0], selection), []) }
    let tables = try zip(members, queries).map { try ask($0, $1, selection.forMerging) }
    let (table, stores) = selection.merge(tables)
    return (table, stores.map { members[$0] })
  }

  /// The names that the runs of any of the stores have.
  ///
  /// - Throws: The database's error.
  func knownNames() throws -> QueryNames {
    let all = try stores.map { try $0.knownNames() }
    guard all.count > 1 else { return all[0] }
    let entries = all.map(\.entries).reduce(into: [:]) { sum, entries in
      sum.merge(entries) { Array(Set($0).union($1)) }
    }
    return QueryNames(entries: entries, metrics: Array(Set(all.flatMap(\.metrics))))
  }
}

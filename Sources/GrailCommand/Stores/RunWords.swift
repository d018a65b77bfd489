import GrailCore
import GrailRecord
import GrailStore

/// Runs as they are named on a command line.
///
/// A word is a run's id, `last`, `last~2`, a range `3-17` of numbers, or a query; where runs are meant
/// one by one, it may be the directory of another store's run, such as `../other/runs/7`. Of several
/// words all that they name are meant, in the order of the words.
struct RunWords {
  private let words: [String]

  init(_ words: [String]) { self.words = words }

  /// One thing that a word may be.
  private enum Word {
    case id(String)
    case last(Int)
    case range(ClosedRange<Int64>)
    case query(Query)
  }

  // MARK: - As a query

  /// The query that the words are, where they are nothing but one; all runs without a word.
  func query(in store: FileStore) throws -> Query { try queries(in: ListedStores(store))[0] }

  /// What the words ask of each of several stores.
  ///
  /// An id is that of any of them, and `last` the last run of all.
  func queries(in stores: ListedStores) throws -> [Query] {
    guard !words.isEmpty else { return stores.members.map { _ in Query(nil) } }
    var conditions = [[QueryCondition]](repeating: [], count: stores.members.count)
    for word in words {
      if Self.directory(word) != nil {
        throw CommandFailure.usage(
          "'\(DisplayText(word))' is a run's directory: name its store with --store, and its id")
      }
      let meant = try Self.read(word, in: stores)
      if case .query(let query) = meant, query.condition == nil || words.count == 1 {
        return stores.members.map { _ in query }
      }
      for (position, condition) in try Self.conditions(meant, word, in: stores).enumerated() {
        if let condition { conditions[position].append(condition) }
      }
    }
    return conditions.map { conditions in
      Query(conditions.count > 1 ? .any(conditions) : conditions.first ?? Self.noRun)
    }
  }

  /// What a word asks of each store; `nil` of one of which it means no run.
  private static func conditions(
    _ meant: Word, _ word: String, in stores: ListedStores
  ) throws -> [QueryCondition?] {
    switch meant {
    case .id(let id): return stores.stores.map { $0.hasRun(id) ? condition(id: id) : nil }
    case .range(let range): return stores.stores.map { _ in condition(numbers: range) }
    case .query(let query): return stores.stores.map { _ in query.condition }
    case .last(let back):
      let latest = try latest(back, word, in: stores)
      return stores.stores.map { $0 === latest.store ? condition(id: latest.id) : nil }
    }
  }

  /// A condition that no run meets.
  private static let noRun = QueryCondition.not(.has(QueryField(.fixed(.id))))

  private static func condition(id: String) -> QueryCondition {
    .compare(QueryField(.fixed(.id)), .equal, .literal(.value(Value.id(id))))
  }

  private static func condition(numbers: ClosedRange<Int64>) -> QueryCondition {
    let id = QueryField(.fixed(.id))
    return .all([
      .compare(id, .greaterOrEqual, .literal(.value(.int(numbers.lowerBound)))),
      .compare(id, .lessOrEqual, .literal(.value(.int(numbers.upperBound)))),
    ])
  }

  // MARK: - One by one

  /// The runs that the words name, each once: those of a store, and directories of other stores' runs.
  ///
  /// - Throws: ``NoSuchRun`` for an id that is not there; ``CommandFailure/nothing`` if a range or
  ///   a query names none; ``NoSuchStore`` if the store is needed and not there.
  func runs(in stores: StoreOptions) throws -> [NamedRun] {
    var runs: [NamedRun] = []
    var store: FileStore?
    for word in words {
      if let path = Self.directory(word), let slash = path.lastIndex(of: "/") {
        let other = try FileStore(StoreFolder(path: String(path[..<slash])), usesIndex: false)
        runs.append(
          NamedRun(store: other, id: String(path[path.index(after: slash)...]), name: word))
        continue
      }
      let opened = try store ?? stores.open()
      store = opened
      runs += try RunWords([word]).ids(in: opened).map { id in
        NamedRun(store: opened, id: id, name: id)
      }
    }
    var seen: Set<String> = []
    return runs.filter { seen.insert("\($0.store.folder.path)/\($0.id)").inserted }
  }

  /// The ids of the runs of a store that the words name, each once.
  ///
  /// - Throws: ``NoSuchRun`` for an id that is not there; ``CommandFailure/nothing`` if a range or
  ///   a query names none.
  func ids(in store: FileStore) throws -> [String] {
    var ids: [String] = []
    for word in words {
      let stores = ListedStores(store)
      switch try Self.read(word, in: stores) {
      case .id(let id): ids.append(id)
      case .last(let back): ids.append(try Self.latest(back, word, in: stores).id)
      case .range(let range):
        ids += try Self.found(word, store.ids(Query(Self.condition(numbers: range)))).reversed()
      case .query(let query):
        // An empty variable of a shell must not mean all runs.
        guard query.condition != nil else {
          throw CommandFailure.usage("'\(DisplayText(word))' names no run")
        }
        ids += try Self.found(word, store.ids(query))
      }
    }
    var seen: Set<String> = []
    return ids.filter { seen.insert($0).inserted }
  }

  /// The absolute path of a run's directory, if a word is one.
  private static func directory(_ word: String) -> String? {
    guard word.contains("/"), StoreFolder.isFolder(word) else { return nil }
    let path = StoreFolder.absolute(word)
    let isRun =
      !RunFiles.journals(in: path).isEmpty || StoreFolder.names(in: path).contains("run.json")
    return isRun ? path : nil
  }

  private static func found(_ word: String, _ ids: [String]) throws -> [String] {
    guard ids.isEmpty else { return ids }
    throw CommandFailure(code: 1, message: "no run matches '\(DisplayText(word))'")
  }

  // MARK: - Reading words

  private static func latest(
    _ back: Int, _ word: String, in stores: ListedStores
  ) throws -> (store: FileStore, id: String) {
    let selection = RunSelection(limit: back + 1, now: CommandContext.current.now)
    let (table, origins) = try stores.table(
      selection, of: stores.members.map { _ in Query(nil) })
    guard table.ids.count > back else {
      throw CommandFailure(
        code: 66,
        message: "there is no '\(word)': the store has \(table.ids.count) "
          + (table.ids.count == 1 ? "run" : "runs"))
    }
    return (origins.isEmpty ? stores.members[0].store : origins[back].store, table.ids[back])
  }

  private static func read(_ word: String, in stores: ListedStores) throws -> Word {
    if stores.stores.contains(where: { $0.hasRun(word) }) { return .id(word) }
    if word == "last" { return .last(0) }
    if word.hasPrefix("last~"), let back = Int(word.dropFirst(5)), (0..<Int.max).contains(back) {
      return .last(back)
    }
    let ends = word.split(separator: "-", omittingEmptySubsequences: false)
    if ends.count == 2, let first = Int64(ends[0]), let last = Int64(ends[1]), first <= last {
      return .range(first...last)
    }
    do {
      return .query(try Query(parsing: word))
    } catch {
      // A word alone is a mistyped id rather than a query, and one with a slash a mistyped directory.
      let isWord = word.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "0123456789-_./".unicodeScalars.contains($0)
      }
      guard isWord else { throw error }
      let path = word.hasSuffix("/") ? word.dropLast() : word[...]
      guard let slash = path.lastIndex(of: "/") else {
        if let query = query(meantBy: word, in: stores) {
          throw CommandFailure(
            code: 66, message: "there is no run '\(word)'; did you mean the query '\(query)'?")
        }
        let places = stores.stores.map(\.location)
        throw NoSuchRun(id: word, location: places.joined(separator: " or "))
      }
      throw NoSuchRun(
        id: String(path[path.index(after: slash)...]), location: String(path[..<slash]))
    }
  }

  /// The query that somebody may have meant who typed a status, or a tag that a run has.
  private static func query(meantBy word: String, in stores: ListedStores) -> String? {
    let status = QueryField(.fixed(.status))
    if status.words.contains(word.lowercased()) { return "status == \(word.lowercased())" }
    let query = "\"\(word)\" in tags"
    let hasTag = stores.stores.contains { store in
      guard let tagged = try? Query(parsing: query) else { return false }
      return ((try? store.ids(tagged)) ?? []).isEmpty == false
    }
    return hasTag ? query : nil
  }
}

extension FileStore {
  /// The ids of the runs that match, the latest first.
  fileprivate func ids(_ query: Query) throws -> [String] {
    try table(RunSelection(query, now: CommandContext.current.now)).ids
  }
}

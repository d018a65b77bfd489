import GrailCore
import GrailRecord
import GrailStore

/// Runs as they are named on a command line.
///
/// A word is a run's id, `last`, `last~2`, a range `3-17` of numbers, or a query. Of several words
/// all that they name are meant, in the order of the words.
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

  /// The query that the words are, where they are nothing but one; all runs without a word.
  func query(in store: FileStore) throws -> Query {
    var conditions: [QueryCondition] = []
    for word in words {
      switch try Self.read(word, in: store) {
      case .query(let query):
        guard let condition = query.condition else { return Query(nil) }
        if words.count == 1 { return query }
        conditions.append(condition)
      case .id(let id): conditions.append(Self.condition(ids: [id]))
      case .range(let range): conditions.append(Self.condition(numbers: range))
      case .last: conditions.append(Self.condition(ids: try Self.ids(word, in: store)))
      }
    }
    return Query(conditions.count > 1 ? .any(conditions) : conditions.first)
  }

  /// The ids of the runs that the words name, each once.
  ///
  /// - Throws: ``NoSuchRun`` for an id that is not there; ``CommandFailure/nothing`` if a range or
  ///   a query names none.
  func ids(in store: FileStore) throws -> [String] {
    var ids: [String] = []
    for word in words {
      switch try Self.read(word, in: store) {
      case .id(let id): ids.append(id)
      case .last: ids += try Self.ids(word, in: store)
      case .range(let range):
        ids += try Self.found(word, store.ids(Query(Self.condition(numbers: range)))).reversed()
      case .query(let query): ids += try Self.found(word, store.ids(query))
      }
    }
    var seen: Set<String> = []
    return ids.filter { seen.insert($0).inserted }
  }

  private static func found(_ word: String, _ ids: [String]) throws -> [String] {
    guard ids.isEmpty else { return ids }
    throw CommandFailure(code: 1, message: "no run matches '\(DisplayText(word))'")
  }

  private static func ids(_ word: String, in store: FileStore) throws -> [String] {
    guard case .last(let back) = try read(word, in: store) else { return [] }
    let latest = try store.ids(Query(nil), limit: back + 1)
    guard latest.count > back else {
      throw CommandFailure(
        code: 66,
        message: "there is no '\(word)': the store has \(latest.count) "
          + (latest.count == 1 ? "run" : "runs"))
    }
    return [latest[back]]
  }

  private static func read(_ word: String, in store: FileStore) throws -> Word {
    if store.hasRun(word) { return .id(word) }
    if word == "last" { return .last(0) }
    if word.hasPrefix("last~"), let back = Int(word.dropFirst(5)), back >= 0 { return .last(back) }
    let ends = word.split(separator: "-", omittingEmptySubsequences: false)
    if ends.count == 2, let first = Int64(ends[0]), let last = Int64(ends[1]), first <= last {
      return .range(first...last)
    }
    do {
      return .query(try Query(parsing: word))
    } catch {
      // A word alone is a mistyped id rather than a query.
      let isWord = word.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0)
      }
      if isWord { throw NoSuchRun(id: word, location: store.location) }
      throw error
    }
  }

  private static func condition(ids: [String]) -> QueryCondition {
    .oneOf(QueryField(.fixed(.id)), ids.map { .value(Value.id($0)) })
  }

  private static func condition(numbers: ClosedRange<Int64>) -> QueryCondition {
    let id = QueryField(.fixed(.id))
    return .all([
      .compare(id, .greaterOrEqual, .literal(.value(.int(numbers.lowerBound)))),
      .compare(id, .lessOrEqual, .literal(.value(.int(numbers.upperBound)))),
    ])
  }
}

extension FileStore {
  /// The ids of the runs that match, the latest first.
  fileprivate func ids(_ query: Query, limit: Int? = nil) throws -> [String] {
    try table(RunSelection(query, limit: limit, now: CommandContext.current.now)).ids
  }
}

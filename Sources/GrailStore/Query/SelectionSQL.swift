import GRDB
import GrailCore
import GrailRecord

/// What finds the runs of a selection in the index, in their order.
struct SelectionSQL {
  /// Selects the numbers of the runs in the index and their names; where there is a limit, also how
  /// many there are beyond it, in every row.
  let sql: String
  let arguments: StatementArguments
  /// The functions that the statement calls.
  let functions: [DatabaseFunction]

  /// Translates a selection.
  ///
  /// - Parameters:
  ///   - selection: The selection.
  ///   - names: The names that the index has.
  init(_ selection: RunSelection, names: IndexDirectory) {
    var condition = ConditionSQL(names: names, now: selection.now)
    let filter = selection.query.condition.map { condition.sql($0, isNegated: false) }
    let terms = selection.order.flatMap { order in condition.terms(of: order) }
    let runs =
      "FROM run" + condition.joins.map { " \($0)" }.joined()
      + (filter.map { " WHERE \($0)" } ?? "")
    func order(by keys: [String]) -> String {
      let place = ["began DESC NULLS LAST", "number DESC NULLS LAST", "name"]
      let terms = zip(keys, terms).map { key, term in "\(key) \(term.direction)" }
      return "ORDER BY " + (terms + place).joined(separator: ", ")
    }
    // With no rows nothing would tell how many there are.
    let limit = selection.limit.map { " LIMIT \(max($0, 1))" }
    if let limit, filter != nil || !terms.isEmpty {
      // To find the runs takes longer than to sort them, so it is not done again to count them.
      let keys = terms.indices.map { "key\($0)" }
      sql = """
        WITH found(\((["id", "name", "began", "number"] + keys).joined(separator: ", ")))
        AS MATERIALIZED (
          SELECT \((["run.id", "run.name", "run.began", "run.number"] + terms.map(\.expression))
            .joined(separator: ", ")) \(runs))
        SELECT id, name, (SELECT count(*) FROM found) FROM found \(order(by: keys))\(limit)
        """
    } else {
      let total = limit == nil ? "" : ", (SELECT count(*) FROM run)"
      sql =
        "SELECT run.id, run.name\(total) \(runs) \(order(by: terms.map(\.expression)))"
        + (limit ?? "")
    }
    arguments = StatementArguments(condition.arguments)
    functions = condition.functions
  }
}

/// The names that the index has, with their numbers.
struct IndexDirectory {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// The number of an entry, and whether some run's value of it has content apart; `nil` if no run
  /// has the entry.
  func path(of reading: QueryField.Reading) -> (id: Int64, hasContent: Bool)? {
    let (section, name) = IndexNames.key(of: reading)
    let row = try? Row.fetchOne(
      database, sql: "SELECT id, has_content FROM path WHERE section = ? AND name = ?",
      arguments: [section, DatabaseValue(bytes: name)])
    return row.map { ($0["id"], $0["has_content"]) }
  }

  /// The number of a metric; `nil` if no run has it.
  func metric(_ name: String) -> Int64? {
    try? Int64.fetchOne(
      database, sql: "SELECT id FROM metric WHERE name = ?",
      arguments: [DatabaseValue(bytes: Array(name.utf8))])
  }
}

import GRDB
import GrailCore
import GrailRecord

/// What finds the runs of a selection in the index, in their order.
struct SelectionSQL {
  /// Selects the numbers of the runs in the index.
  private(set) var sql: String
  private(set) var arguments: StatementArguments
  /// The functions that the statement calls.
  private(set) var functions: [DatabaseFunction]

  /// Translates a selection.
  ///
  /// - Parameters:
  ///   - selection: The selection; its limit is left to the caller.
  ///   - names: The names that the index has.
  init(_ selection: RunSelection, names: IndexDirectory) {
    var condition = ConditionSQL(names: names, now: selection.now)
    let filter = selection.query.condition.map { condition.sql($0, isNegated: false) }
    let order = selection.order.flatMap { order in condition.terms(of: order) }
    let place = ["run.began DESC NULLS LAST", "run.number DESC NULLS LAST", "run.name"]
    sql =
      "SELECT run.id, run.name FROM run" + condition.joins.map { " " + $0 }.joined()
      + (filter.map { " WHERE \($0)" } ?? "")
      + " ORDER BY \((order + place).joined(separator: ", "))"
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

import GRDB
import GrailCore
import GrailRecord

/// What finds the runs of a selection in the index, in their order.
struct SelectionSQL {
  /// Selects the numbers of the runs in the index and their names.
  let sql: String
  /// Counts the runs where ``sql`` goes only as far as the limit; `nil` where it finds all.
  let countSQL: String?
  let arguments: StatementArguments
  /// The functions that the statements call.
  let functions: [DatabaseFunction]

  /// Translates a selection.
  ///
  /// - Parameters:
  ///   - selection: The selection.
  ///   - names: The names that the index has.
  init(_ selection: RunSelection, names: IndexDirectory) {
    var condition = ConditionSQL(names: names, now: selection.now)
    let filter = selection.query.condition.map { condition.sql($0, isNegated: false) }
    // To call functions of a run takes longer than to read it, so that is done once.
    let limit = condition.functions.isEmpty ? selection.limit : nil
    let place = ["run.began DESC NULLS LAST", "run.number DESC NULLS LAST", "run.name"]
    func runs(_ joins: [String]) -> String {
      "FROM run" + joins.map { " \($0)" }.joined() + (filter.map { " WHERE \($0)" } ?? "")
    }
    countSQL = limit.map { [joins = condition.joins] _ in "SELECT count(*) \(runs(joins))" }
    let order = selection.order.flatMap { order in condition.terms(of: order) }
    sql =
      "SELECT run.id, run.name \(runs(condition.joins))"
      + " ORDER BY \((order + place).joined(separator: ", "))"
      + (limit.map { " LIMIT \($0)" } ?? "")
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

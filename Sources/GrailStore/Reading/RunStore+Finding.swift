public import GrailCore
import GrailRecord

extension RunStore {
  /// Finds runs by a query.
  ///
  /// ```swift
  /// for run in try await store.runs(where: "status == completed", sortedBy: "metrics.loss.min") {
  ///   print(run.id, run.config["layers"] ?? .null)
  /// }
  /// ```
  ///
  /// The runs are found at once and opened one by one, so that the first of 100,000 comes as soon as
  /// the only one of one. If no run is found, the notes say which of the query's names no run has.
  ///
  /// - Parameters:
  ///   - query: Which runs, in the language of `grail ls`; all of them without one.
  ///   - order: What they are sorted by, the first name before the others; behind `-` the greatest
  ///     comes first, and what a run does not have comes last. Runs that are equal there, or all
  ///     without an order, follow the latest first.
  ///   - limit: The most runs to find; `nil` for all.
  /// - Returns: The runs.
  /// - Throws: ``QueryError`` for a query that cannot be read, or an order by what no run has; or an
  ///   error of the store.
  public func runs(
    where query: String = "", sortedBy order: String..., limit: Int? = nil
  ) async throws -> StoredRuns {
    let selection = RunSelection(
      try Query(parsing: query), order: try order.map(RunOrder.init(parsing:)), limit: limit,
      now: SystemClock.now())
    let table = try await checkedTable(selection)
    var runs = try await runs(ids: table.ids)
    runs.notes = table.notes + runs.notes
    return runs
  }

  /// Finds runs by a query, and returns values of them as columns, without opening any.
  ///
  /// ```swift
  /// let table = try await store.table(of: "config.rate", "metrics.loss.min", where: "layers == 7")
  /// let rates = table.columns[0], losses = table.columns[1]   // as many values as table.ids
  /// ```
  ///
  /// - Parameters:
  ///   - fields: The names of the values, in the language of `grail ls`.
  ///   - query: Which runs; all of them without one.
  ///   - order: What they are sorted by; behind `-` the greatest comes first.
  ///   - limit: The most runs to find; `nil` for all.
  /// - Returns: The ids of the runs, and a column for each name.
  /// - Throws: ``QueryError`` for a query or a name that cannot be read, or an order by what no run
  ///   has; or an error of the store.
  public func table(
    of fields: String..., where query: String = "", sortedBy order: String..., limit: Int? = nil
  ) async throws -> RunTable {
    try await checkedTable(
      RunSelection(
        try Query(parsing: query), order: try order.map(RunOrder.init(parsing:)),
        fields: try fields.map(QueryField.init(parsing:)), limit: limit, now: SystemClock.now()))
  }

  /// Finds runs, and hears of mistyped names: an order by what no run has would be none, and a query
  /// for it finds nothing.
  private func checkedTable(_ selection: RunSelection) async throws -> RunTable {
    var wanted = selection
    wanted.fields += selection.order.map(\.field)
    var table = try await select(wanted)
    let keys = table.columns.suffix(selection.order.count)
    table.columns.removeLast(selection.order.count)
    if table.ids.isEmpty {
      guard !selection.query.places.isEmpty else { return table }
      let names = try await names()
      table.notes += selection.query.unknownFields(among: names).map(\.message)
    } else if keys.contains(where: { $0.allSatisfy { $0 == nil } }) {
      let names = try await names()
      for order in selection.order {
        guard let message = names.absence(of: order.field) else { continue }
        let text = "\(order.field)"
        throw QueryError(
          message: message, columns: 0..<text.unicodeScalars.count, query: text)
      }
    }
    return table
  }
}

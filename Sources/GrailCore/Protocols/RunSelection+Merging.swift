extension RunSelection {
  /// What each of several stores is asked for, so that ``merge(_:)`` can put together what they answer.
  package var forMerging: RunSelection {
    var selection = self
    selection.fields += order.map(\.field)
    selection.fields += [QueryField(.fixed(.started)), QueryField(.fixed(.queued))]
    return selection
  }

  /// Puts together what several stores answered to ``forMerging``, in the order in which one store of
  /// all the runs would have them.
  ///
  /// - Parameter tables: The answer of each store. Runs that stand at the same place everywhere
  ///   follow the stores' order.
  /// - Returns: The table, and for each run the position of its store.
  /// - Complexity: O(*n* log *n*) in the number of runs.
  package func merge(_ tables: [RunTable]) -> (table: RunTable, stores: [Int]) {
    var runs: [(store: Int, row: Int, values: [Value?], place: RunPlace)] = []
    for (store, table) in tables.enumerated() {
      let sorting = table.columns.dropFirst(fields.count)
      for row in table.ids.indices {
        var values = sorting.map { $0[row] }
        let (queued, started) = (values.removeLast(), values.removeLast())
        let began = (started ?? queued)?.timeValue
        runs.append((store, row, values, RunPlace(began: began, id: table.ids[row])))
      }
    }
    runs.sort { left, right in
      if sorts((left.values, left.place), before: (right.values, right.place)) { return true }
      if sorts((right.values, right.place), before: (left.values, left.place)) { return false }
      return (left.store, left.row) < (right.store, right.row)
    }
    let shown = runs.prefix(limit ?? .max)
    let table = RunTable(
      ids: shown.map { tables[$0.store].ids[$0.row] },
      columns: fields.indices.map { field in
        shown.map { tables[$0.store].columns[field][$0.row] }
      },
      total: tables.reduce(0) { $0 + $1.total }, notes: tables.flatMap(\.notes))
    return (table, shown.map(\.store))
  }
}

import GrailCore
import GrailStore
import OrderedCollections

/// How runs are to be put together, as it was typed.
struct RunGrouping {
  /// What the runs of a group have in common.
  enum Key {
    case fields([String])
    /// All entries of the configuration that differ, but these.
    case allBut([String])
  }

  /// What the store of a run is called, where there are several.
  static let storeName = "store"

  var key: Key
  /// What is summed up; without any the result and the metrics.
  var columns: [String]
  /// What the groups are sorted by.
  var order: [String]

  /// Finds the groups.
  ///
  /// - Parameters:
  ///   - queries: The runs of each store.
  ///   - stores: Where they are; of several, `store` is something that runs have in common.
  ///   - now: The present moment.
  ///   - mostMetrics: The most metrics that are summed up where no columns are named.
  /// - Returns: The groups with the number of runs, and what could not be read or found, a line each.
  /// - Throws: What is wrong with a name; the database's error.
  func groups(
    of queries: [Query], in stores: ListedStores, now: Timestamp, mostMetrics: Int
  ) throws -> (groups: RunGroups, runCount: Int, notes: [String]) {
    let names = try stores.knownNames()
    let keyFields: [QueryField] =
      switch key {
      case .fields(let words): try words.map { try QueryField(parsing: $0) }
      case .allBut: [QueryField(.entry(.config, []))]
      }
    let metrics = names.metrics.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      .prefix(mostMetrics)
    let valueFields =
      try columns.isEmpty
      ? [QueryField(.entry(.result, []))] + metrics.map { QueryField(.metric($0, .last)) }
      : columns.map { try QueryField(parsing: $0) }
    let (table, origins) = try stores.table(
      RunSelection(fields: keyFields + valueFields, now: now), of: queries)
    var notes = table.notes
    let keys = keys(of: table, origins, names, &notes)
    let values = Array(table.columns.dropFirst(keyFields.count))
    var columns: [RunGroups.Column] = []
    if self.columns.isEmpty {
      columns = Self.resultColumns(values[0])
      columns += zip(metrics, values.dropFirst()).map { RunGroups.Column($0, $1) }
      columns.removeAll { !Self.hasNumber($0.values) }
    } else {
      columns = zip(self.columns, values).map { RunGroups.Column($0, $1) }
      notes += FieldList(self.columns).absences(among: names)
    }
    var groups = RunGroups(by: keys, of: columns, count: table.ids.count)
    if !order.isEmpty { try groups.sort(by: order) }
    return (groups, table.ids.count, notes)
  }

  private func keys(
    of table: RunTable, _ origins: [ListedStores.Member], _ names: QueryNames,
    _ notes: inout [String]
  ) -> [RunGroups.Column] {
    switch key {
    case .fields(let words):
      return zip(words, table.columns).map { word, values in
        if word == Self.storeName, !origins.isEmpty {
          return RunGroups.Column(word, origins.map { .text($0.path) })
        }
        notes += FieldList([word]).absences(among: names)
        return RunGroups.Column(word, values)
      }
    case .allBut(let words):
      let left = words.map { $0.hasPrefix("config.") ? String($0.dropFirst(7)) : $0 }
      notes += FieldList(left.map { "config.\($0)" }).absences(among: names)
      return RunListing.differing(table.columns[0]).filter { name, _ in
        !left.contains { name == $0 || name.hasPrefix($0 + ".") }
      }.map { RunGroups.Column($0.name, $0.values) }
    }
  }

  /// The result, or its entries where it is a map.
  private static func resultColumns(_ results: [Value?]) -> [RunGroups.Column] {
    if hasNumber(results) { return [RunGroups.Column("result", results)] }
    var entries: OrderedDictionary<String, [Value?]> = [:]
    for (row, result) in results.enumerated() {
      for (name, value) in RunListing.leaves(of: result ?? .null) {
        entries["result.\(name)", default: Array(repeating: nil, count: results.count)][row] = value
      }
    }
    return entries.map { RunGroups.Column($0.key, $0.value) }
  }

  private static func hasNumber(_ values: [Value?]) -> Bool {
    values.contains { $0?.queryForm.doubleValue != nil }
  }
}

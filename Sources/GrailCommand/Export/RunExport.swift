import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections

/// Runs as one wide table: a row a run, a column for everything that any of them has.
struct RunExport {
  /// The names of the columns, by which queries know what they hold.
  private(set) var names: [String]
  /// What each run has of them.
  private(set) var columns: [[Value?]]
  /// The number of runs.
  let count: Int
  /// What of the store could not be read, one line each.
  let notes: [String]

  private static let facts: [QueryField.Fixed] = [
    .id, .key, .name, .experiment, .command, .status, .started, .stopped, .elapsed, .tags, .note,
    .error, .gitCommit, .gitDirty,
  ]
  private static let statistics: [QueryField.Statistic] = [.last, .min, .max, .mean, .count]

  /// Reads the runs, the oldest first.
  ///
  /// - Parameters:
  ///   - query: Which runs.
  ///   - fields: What of them, behind the id; `nil` for everything.
  ///   - store: Where they are.
  ///   - now: The present moment.
  /// - Throws: The database's error.
  init(
    of query: Query, fields: [QueryField]?, in store: FileStore, now: Timestamp
  ) throws {
    let id = QueryField(.fixed(.id))
    let metrics = try store.knownNames().metrics.sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    let asked =
      fields.map { [id] + $0.filter { $0 != id } }
      ?? Self.facts.map { QueryField(.fixed($0)) } + [
        QueryField(.entry(.config, [])), QueryField(.entry(.result, [])),
      ]
      + metrics.flatMap { name in Self.statistics.map { QueryField(.metric(name, $0)) } }
    let table = try store.table(RunSelection(query, fields: asked, now: now))
    (count, notes, names, columns) = (table.ids.count, table.notes, [], [])
    for (field, values) in zip(asked, table.columns) {
      let values = Array(values.reversed())
      switch field.readings.first {
      case .entry(let section, let path)? where fields == nil && path.isEmpty:
        addLeaves(of: values, named: section.rawValue)
      case .metric(let name, let statistic)? where fields == nil:
        add("metrics.\(name).\(statistic.rawValue)", values)
      default: add("\(field)", values, isAsked: fields != nil || field == id)
      }
    }
  }

  private mutating func add(_ name: String, _ values: [Value?], isAsked: Bool = false) {
    guard isAsked || values.contains(where: { $0 != nil }) else { return }
    names.append(name)
    columns.append(values)
  }

  private mutating func addLeaves(of values: [Value?], named section: String) {
    var leaves: OrderedDictionary<String, [Value?]> = [:]
    for (row, value) in values.enumerated() {
      guard let value else { continue }
      guard case .map = value.queryForm else {
        leaves[section, default: Array(repeating: nil, count: count)][row] = value
        continue
      }
      for (name, leaf) in RunListing.leaves(of: value) {
        leaves["\(section).\(name)", default: Array(repeating: nil, count: count)][row] = leaf
      }
    }
    for (name, values) in leaves { add(name, values) }
  }

  /// Writes the table.
  func write(as format: ExportFormat, to write: ([UInt8]) throws -> Void) throws {
    if format == .csv { try write(Array(CSVWriter().line(of: names).utf8)) }
    for row in 0..<count {
      var line: [UInt8] = []
      switch format {
      case .csv:
        for (position, column) in columns.enumerated() {
          if position > 0 { line.append(UInt8(ascii: ",")) }
          ExportCell.append(column[row], to: &line)
        }
        line += "\r\n".utf8
      case .jsonl:
        var object: Value.Entries = [:]
        for (name, column) in zip(names, columns) { object[name] = column[row] ?? .null }
        JSONWriter.append(.map(object), style: .strict, to: &line)
        line.append(UInt8(ascii: "\n"))
      }
      try write(line)
    }
  }
}

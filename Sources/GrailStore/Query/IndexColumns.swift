import GRDB
import GrailCore

/// Reads what the index has of some runs, field by field.
struct IndexColumns {
  private let database: Database
  private let runs: [Int64]
  private let places: [Int64: Int]
  private let directory: IndexDirectory

  /// Creates a reader.
  ///
  /// - Parameters:
  ///   - database: The index.
  ///   - runs: The numbers of the runs in the index.
  init(_ database: Database, runs: [Int64]) {
    (self.database, self.runs) = (database, runs)
    places = Dictionary(uniqueKeysWithValues: zip(runs, runs.indices))
    directory = IndexDirectory(database)
  }

  /// For more runs than this, a field is read of all runs at once.
  private static let mostLookups = 500

  /// The values of a field, as many as runs.
  ///
  /// - Throws: The database's error.
  func values(of field: QueryField) throws -> [Value?] {
    var values = [Value?](repeating: nil, count: runs.count)
    for reading in field.readings {
      try fill(&values, with: reading) { $0 }
      for container in reading.containers {
        guard case .entry(_, let path) = reading, case .entry(_, let start) = container else {
          continue
        }
        try fill(&values, with: container) { $0.value(at: path.dropFirst(start.count)) }
      }
    }
    return values
  }

  private func fill(
    _ values: inout [Value?], with reading: QueryField.Reading, _ transform: (Value) -> Value?
  ) throws {
    guard let (sql, number) = statement(for: reading) else { return }
    func take(_ row: Row, at place: Int) {
      guard values[place] == nil else { return }
      values[place] = IndexValue.value(row[1], content: row[2]).flatMap(transform)
    }
    if runs.count > Self.mostLookups {
      let rows = try Row.fetchCursor(database, sql: sql, arguments: [number])
      while let row = try rows.next() {
        if let place = places[row[0]] { take(row, at: place) }
      }
    } else {
      let statement = try database.cachedStatement(sql: sql + " AND run = ?")
      for (place, run) in runs.enumerated() {
        if let row = try Row.fetchOne(statement, arguments: [number, run]) { take(row, at: place) }
      }
    }
  }

  private func statement(for reading: QueryField.Reading) -> (sql: String, number: Int64)? {
    func sql(_ table: String, _ column: String, _ value: String, _ content: String?) -> String {
      "SELECT run, \(value), "
        + (content.map { "(SELECT c.value FROM content c WHERE c.id = \(table).\($0))" } ?? "NULL")
        + " FROM \(table) WHERE \(column) = ?"
    }
    guard case .metric(let name, let statistic) = reading else {
      return directory.path(of: reading).map { (sql("entry", "path", "value", "content"), $0.id) }
    }
    let (value, content) = statistic.columns
    return directory.metric(name).map { (sql("summary", "metric", value, content), $0) }
  }
}

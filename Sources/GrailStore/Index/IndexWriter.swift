import GRDB
import GrailCore
import GrailRecord

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes runs into the index, within one transaction.
struct IndexWriter {
  private let database: Database
  private var paths: [QueryField.Reading: Int64] = [:]
  private var metrics: [String: Int64] = [:]
  private var pathsWithContent: Set<Int64>
  private var metricsWithContent: Set<Int64>
  /// How often content was let go of, which others may need or not.
  private(set) var looseContents = 0

  init(_ database: Database) throws {
    self.database = database
    func marked(_ table: String) throws -> Set<Int64> {
      try Int64.fetchSet(database, sql: "SELECT id FROM \(table) WHERE has_content = 1")
    }
    (pathsWithContent, metricsWithContent) = (try marked("path"), try marked("metric"))
  }

  /// Writes a run, in the place of what the index had of it.
  ///
  /// - Parameters:
  ///   - run: The run.
  ///   - state: What its files looked like, if they need not be read again while they look so.
  /// - Throws: The database's error.
  mutating func write(_ run: IndexedRun, state: [UInt8]? = nil) throws {
    let record = run.subject.record
    let known = try Row.fetchOne(
      database, sql: "SELECT id, paths, metrics FROM run WHERE name = ?", arguments: [record.id])
    let place = RunPlace(record)
    var number: Int64?
    if case .int(let value) = Value.id(record.id) { number = value }
    let id: Int64
    if let known {
      id = known["id"]
      countLooseContents(of: known)
    } else {
      try execute(
        """
        INSERT INTO run(name, number, settled, paths, metrics) VALUES (?, ?, 0, x'', x'')
        """, [record.id.databaseValue, number?.databaseValue ?? .null])
      id = database.lastInsertedRowID
    }
    let entries = try writeEntries(of: run, id: id)
    let summaries = try writeMetrics(of: run, id: id)
    if let known {
      try remove(
        from: "entry", Self.bytes(known["paths"]), keeping: entries, run: id, column: "path")
      try remove(
        from: "summary", Self.bytes(known["metrics"]), keeping: summaries, run: id, column: "metric"
      )
    }
    try execute(
      """
      UPDATE run SET key = ?, began = ?, settled = ?, state = ?, paths = ?, metrics = ? WHERE id = ?
      """,
      [
        record.key?.description.databaseValue ?? .null,
        place.began?.microseconds.databaseValue ?? .null, run.isSettled.databaseValue,
        state.map { DatabaseValue(bytes: $0) } ?? .null,
        DatabaseValue(bytes: NumberList.bytes(entries)),
        DatabaseValue(bytes: NumberList.bytes(summaries)), id.databaseValue,
      ])
  }

  /// Replaces the values of some entries of a run that the index knows.
  ///
  /// - Parameters:
  ///   - values: The values; `nil` for none.
  ///   - id: The run's number in the index.
  /// - Throws: The database's error.
  mutating func replace(
    _ values: [(reading: QueryField.Reading, value: Value?)], ofRun id: Int64
  ) throws {
    let known = try Row.fetchOne(
      database, sql: "SELECT paths FROM run WHERE id = ?", arguments: [id])
    var paths = known.map { NumberList.numbers(Self.bytes($0["paths"])) } ?? []
    for (reading, value) in values {
      let path = try number(of: reading)
      paths.removeAll { $0 == path }
      if pathsWithContent.contains(path) { looseContents += 1 }
      if let value {
        try write(value, path: path, run: id)
        paths.append(path)
      } else {
        try execute(
          "DELETE FROM entry WHERE path = ? AND run = ?", [path.databaseValue, id.databaseValue])
      }
    }
    try execute(
      "UPDATE run SET paths = ? WHERE id = ?",
      [DatabaseValue(bytes: NumberList.bytes(paths)), id.databaseValue])
  }

  /// Takes a run out of the index.
  mutating func remove(name: String) throws {
    guard
      let known = try Row.fetchOne(
        database, sql: "SELECT id, paths, metrics FROM run WHERE name = ?", arguments: [name])
    else { return }
    let id: Int64 = known["id"]
    countLooseContents(of: known)
    try remove(from: "entry", Self.bytes(known["paths"]), keeping: [], run: id, column: "path")
    try remove(
      from: "summary", Self.bytes(known["metrics"]), keeping: [], run: id, column: "metric")
    try execute("DELETE FROM run WHERE id = ?", [id.databaseValue])
  }

  private mutating func countLooseContents(of known: Row) {
    looseContents +=
      NumberList.numbers(Self.bytes(known["paths"])).count { pathsWithContent.contains($0) }
      + NumberList.numbers(Self.bytes(known["metrics"])).count { metricsWithContent.contains($0) }
  }

  // MARK: - Entries

  private mutating func writeEntries(of run: IndexedRun, id: Int64) throws -> [Int64] {
    var numbers: [Int64] = []
    try run.forEachEntry { reading, value in
      let path = try number(of: reading)
      try write(value, path: path, run: id)
      numbers.append(path)
    }
    return numbers
  }

  private mutating func write(_ value: Value, path: Int64, run: Int64) throws {
    let value = IndexValue(value)
    var content = DatabaseValue.null
    if let bytes = value.content {
      content = try contentNumber(of: bytes).databaseValue
      if pathsWithContent.insert(path).inserted {
        try execute("UPDATE path SET has_content = 1 WHERE id = ?", [path.databaseValue])
      }
    }
    try execute(
      "INSERT OR REPLACE INTO entry(path, run, value, content) VALUES (?, ?, ?, ?)",
      [path.databaseValue, run.databaseValue, value.stored, content])
  }

  private mutating func number(of reading: QueryField.Reading) throws -> Int64 {
    if let number = paths[reading] { return number }
    let (section, name) = IndexNames.key(of: reading)
    let arguments = [section.databaseValue, DatabaseValue(bytes: name)]
    try execute("INSERT OR IGNORE INTO path(section, name) VALUES (?, ?)", arguments)
    let number = try number("SELECT id FROM path WHERE section = ? AND name = ?", arguments)
    paths[reading] = number
    return number
  }

  /// The number under which some content is kept, once for all runs.
  private func contentNumber(of bytes: [UInt8]) throws -> Int64 {
    let digest = DatabaseValue(bytes: FileDigest.md5(of: bytes))
    let find = "SELECT id FROM content WHERE digest = ?"
    if let known = try Int64.fetchOne(
      database.cachedStatement(sql: find), arguments: StatementArguments([digest]))
    {
      return known
    }
    try execute(
      "INSERT INTO content(digest, value) VALUES (?, ?)", [digest, DatabaseValue(bytes: bytes)])
    return database.lastInsertedRowID
  }

  // MARK: - Metrics

  private mutating func writeMetrics(of run: IndexedRun, id: Int64) throws -> [Int64] {
    try run.subject.metrics.map { name, metric in
      let number = try number(ofMetric: name)
      try execute(
        """
        INSERT OR REPLACE INTO summary VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, try values(of: metric, number: number, run: id))
      return number
    }
  }

  private mutating func values(
    of metric: QueryMetric, number: Int64, run: Int64
  ) throws -> [DatabaseValue] {
    func stored(_ statistic: QueryField.Statistic) -> DatabaseValue {
      metric.value(of: statistic).map { IndexValue($0).stored } ?? .null
    }
    func content(_ statistic: QueryField.Statistic) throws -> DatabaseValue {
      guard let bytes = metric.value(of: statistic).flatMap({ IndexValue($0).content }) else {
        return .null
      }
      if metricsWithContent.insert(number).inserted {
        try execute("UPDATE metric SET has_content = 1 WHERE id = ?", [number.databaseValue])
      }
      return try contentNumber(of: bytes).databaseValue
    }
    return [
      number.databaseValue, run.databaseValue, stored(.count), stored(.mean),
      stored(.first), try content(.first), stored(.firstStep), stored(.firstTime),
      stored(.last), try content(.last), stored(.step), stored(.time),
      stored(.min), stored(.minStep), stored(.minTime),
      stored(.max), stored(.maxStep), stored(.maxTime),
    ]
  }

  private mutating func number(ofMetric name: String) throws -> Int64 {
    if let number = metrics[name] { return number }
    let arguments = [DatabaseValue(bytes: Array(name.utf8))]
    try execute("INSERT OR IGNORE INTO metric(name) VALUES (?)", arguments)
    let number = try number("SELECT id FROM metric WHERE name = ?", arguments)
    metrics[name] = number
    return number
  }

  // MARK: - Statements

  private func remove(
    from table: String, _ before: [UInt8], keeping after: [Int64], run: Int64, column: String
  ) throws {
    let kept = Set(after)
    for number in NumberList.numbers(before) where !kept.contains(number) {
      try execute(
        "DELETE FROM \(table) WHERE \(column) = ? AND run = ?",
        [number.databaseValue, run.databaseValue])
    }
  }

  private static func bytes(_ data: Data) -> [UInt8] { [UInt8](data) }

  private func execute(_ sql: String, _ arguments: [DatabaseValue]) throws {
    try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
  }

  private func number(_ sql: String, _ arguments: [DatabaseValue]) throws -> Int64 {
    let statement = try database.cachedStatement(sql: sql)
    guard let number = try Int64.fetchOne(statement, arguments: StatementArguments(arguments))
    else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a row that was written is gone")
    }
    return number
  }
}

/// The names of the index's tables of names.
enum IndexNames {
  /// The section and the name under which the index has what a reading leads to.
  static func key(of reading: QueryField.Reading) -> (section: String, name: [UInt8]) {
    switch reading {
    case .fixed(let fixed): ("", Array(fixed.rawValue.utf8))
    case .entry(let section, let path):
      (section.rawValue, ValueCoding.encode(.list(path.map(Value.text))))
    case .metric(let name, _): ("metrics", Array(name.utf8))
    }
  }

  /// The path that a name stands for; `nil` if it is none.
  static func path(_ name: [UInt8]) -> [String]? {
    ValueCoding.decode(name)?.listValue?.compactMap(\.textValue)
  }
}

/// Numbers in few bytes.
enum NumberList {
  static func bytes(_ numbers: [Int64]) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in numbers {
      var rest = UInt64(bitPattern: number)
      while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }
    return bytes
  }

  static func numbers(_ bytes: [UInt8]) -> [Int64] {
    var numbers: [Int64] = []
    var (number, shift) = (UInt64(0), UInt64(0))
    for byte in bytes {
      number |= UInt64(byte & 0x7F) << shift
      shift += 7
      guard byte < 0x80 else { continue }
      numbers.append(Int64(bitPattern: number))
      (number, shift) = (0, 0)
    }
    return numbers
  }
}

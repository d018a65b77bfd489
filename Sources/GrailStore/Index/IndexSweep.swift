import GRDB

/// Removes from the index what no run needs any more.
///
/// Content is shared by runs, and it is not counted by how many. To find what none of them has takes
/// a look at all they have, which waits until so much was let go of that it costs little beside that.
enum IndexSweep {
  /// So little is not worth a look.
  static let fewContents = 1000

  /// Sweeps, if enough was let go of.
  ///
  /// - Parameters:
  ///   - count: How often content was let go of since the last call, which others may need or not.
  ///   - database: The index, within a transaction.
  /// - Throws: The database's error.
  static func letGo(_ count: Int, in database: Database) throws {
    guard count > 0 else { return }
    func number(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
    var loose = try count + number("SELECT value FROM fact WHERE name = 'loose'")
    if loose > fewContents, try loose > number("SELECT count(*) FROM content") {
      try sweep(database)
      loose = 0
    }
    try database.execute(
      sql: "INSERT OR REPLACE INTO fact VALUES ('loose', ?)", arguments: [loose])
  }

  private static func sweep(_ database: Database) throws {
    try database.execute(
      sql: """
        DELETE FROM content WHERE id NOT IN (
          SELECT content FROM entry
          WHERE path IN (SELECT id FROM path WHERE has_content = 1) AND content IS NOT NULL
          UNION ALL
          SELECT first_content FROM summary
          WHERE metric IN (SELECT id FROM metric WHERE has_content = 1) AND first_content IS NOT NULL
          UNION ALL
          SELECT last_content FROM summary
          WHERE metric IN (SELECT id FROM metric WHERE has_content = 1) AND last_content IS NOT NULL);
        DELETE FROM path WHERE NOT EXISTS (SELECT 1 FROM entry WHERE path = path.id);
        DELETE FROM metric WHERE NOT EXISTS (SELECT 1 FROM summary WHERE metric = metric.id);
        """)
  }
}

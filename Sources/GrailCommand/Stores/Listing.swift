/// What a command lists: for people as a table, for programs as JSON or CSV.
protocol Listing {
  /// The table as it is shown.
  var table: TextTable { get }

  /// Writes a JSON object a line, every value in full.
  func writeJSON(to write: (String) throws -> Void) throws

  /// Writes comma-separated values with a header, every value in full.
  func writeCSV(to write: (String) throws -> Void) throws
}

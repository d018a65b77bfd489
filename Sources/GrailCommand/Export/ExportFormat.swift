/// How a table is written for programs.
enum ExportFormat: String, CaseIterable {
  /// Comma-separated values with a header.
  case csv
  /// JSON Lines: an object a line.
  case jsonl

  /// The format that a file's name asks for.
  init?(ofFile path: String) {
    let end = path.split(separator: "/").last?.split(separator: ".").last?.lowercased()
    switch end {
    case "csv": self = .csv
    case "jsonl", "ndjson", "json": self = .jsonl
    default: return nil
    }
  }
}

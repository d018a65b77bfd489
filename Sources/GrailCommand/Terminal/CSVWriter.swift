/// Rows of comma-separated values, as RFC 4180 describes them.
///
/// Lines end in CR LF, and a cell with a comma, quote or line end is quoted. A spreadsheet runs a
/// cell that begins with `=`, `+`, `-`, `@`, a tab or a line end as a formula, which a name in
/// somebody's record must not bring about. Such a cell gets an apostrophe in front, which a
/// spreadsheet takes for "this is text" and a reader of the file has to strip. Numbers, such as
/// `-1.5`, stay what they are.
package struct CSVWriter: Sendable {
  /// Creates a writer.
  package init() {}

  /// A row with its end.
  ///
  /// - Parameter cells: The cells; what is no value is an empty one.
  /// - Returns: The line.
  package func line(of cells: [String]) -> String {
    var line = ""
    for (column, cell) in cells.enumerated() {
      if column > 0 { line += "," }
      Self.append(Self.isFormula(cell) ? "'" + cell : cell, to: &line)
    }
    // An empty line would be no row.
    return (cells == [""] ? "\"\"" : line) + "\r\n"
  }

  private static func append(_ cell: String, to line: inout String) {
    let needsQuotes = cell.utf8.contains { byte in
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
      default: false
      }
    }
    guard needsQuotes else {
      line += cell
      return
    }
    line += "\""
    for scalar in cell.unicodeScalars {
      if scalar == "\"" { line += "\"" }
      line.unicodeScalars.append(scalar)
    }
    line += "\""
  }

  /// Whether a spreadsheet would run a cell.
  private static func isFormula(_ cell: String) -> Bool {
    guard let first = cell.unicodeScalars.first else { return false }
    return switch first {
    // The wide forms count in some languages.
    case "=", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF20}", "\u{FF0B}", "\u{FF0D}": true
    case "+", "-": Double(cell) == nil
    default: false
    }
  }
}

/// Rows of cells in aligned columns.
///
/// On a terminal the table fits its width: columns that may are narrowed first, then columns are
/// left out from the right, and a last line says which. Elsewhere it is as wide as it has to be, so
/// that what reads it gets all, always in the same form: no colors, two spaces between columns.
package struct TextTable: Sendable {
  /// Where a cell's text stands in its column.
  package enum Alignment: Hashable, Sendable {
    case left, right
    /// Numbers, point below point; what is no number stands at the right.
    case decimal
  }

  /// A column.
  package struct Column: Sendable {
    package var header: DisplayText
    package var alignment: Alignment
    /// The least columns to which its cells may be cut; `nil` if they may not.
    package var minimumWidth: Int?
    /// Where a cell is cut that is too long.
    package var cut: DisplayText.Cut

    /// Creates a column.
    ///
    /// - Parameters:
    ///   - header: What stands above the cells.
    ///   - alignment: Where the cells' texts stand.
    ///   - minimumWidth: The least columns to which cells may be cut; `nil` if they may not.
    ///   - cut: Where a cell is cut that is too long.
    package init(
      _ header: String, _ alignment: Alignment = .left, minimumWidth: Int? = nil,
      cut: DisplayText.Cut = .end
    ) {
      self.header = DisplayText(header)
      (self.alignment, self.minimumWidth, self.cut) = (alignment, minimumWidth, cut)
    }
  }

  /// A text with its style.
  package struct Cell: Sendable, ExpressibleByStringLiteral {
    package var text: DisplayText
    package var style: TextStyle

    package init(_ text: DisplayText, _ style: TextStyle = []) {
      (self.text, self.style) = (text, style)
    }

    /// Creates a cell from any text, which is made safe to show.
    package init(_ raw: String, _ style: TextStyle = []) { self.init(DisplayText(raw), style) }

    package init(stringLiteral value: String) { self.init(value) }
  }

  /// The columns, from the left.
  package var columns: [Column]
  /// The rows; a missing cell is empty, and one too many is not shown.
  package var rows: [[Cell]]
  /// Whether the headers are shown.
  package var hasHeader: Bool
  /// What to do about columns that are left out, such as `all of them: --json`.
  package var leftOutHint: String

  /// Creates a table.
  package init(
    columns: [Column], rows: [[Cell]] = [], hasHeader: Bool = true, leftOutHint: String = ""
  ) {
    (self.columns, self.rows, self.hasHeader) = (columns, rows, hasHeader)
    self.leftOutHint = leftOutHint
  }

  /// Writes the table, a line at a time.
  ///
  /// - Parameters:
  ///   - terminal: What the output can show.
  ///   - write: Takes a line with its end.
  /// - Throws: What `write` throws.
  /// - Complexity: O(cells)
  package func write(for terminal: Terminal, to write: (String) throws -> Void) rethrows {
    guard !columns.isEmpty else { return }
    let layout = TextTableLayout(self, for: terminal)
    if hasHeader {
      let headers = columns.map { Cell($0.header, .bold) }
      try write(layout.line(of: headers, in: self, for: terminal, isHeader: true))
    }
    for row in rows {
      try write(layout.line(of: row, in: self, for: terminal, isHeader: false))
    }
    if let note = layout.note(about: self, for: terminal) { try write(note) }
  }

  /// The lines, each with its end.
  package func lines(for terminal: Terminal) -> [String] {
    var lines: [String] = []
    write(for: terminal) { lines.append($0) }
    return lines
  }
}

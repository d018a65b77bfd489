/// Lines of cells in aligned columns, the last of which is wrapped to fit the width.
struct TextTable {
  /// A line.
  struct Row {
    /// The cells; a missing one is empty.
    var cells: [String]
    /// The roles of cells, by their position.
    var roles: [Int: TextStyle.Role] = [:]
  }

  /// The lines.
  var rows: [Row] = []
  /// The columns that are no wider than this; text that is longer moves the rest of its line.
  var widthLimits: [Int] = []
  /// The number of columns before the first cell.
  var indent = 2

  /// Less room than this beside the other cells puts the last one on lines of its own.
  private static let minimumLastWidth = 24

  /// The lines as text.
  ///
  /// - Parameter style: The width and colors.
  /// - Returns: The lines.
  func lines(style: TextStyle) -> [String] {
    let count = rows.map(\.cells.count).max() ?? 0
    guard count > 0 else { return [] }
    let widths = (0..<count - 1).map { column in
      let limit = column < widthLimits.count ? widthLimits[column] : Int.max
      return rows.map { $0.cells.count > column ? $0.cells[column].count : 0 }
        .filter { $0 <= limit }.max() ?? 0
    }
    let lastStart = indent + widths.map { $0 > 0 ? $0 + 2 : 0 }.reduce(0, +)
    return rows.flatMap { row in
      lines(of: row, count: count, widths: widths, lastStart: lastStart, style: style)
    }
  }

  private func lines(
    of row: Row, count: Int, widths: [Int], lastStart: Int, style: TextStyle
  ) -> [String] {
    var line = String(repeating: " ", count: indent)
    var length = indent
    for (column, width) in widths.enumerated() where width > 0 || row.cells[column...].count > 1 {
      let cell = column < row.cells.count ? row.cells[column] : ""
      let padding = max(width - cell.count, 0) + 2
      line += row.roles[column].map { style.styled(cell, $0) } ?? cell
      line += String(repeating: " ", count: padding)
      length += cell.count + padding
    }
    guard row.cells.count == count, let last = row.cells.last, !last.isEmpty else {
      return [line.withoutTrailingSpaces]
    }
    let role = row.roles[count - 1]
    func styled(_ text: String) -> String { role.map { style.styled(text, $0) } ?? text }
    // Beside the other cells if there is room, else below them.
    let isBelow = style.width - max(lastStart, length) < Self.minimumLastWidth
    let start = isBelow ? indent + 4 : max(lastStart, length)
    let parts = last.wrapped(to: max(style.width - start, Self.minimumLastWidth))
    let hanging = String(repeating: " ", count: start)
    if isBelow { return [line.withoutTrailingSpaces] + parts.map { hanging + styled($0) } }
    return [line + styled(parts.first ?? "")] + parts.dropFirst().map { hanging + styled($0) }
  }
}

extension String {
  /// The text in lines of at most a number of characters, broken between words where it can be.
  func wrapped(to width: Int) -> [String] {
    split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph -> [String] in
      var lines = [""]
      for word in paragraph.split(separator: " ") {
        let line = lines[lines.count - 1]
        if line.isEmpty {
          lines[lines.count - 1] = String(word)
        } else if line.count + 1 + word.count <= width {
          lines[lines.count - 1] += " " + word
        } else {
          lines.append(String(word))
        }
      }
      return lines
    }
  }

  /// The text without spaces at its end.
  var withoutTrailingSpaces: String {
    guard let end = lastIndex(where: { $0 != " " }) else { return "" }
    return String(self[...end])
  }

  /// The text, cut where it is longer than a number of characters.
  func shortened(to width: Int) -> String {
    count <= width ? self : prefix(max(width - 1, 0)) + "…"
  }
}

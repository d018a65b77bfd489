/// How wide the columns of a table are, and which of them there is room for.
struct TextTableLayout {
  /// The columns that are shown, the first of the table's.
  private(set) var widths: [Int]
  /// The columns before the point of each decimal column, for its cells that are numbers.
  private let wholes: [Int]

  private static let gap = 2

  init(_ table: TextTable, for terminal: Terminal) {
    var widths = table.columns.map { table.hasHeader ? $0.header.width : 0 }
    var wholes = widths.map { _ in 0 }
    for (column, description) in table.columns.enumerated() {
      var (widest, whole, fraction) = (0, 0, 0)
      for row in table.rows where row.indices.contains(column) {
        let text = row[column].text
        if description.alignment == .decimal, let split = Self.whole(of: text) {
          whole = max(whole, split)
          fraction = max(fraction, text.width - split)
        } else {
          widest = max(widest, text.width)
        }
      }
      widths[column] = max(widths[column], widest, whole + fraction)
      // Numbers stand at the right of a column that is wider than they are.
      wholes[column] = widths[column] - fraction
    }
    self.wholes = wholes
    self.widths =
      terminal.isInteractive
      ? Self.fitted(widths, least: table.columns.map(\.minimumWidth), within: terminal.width)
      : widths
  }

  // MARK: - Widths

  /// The widths that fit, those of the columns that there is room for.
  private static func fitted(_ widths: [Int], least: [Int?], within limit: Int) -> [Int] {
    let least = zip(widths, least).map { width, least in
      least.map { min(width, max(1, $0)) } ?? width
    }
    var (count, needed) = (0, -gap)
    for width in least {
      needed += gap + width
      if needed > limit { break }
      count += 1
    }
    // A table has a first column, if only the beginning of it.
    guard count > 0 else { return [max(1, limit)] }
    return narrowed(Array(widths[..<count]), least: Array(least[..<count]), within: limit)
  }

  /// Narrows the widest columns to one width until all fit.
  private static func narrowed(_ widths: [Int], least: [Int], within limit: Int) -> [Int] {
    let room = limit - gap * (widths.count - 1)
    func capped(_ cap: Int) -> [Int] { zip(widths, least).map { max($1, min($0, cap)) } }
    var (low, high) = (0, widths.max() ?? 0)
    while low < high {
      let middle = (low + high + 1) / 2
      if capped(middle).reduce(0, +) <= room { low = middle } else { high = middle - 1 }
    }
    var fitted = capped(low)
    // What is left over goes to the first columns that can use it.
    var rest = room - fitted.reduce(0, +)
    for column in fitted.indices where rest > 0 && fitted[column] < widths[column] {
      fitted[column] += 1
      rest -= 1
    }
    return fitted
  }

  // MARK: - Lines

  func line(
    of cells: [TextTable.Cell], in table: TextTable, for terminal: Terminal, isHeader: Bool
  ) -> String {
    var line = ""
    var pending = 0
    for (column, width) in widths.enumerated() {
      if column > 0 { pending += Self.gap }
      guard cells.indices.contains(column), cells[column].text.width > 0 else {
        pending += width
        continue
      }
      let description = table.columns[column]
      let text = cells[column].text.shortened(to: width, cut: description.cut)
      let before = start(of: text, in: column, description.alignment, isHeader: isHeader)
      pending += before
      line += String(repeating: " ", count: pending)
      line += terminal.styled(text, cells[column].style)
      pending = width - before - text.width
    }
    return line + "\n"
  }

  private func start(
    of text: DisplayText, in column: Int, _ alignment: TextTable.Alignment, isHeader: Bool
  ) -> Int {
    let room = widths[column] - text.width
    switch alignment {
    case .left: return 0
    case .right: return room
    case .decimal:
      guard !isHeader, let whole = Self.whole(of: text) else { return room }
      return max(0, min(room, wholes[column] - whole))
    }
  }

  /// The last line, which says what there was no room for.
  func note(about table: TextTable, for terminal: Terminal) -> String? {
    let missing = table.columns.dropFirst(widths.count)
    guard !missing.isEmpty else { return nil }
    let names = missing.map(\.header.text).joined(separator: ", ")
    let hint = table.leftOutHint.isEmpty ? "" : " (\(table.leftOutHint))"
    let count = missing.count == 1 ? "1 more column" : "\(missing.count) more columns"
    let text = DisplayText("… \(count)\(hint): \(names)", maximumWidth: terminal.width)
    return terminal.styled(text, .dim) + "\n"
  }

  /// The columns before the point of a number, or before its exponent; `nil` if it is none.
  private static func whole(of text: DisplayText) -> Int? {
    var bytes = text.text.utf8[...]
    var length = 0
    if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      bytes.removeFirst()
      length = 1
    }
    guard let first = bytes.first, isDigit(first) || first == UInt8(ascii: ".") else { return nil }
    return length + bytes.prefix { isDigit($0) || $0 == UInt8(ascii: ",") }.count
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}

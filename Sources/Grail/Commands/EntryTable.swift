import GrailRun

/// The number of columns that help may fill.
let entryTableWidth = 100

/// The entries of a configuration with their types and defaults, in aligned lines.
func entryTable(_ schema: ConfigSchema) -> [String] {
  let rows = schema.leaves.map { [$0.name, $0.typeDescription, $0.shownDefault] }
  guard !rows.isEmpty else { return ["ENTRIES: none"] }
  let widths = [(0, 36), (1, 40)].map { column, limit in
    min(limit, rows.map { $0[column].count }.max() ?? 0)
  }
  let lines = rows.map { row in
    let start =
      "  \(row[0].padded(to: widths[0]))  \(row[1].padded(to: widths[1]))  "
    return start + row[2].shortened(to: entryTableWidth - start.count)
  }
  return ["ENTRIES (name, type, default):"] + lines
}

extension ConfigEntry {
  fileprivate var shownDefault: String {
    defaultText.isEmpty ? "''" : String(quoted(defaultText).dropFirst().dropLast())
  }
}

extension String {
  fileprivate func shortened(to width: Int) -> String {
    count <= width ? self : prefix(width - 1) + "…"
  }

  fileprivate func padded(to width: Int) -> String {
    let text = shortened(to: width)
    return text + String(repeating: " ", count: width - text.count)
  }
}

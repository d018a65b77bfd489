/// The names of the lines in a picture, in rows above the curves.
struct SVGLegend {
  private struct Entry {
    var index: Int
    var left: Int
    var row: Int
    var name: String
  }

  private var entries: [Entry] = []
  private var missing = 0
  private var rows = 0

  /// The most rows; how many names are missing is said.
  private static let mostRows = 6
  private static let rowHeight = 20

  /// Creates a legend; one line named as the picture needs none.
  init(_ names: [String], title: String, width: Int) {
    guard names.count > 1 || names.contains(where: { !$0.isEmpty && $0 != title }) else { return }
    var (left, row) = (0, 0)
    for (index, name) in names.enumerated() {
      let text = DisplayText(name, maximumWidth: 40)
      let needed = 26 + SVGText.width(text.text, size: 12) + 20
      if left > 0, left + needed > width {
        if row + 1 == Self.mostRows {
          missing = names.count - index
          break
        }
        (left, row) = (0, row + 1)
      }
      entries.append(Entry(index: index, left: left, row: row, name: text.text))
      left += needed
    }
    rows = row + 1 + (missing > 0 ? 1 : 0)
  }

  /// The height in pixels.
  var height: Int { rows == 0 ? 0 : rows * Self.rowHeight + 10 }

  func text(
    left: Int, top: Int, color: (Int) -> String, dash: (Int) -> String
  ) -> String {
    var svg = ""
    for entry in entries {
      let (x, y) = (left + entry.left, top + entry.row * Self.rowHeight + 8)
      svg += """
        <path d="M\(x) \(y)h18" stroke="\(color(entry.index))" stroke-width="2.5" \
        stroke-linecap="round"\(dash(entry.index))/>
        <text x="\(x + 26)" y="\(y)" dy="0.35em" fill="#22272e">\
        \(SVGText.escaped(entry.name))</text>

        """
    }
    if missing > 0 {
      let y = top + (rows - 1) * Self.rowHeight + 8
      svg += "<text x=\"\(left)\" y=\"\(y)\" dy=\"0.35em\">… \(missing) more</text>\n"
    }
    return svg
  }
}

/// A chart as lines of text, its curves made of braille dots.
///
/// Colors tell lines apart where there are any. Elsewhere each has a letter, which stands on it and
/// in the legend, and what is behind a smoothed line is drawn with every other dot.
package struct TerminalChart: Sendable {
  let chart: Chart

  /// Creates a drawing of a chart.
  package init(_ chart: Chart) { self.chart = chart }

  /// The smallest size that is drawn; less is taken for it.
  private static let least = (width: 24, height: 6)

  /// The lines, each without its end.
  ///
  /// - Parameters:
  ///   - terminal: What the output can show.
  ///   - width: The number of columns; that of the output if `nil`.
  ///   - height: The number of lines; that of the output, less one for the prompt, if `nil`.
  /// - Returns: At most `height` lines, each at most `width` columns wide.
  /// - Complexity: O(points)
  package func lines(
    for terminal: Terminal, width: Int? = nil, height: Int? = nil
  ) -> [String] {
    let width = max(Self.least.width, width ?? terminal.width)
    let height = max(Self.least.height, height ?? terminal.height - 1)
    let extent = ChartExtent(of: chart)
    var above: [String] = []
    if !chart.title.isEmpty { above.append(title(width, terminal)) }
    if !chart.yLabel.isEmpty, chart.yLabel != chart.title, height >= 12 {
      above.append(terminal.styled(DisplayText(chart.yLabel, maximumWidth: width), .dim))
    }
    var below = extent.notes.map {
      terminal.styled(DisplayText($0, maximumWidth: width), .dim)
    }
    let legend = legend(width, terminal, atMost: max(1, height / 4))
    if height - above.count - legend.count >= Self.least.height - 1 { below = legend + below }
    // The axis takes two lines, the curve at least two.
    below = Array(below.prefix(max(0, height - above.count - 4)))
    let plot = TerminalPlot(
      chart, extent, terminal, width: width, height: height - above.count - below.count - 2)
    return above + plot.lines + below
  }

  private func title(_ width: Int, _ terminal: Terminal) -> String {
    terminal.styled(DisplayText(chart.title, maximumWidth: width), .bold)
  }

  // MARK: - Legend

  private func legend(_ width: Int, _ terminal: Terminal, atMost count: Int) -> [String] {
    let names = chart.series.map(\.name)
    guard names.count > 1 || names.contains(where: { !$0.isEmpty && $0 != chart.title }) else {
      return []
    }
    var lines = [""]
    var used = 0
    for (index, name) in names.enumerated() {
      let text = DisplayText(name, maximumWidth: max(1, width - 4))
      let needed = text.width + 2
      if used > 0, used + 3 + needed > width {
        if lines.count == count {
          return Self.closed(lines, names.count - index, used: used, width: width)
        }
        lines.append("")
        used = 0
      }
      if used > 0 { lines[lines.count - 1] += "   " }
      used += (used > 0 ? 3 : 0) + needed
      let mark = TerminalPlot.mark(of: index, of: names.count, in: terminal)
      lines[lines.count - 1] += "\(mark) \(text.text)"
    }
    return lines
  }

  /// The legend, with how many lines it does not name.
  private static func closed(
    _ lines: [String], _ missing: Int, used: Int, width: Int
  ) -> [String] {
    let rest = "   … \(missing) more"
    guard used + rest.count <= width else { return lines }
    return lines.dropLast() + [(lines.last ?? "") + rest]
  }
}

/// The curves of a chart with their axes, as lines of text.
struct TerminalPlot {
  private let chart: Chart
  private let terminal: Terminal
  private let x: ChartAxis
  private let y: ChartAxis
  private let labelWidth: Int
  private var canvas: DotCanvas
  /// Characters that stand on the curves: letters, and single points.
  private var marks: [Int: (character: Character, owner: Int)] = [:]

  /// Creates the curves.
  ///
  /// - Parameters:
  ///   - chart: The chart.
  ///   - extent: The numbers that it has to show.
  ///   - terminal: What the output can show.
  ///   - width: The number of columns, axis and labels included.
  ///   - height: The number of lines of the curves alone.
  init(_ chart: Chart, _ extent: ChartExtent, _ terminal: Terminal, width: Int, height: Int) {
    (self.chart, self.terminal) = (chart, terminal)
    y = ChartAxis(
      covering: extent.y, scale: chart.yScale, tickCount: min(8, max(2, height / 3)))
    let widest = y.ticks.map { $0.label.utf8.count }.max() ?? 1
    labelWidth = min(widest, width / 3)
    let plotWidth = max(4, width - labelWidth - 2)
    x = ChartAxis(
      covering: extent.x, scale: chart.xScale, unit: chart.xUnit,
      tickCount: max(2, min(10, plotWidth / 12)))
    canvas = DotCanvas(width: plotWidth, height: max(2, height))
    draw()
  }

  // MARK: - Curves

  private static let styles: [TextStyle] = [.cyan, .yellow, .magenta, .green, .blue, .red]

  /// The style of a layer: each line has one for itself and one for what is behind it.
  private static func style(of owner: Int) -> TextStyle {
    let style = styles[owner / 2 % styles.count]
    return owner.isMultiple(of: 2) ? [style, .dim] : style
  }

  private static func letter(_ index: Int) -> Character {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return letters[index % letters.count]
  }

  /// What stands before a line's name in the legend.
  static func mark(of index: Int, of count: Int, in terminal: Terminal) -> String {
    if terminal.isColored { return terminal.styled("━", styles[index % styles.count]) }
    return count > 1 ? String(letter(index)) : "━"
  }

  private mutating func draw() {
    let layers = chart.series.map { chart.layers(of: $0) }
    for (index, layer) in layers.enumerated() {
      guard let behind = layer.behind else { continue }
      draw(outline(of: behind), by: 2 * index, isSparse: !terminal.isColored)
    }
    for (index, layer) in layers.enumerated() {
      let outline = outline(of: layer.line)
      draw(outline, by: 2 * index + 1, isSparse: false)
      mark(outline, index: index)
    }
  }

  private func outline(of series: ChartSeries) -> ChartOutline {
    ChartOutline(of: series, x: x, y: y, columns: canvas.columns)
  }

  private func line(_ position: Double) -> Int {
    canvas.lines - 1 - Int((position * Double(canvas.lines - 1)).rounded())
  }

  private mutating func draw(_ outline: ChartOutline, by owner: Int, isSparse: Bool) {
    var previous: ChartOutline.Piece?
    for piece in outline.pieces {
      if let previous, !piece.startsLine {
        join(
          (previous.column, line(previous.last)), (piece.column, line(piece.first)), by: owner,
          isSparse: isSparse)
      }
      for dot in line(piece.high)...line(piece.low) {
        drawDot(piece.column, dot, by: owner, isSparse: isSparse)
      }
      previous = piece
    }
  }

  private mutating func join(
    _ start: (column: Int, line: Int), _ end: (column: Int, line: Int), by owner: Int,
    isSparse: Bool
  ) {
    let (across, down) = (end.column - start.column, end.line - start.line)
    let steps = max(abs(across), abs(down))
    guard steps > 1 else { return }
    for step in 1..<steps {
      let part = Double(step) / Double(steps)
      drawDot(
        start.column + Int((part * Double(across)).rounded()),
        start.line + Int((part * Double(down)).rounded()), by: owner, isSparse: isSparse)
    }
  }

  private mutating func drawDot(_ column: Int, _ line: Int, by owner: Int, isSparse: Bool) {
    guard !isSparse || (column + line).isMultiple(of: 2) else { return }
    canvas.draw(column: column, line: line, by: owner)
  }

  /// Puts a dot on a line of one point, and letters on lines that no color tells apart.
  private mutating func mark(_ outline: ChartOutline, index: Int) {
    let pieces = outline.pieces
    guard let last = pieces.last else { return }
    let owner = 2 * index + 1
    let needsLetters = !terminal.isColored && chart.series.count > 1
    if pieces.count == 1, last.high == last.low, !needsLetters {
      put("●", at: last, owner: owner)
    }
    guard needsLetters else { return }
    // At the end, or before it where others end too, and on the way.
    let end = pieces.suffix(max(1, pieces.count / 4)).reversed()
    if !end.contains(where: { put(Self.letter(index), at: $0, owner: owner) }) {
      put(Self.letter(index), at: last, owner: owner, isForced: true)
    }
    guard pieces.count >= 20 else { return }
    let first = pieces.count * (1 + index % 4) / 9
    _ = pieces[first...].prefix(pieces.count / 4)
      .contains { put(Self.letter(index), at: $0, owner: owner) }
  }

  /// Puts a character on a line, unless another is there or beside it.
  @discardableResult
  private mutating func put(
    _ character: Character, at piece: ChartOutline.Piece, owner: Int, isForced: Bool = false
  ) -> Bool {
    let cell = line(piece.last) / 4 * canvas.width + piece.column / 2
    guard isForced || (cell - 1...cell + 1).allSatisfy({ marks[$0] == nil }) else { return false }
    marks[cell] = (character, owner)
    return true
  }

  // MARK: - Text

  /// The lines: the curves, the axis and its labels.
  var lines: [String] {
    var labels: [Int: String] = [:]
    for tick in y.ticks {
      let line = line(y.position(of: tick.value)) / 4
      if labels[line] == nil { labels[line] = tick.label }
    }
    var lines = (0..<canvas.height).map { line in
      axisStart(labels[line]) + curves(in: line)
    }
    lines.append(String(repeating: " ", count: labelWidth + 1) + axis)
    lines.append(axisLabels)
    return lines
  }

  private func axisStart(_ label: String?) -> String {
    let text = DisplayText(label ?? "", maximumWidth: labelWidth)
    let padded = text.padded(to: labelWidth, isTrailing: true)
    return terminal.styled(padded + (label == nil ? " │" : " ┤"), .dim)
  }

  private func curves(in line: Int) -> String {
    var (text, run, owner) = ("", "", DotCanvas.nobody)
    func close() {
      text += owner == DotCanvas.nobody ? run : terminal.styled(run, Self.style(of: owner))
      run = ""
    }
    var end = canvas.width
    func character(_ column: Int) -> (character: Character, owner: Int) {
      if let mark = marks[line * canvas.width + column] { return mark }
      let (scalar, owner) = canvas[column, line]
      return (Character(scalar), owner)
    }
    while end > 0, character(end - 1).character == " " { end -= 1 }
    for column in 0..<end {
      let (character, drawer) = character(column)
      if drawer != owner {
        close()
        owner = drawer
      }
      run.append(character)
    }
    close()
    return text
  }

  private func column(of tick: ChartAxis.Tick) -> Int {
    let column = Int(x.position(of: tick.value) * Double(canvas.columns)) / 2
    return min(max(column, 0), canvas.width - 1)
  }

  private var axis: String {
    let marks = Set(x.ticks.map(column(of:)))
    let line = (0..<canvas.width).map { marks.contains($0) ? "┬" : "─" }.joined()
    return terminal.styled("└" + line, .dim)
  }

  /// The labels below the axis, and its name behind them where there is room.
  private var axisLabels: String {
    let start = labelWidth + 2
    let limit = start + canvas.width
    var text = ""
    for tick in x.ticks {
      let width = tick.label.utf8.count
      let left = max(0, min(start + column(of: tick) - width / 2, limit - width))
      let used = text.utf8.count
      guard used == 0 || left > used, left + width <= limit else { continue }
      text += String(repeating: " ", count: left - used) + tick.label
    }
    let name = DisplayText(chart.xLabel, maximumWidth: 24)
    let room = limit - text.utf8.count - name.width
    if name.width > 0, room >= 2 {
      return terminal.styled(text + String(repeating: " ", count: room) + name.text, .dim)
    }
    return terminal.styled(text, .dim)
  }
}

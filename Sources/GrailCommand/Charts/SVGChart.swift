/// A chart as a picture: one SVG file that needs nothing else.
///
/// The colors are Paul Tol's bright scheme, which color-blind people can tell apart; from the
/// eighth line on they come again, dashed.
package struct SVGChart: Sendable {
  private let chart: Chart

  /// Creates a picture of a chart.
  package init(_ chart: Chart) { self.chart = chart }

  private static let colors = [
    "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#888888",
  ]
  private static let dashes = ["", "6 3", "2 3", "9 3 2 3"]
  private static let fonts =
    "system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif"

  /// The whole file.
  ///
  /// - Parameters:
  ///   - width: The width in pixels; less than 240 is taken for that.
  ///   - height: The height in pixels; less than 160 is taken for that.
  /// - Returns: The text, UTF-8.
  /// - Complexity: O(points); a path has at most a few thousand points.
  package func text(width: Int = 840, height: Int = 480) -> String {
    let (width, height) = (min(max(width, 240), 20_000), min(max(height, 160), 20_000))
    let extent = ChartExtent(of: chart)
    let legend = SVGLegend(chart.series.map(\.name), title: chart.title, width: width - 48)
    let titleHeight = chart.title.isEmpty ? 14 : 50
    let top = titleHeight + legend.height
    let bottom = 34 + (chart.xLabel.isEmpty ? 0 : 20) + extent.notes.count * 16
    let y = ChartAxis(
      covering: extent.y, scale: chart.yScale, margin: 0.03,
      tickCount: max(2, (height - top - bottom) / 52))
    let widest = y.ticks.map { SVGText.width($0.label, size: 12) }.max() ?? 0
    let left = 18 + widest + (chart.yLabel.isEmpty ? 0 : 22)
    let x = ChartAxis(
      covering: extent.x, scale: chart.xScale, unit: chart.xUnit,
      tickCount: max(2, (width - left - 24) / 84))
    let frame = SVGFrame(
      left: left, top: top, width: max(40, width - left - 24),
      height: max(40, height - top - bottom), x: x, y: y)

    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img" font-family="\(Self.fonts)" font-size="12" \
      fill="#5f6670">
      <title>\(SVGText.escaped(chart.title.isEmpty ? "Chart" : chart.title))</title>
      <rect width="100%" height="100%" fill="#ffffff"/>

      """
    svg += heading(width, height, frame, extent)
    svg += legend.text(left: 24, top: titleHeight, color: Self.color, dash: Self.dash)
    svg += frame.grid
    svg += curves(frame)
    return svg + "</svg>\n"
  }

  private static func color(_ index: Int) -> String { colors[index % colors.count] }

  private static func dash(_ index: Int) -> String {
    let dash = dashes[index / colors.count % dashes.count]
    return dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
  }

  // MARK: - Words

  private func heading(
    _ width: Int, _ height: Int, _ frame: SVGFrame, _ extent: ChartExtent
  ) -> String {
    var svg = ""
    if !chart.title.isEmpty {
      let title = SVGText.shortened(chart.title, size: 16, to: width - 48)
      svg += """
        <text x="24" y="30" font-size="16" font-weight="600" fill="#22272e">\(title)</text>

        """
    }
    if !chart.yLabel.isEmpty {
      let middle = frame.top + frame.height / 2
      let label = SVGText.shortened(chart.yLabel, size: 12, to: frame.height)
      svg += """
        <text transform="translate(22 \(middle)) rotate(-90)" text-anchor="middle">\(label)</text>

        """
    }
    if !chart.xLabel.isEmpty {
      let label = SVGText.shortened(chart.xLabel, size: 12, to: frame.width)
      svg += """
        <text x="\(frame.left + frame.width / 2)" y="\(frame.bottom + 40)" \
        text-anchor="middle">\(label)</text>

        """
    }
    for (index, note) in extent.notes.reversed().enumerated() {
      svg += """
        <text x="\(width - 24)" y="\(height - 10 - index * 16)" text-anchor="end" \
        font-size="11" fill="#8a919b">\(SVGText.escaped(note))</text>

        """
    }
    return svg
  }

  // MARK: - Curves

  private func curves(_ frame: SVGFrame) -> String {
    var (behind, lines) = ("", "")
    for (index, series) in chart.series.enumerated() {
      let layers = chart.layers(of: series)
      let color = Self.color(index)
      if let layer = layers.behind {
        let outline = frame.outline(of: layer)
        if case .parts = layer.points {
          behind += """
            <path d="\(frame.area(outline))" fill="\(color)" fill-opacity="0.16" \
            stroke="\(color)" stroke-opacity="0.3" stroke-width="0.8"/>

            """
        } else {
          behind += """
            <path d="\(frame.path(outline))" stroke="\(color)" stroke-opacity="0.28" \
            stroke-width="1"/>

            """
        }
      }
      let outline = frame.outline(of: layers.line)
      lines += """
        <path d="\(frame.path(outline))" stroke="\(color)" stroke-width="1.8"\(Self.dash(index))/>

        """
      lines += frame.dots(outline, color: color)
    }
    return """
      <g fill="none" stroke-linejoin="round" stroke-linecap="round">
      \(behind)\(lines)</g>

      """
  }
}

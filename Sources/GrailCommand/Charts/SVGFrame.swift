/// The part of a picture in which its curves are, in pixels.
struct SVGFrame {
  var left: Int
  var top: Int
  var width: Int
  var height: Int
  var x: ChartAxis
  var y: ChartAxis

  var bottom: Int { top + height }

  // MARK: - Grid

  /// Lines at the marks of the axes, and what is written beside them.
  var grid: String {
    var svg = ""
    for tick in y.ticks {
      let place = pixel(Double(top) + (1 - y.position(of: tick.value)) * Double(height))
      svg += """
        <path d="M\(left) \(place)h\(width)" stroke="#e6e8eb"/>
        <text x="\(left - 8)" y="\(place)" dy="0.35em" text-anchor="end">\(tick.label)</text>

        """
    }
    var free = -Double.infinity
    for tick in x.ticks {
      let center = Double(left) + x.position(of: tick.value) * Double(width)
      let place = pixel(center)
      svg += "<path d=\"M\(place) \(top)v\(height)\" stroke=\"#f1f2f4\"/>\n"
      let half = Double(SVGText.width(tick.label, size: 12)) / 2
      guard center - half > free else { continue }
      free = center + half + 6
      svg += """
        <text x="\(place)" y="\(bottom + 19)" text-anchor="middle">\(tick.label)</text>

        """
    }
    return svg + "<path d=\"M\(left) \(bottom)h\(width)\" stroke=\"#b9bfc7\"/>\n"
  }

  // MARK: - Curves

  func outline(of series: ChartSeries) -> ChartOutline {
    ChartOutline(of: series, x: x, y: y, columns: width)
  }

  /// A line through the pieces.
  func path(_ outline: ChartOutline) -> String {
    var (path, last) = ("", "")
    for piece in outline.pieces {
      let turns = piece.isRising ? [piece.low, piece.high] : [piece.high, piece.low]
      for (index, value) in ([piece.first] + turns + [piece.last]).enumerated() {
        let starts = path.isEmpty || (index == 0 && piece.startsLine)
        let point = point(piece.x, value)
        guard starts || point != last else { continue }
        path += (starts ? "M" : "L") + point
        last = point
      }
    }
    return path
  }

  /// The area between the least and the greatest of the pieces, one for each line.
  func area(_ outline: ChartOutline) -> String {
    var path = ""
    var pieces = outline.pieces[...]
    while let first = pieces.popFirst() {
      let rest = pieces.prefix { !$0.startsLine }
      pieces = pieces.dropFirst(rest.count)
      let line = [first] + rest
      path += "M" + line.map { point($0.x, $0.high) }.joined(separator: "L")
      path += "L" + line.reversed().map { point($0.x, $0.low) }.joined(separator: "L") + "Z"
    }
    return path
  }

  /// Dots for points that no line joins to others.
  func dots(_ outline: ChartOutline, color: String) -> String {
    let pieces = outline.pieces
    return pieces.indices.filter { index in
      pieces[index].startsLine && pieces[index].high == pieces[index].low
        && (index + 1 == pieces.count || pieces[index + 1].startsLine)
    }
    .map { index in
      let piece = pieces[index]
      let (across, down) = place(piece.x, piece.first)
      return "<circle cx=\"\(across)\" cy=\"\(down)\" r=\"3\" fill=\"\(color)\"/>\n"
    }
    .joined()
  }

  private func place(_ x: Double, _ y: Double) -> (String, String) {
    (pixel(Double(left) + x * Double(width)), pixel(Double(top) + (1 - y) * Double(height)))
  }

  private func point(_ x: Double, _ y: Double) -> String {
    let (across, down) = place(x, y)
    return across + " " + down
  }

  /// A number of pixels with at most one digit behind the point.
  private func pixel(_ number: Double) -> String {
    let tenths = Int((min(max(number, -1e6), 1e6) * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }
}

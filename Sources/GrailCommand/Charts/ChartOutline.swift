/// A line, reduced to what shows of it where it is so many columns wide.
///
/// Of points in a row that fall in one column the first, last, least and greatest are kept: a line
/// through these looks as one through all. A line that goes back and forth too often for that, and
/// has more pieces than there is room for, is summed up by column.
///
/// - SeeAlso: Jugel et al., “M4: A Visualization-Oriented Time Series Data Aggregation”, VLDB 2014.
struct ChartOutline {
  /// Points in a row in one column; places are 0 to 1.
  struct Piece {
    var column: Int
    var x: Double
    var first: Double
    var low: Double
    var high: Double
    var last: Double
    /// Whether the least came before the greatest.
    var isRising = true
    /// Whether nothing joins this to the piece before.
    var startsLine: Bool
  }

  private(set) var pieces: [Piece] = []

  /// Creates an outline.
  ///
  /// - Parameters:
  ///   - series: The line.
  ///   - x: The horizontal axis.
  ///   - y: The vertical axis.
  ///   - columns: The number of columns.
  /// - Complexity: O(points)
  init(of series: ChartSeries, x: ChartAxis, y: ChartAxis, columns: Int) {
    let columns = max(1, columns)
    // Beyond this the pieces are summed up by column.
    let most = 4 * columns + 64
    var sums = [Piece?](repeating: nil, count: columns)
    var isSummedUp = false
    var startsLine = true
    for position in 0..<series.count {
      let part = series[position]
      guard !part.mean.isNaN else {
        startsLine = true
        continue
      }
      guard let piece = Self.piece(part, x, y, columns, startsLine: startsLine) else { continue }
      startsLine = false
      if isSummedUp {
        Self.add(piece, to: &sums[piece.column])
      } else if let last = pieces.indices.last, pieces[last].column == piece.column,
        !piece.startsLine
      {
        pieces[last].append(piece)
      } else {
        pieces.append(piece)
        if pieces.count > most {
          isSummedUp = true
          for piece in pieces { Self.add(piece, to: &sums[piece.column]) }
        }
      }
    }
    if isSummedUp {
      pieces = sums.compactMap { $0 }
      for index in pieces.indices { pieces[index].startsLine = index == 0 }
    }
  }

  private static func piece(
    _ part: ChartSeries.Part, _ x: ChartAxis, _ y: ChartAxis, _ columns: Int, startsLine: Bool
  ) -> Piece? {
    guard x.hasPlace(for: part.x), y.hasPlace(for: part.mean), part.maximum.isFinite else {
      return nil
    }
    func place(_ number: Double) -> Double { min(max(y.position(of: number), 0), 1) }
    let middle = place(part.mean)
    let low = y.hasPlace(for: part.minimum) ? place(part.minimum) : 0
    let at = x.position(of: part.x)
    guard at >= 0, at <= 1, at.isFinite, middle.isFinite else { return nil }
    let column = min(Int(at * Double(columns)), columns - 1)
    return Piece(
      column: column, x: at, first: middle, low: min(low, middle),
      high: max(place(part.maximum), middle), last: middle, startsLine: startsLine)
  }

  private static func add(_ piece: Piece, to sum: inout Piece?) {
    if sum == nil { sum = piece } else { sum?.append(piece) }
  }
}

extension ChartOutline.Piece {
  fileprivate mutating func append(_ next: ChartOutline.Piece) {
    if next.high > high {
      high = next.high
      isRising = true
    }
    if next.low < low {
      low = next.low
      isRising = false
    }
    last = next.last
  }
}

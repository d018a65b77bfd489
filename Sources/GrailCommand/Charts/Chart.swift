/// A chart of lines, to be drawn on a terminal or as a picture.
package struct Chart: Sendable {
  package var title: String
  package var xLabel: String
  package var yLabel: String
  package var series: [ChartSeries]
  package var xScale: ChartAxis.Scale
  package var yScale: ChartAxis.Scale
  /// What the numbers along the horizontal axis are.
  package var xUnit: ChartAxis.Unit
  /// How much lines are smoothed, 0 to less than 1; the unsmoothed line stays behind.
  package var smoothing: Double

  /// Creates a chart.
  package init(
    title: String = "", xLabel: String = "", yLabel: String = "", series: [ChartSeries] = [],
    xScale: ChartAxis.Scale = .linear, yScale: ChartAxis.Scale = .linear,
    xUnit: ChartAxis.Unit = .number, smoothing: Double = 0
  ) {
    (self.title, self.xLabel, self.yLabel, self.series) = (title, xLabel, yLabel, series)
    (self.xScale, self.yScale, self.xUnit) = (xScale, yScale, xUnit)
    self.smoothing = smoothing
  }

  /// What is drawn of a series: the line itself, and behind it what it was made from.
  struct Layers {
    var line: ChartSeries
    var behind: ChartSeries?
  }

  func layers(of series: ChartSeries) -> Layers {
    if smoothing > 0 { return Layers(line: series.smoothed(smoothing), behind: series) }
    if let means = series.means { return Layers(line: means, behind: series) }
    return Layers(line: series)
  }
}

import GrailCore
import GrailRecord
import GrailStore

/// Charts of the metrics of some runs.
struct PlotCharts {
  /// The runs, with their ids.
  var runs: [(id: String, run: StoredDirectory)]
  /// The metrics of each chart; `nil` for a chart of each metric that has numbers.
  var metrics: [[String]]?
  var curve: MetricCurve
  var xScale: ChartAxis.Scale
  var yScale: ChartAxis.Scale
  var smoothing: Double

  /// More charts than this are not drawn where nobody says which.
  static let mostCharts = 4

  /// The charts, with what they leave out.
  struct Drawing {
    var charts: [Chart] = []
    /// What is not in the charts, one line each.
    var notes: [String] = []
  }

  /// Reads the metrics.
  ///
  /// - Returns: The charts that have a line.
  /// - Throws: The system's error, if a journal cannot be read.
  func drawing() throws -> Drawing {
    var drawing = Drawing()
    let labels = RunLabels(runs.map { ($0.id, $0.run.record) }).labels
    for names in try metrics ?? usualMetrics(&drawing.notes).map({ [$0] }) {
      var series: [ChartSeries] = []
      for name in names {
        var missing: [String] = []
        for (label, (id, run)) in zip(labels, runs) {
          let parts = (runs.count > 1 ? [label] : []) + (names.count > 1 ? [name] : [])
          let title = parts.joined(separator: " ")
          if let line = try curve.series(of: name, in: run, name: title) {
            series.append(line)
          } else {
            missing.append(id)
          }
        }
        if !missing.isEmpty, missing.count < runs.count {
          drawing.notes.append(Self.absence(of: name, in: missing))
        }
      }
      if !series.isEmpty { drawing.charts.append(chart(of: series, metrics: names)) }
    }
    return drawing
  }

  private func chart(of series: [ChartSeries], metrics: [String]) -> Chart {
    let units = metrics.flatMap { name in
      runs.compactMap { $0.run.reader.metric(name)?.unit }
    }
    var title = metrics.joined(separator: ", ")
    if case .metric(let other) = curve.place { title += " against \(other)" }
    if runs.count == 1, let only = runs.first { title += " of run \(only.id)" }
    return Chart(
      title: title, xLabel: xLabel, yLabel: Set(units).count == 1 ? units.first ?? "" : "",
      series: series, xScale: xScale, yScale: yScale,
      xUnit: curve.place == .time ? .seconds : .number, smoothing: smoothing)
  }

  private var xLabel: String {
    switch curve.place {
    case .step: "step"
    case .time: "time"
    case .metric(let name): name
    }
  }

  /// The metrics that have numbers, in the order of the runs, as many as are drawn.
  private func usualMetrics(_ notes: inout [String]) throws -> [String] {
    var names: [String] = []
    var seen: Set<String> = []
    for (_, run) in runs {
      for name in run.metrics.map(\.name) where !seen.contains(name) {
        if curve.place != .metric(name), try run.reader.summary(name)?.numberCount ?? 0 > 0 {
          names.append(name)
          seen.insert(name)
        }
      }
    }
    let rest = names.dropFirst(Self.mostCharts)
    if !rest.isEmpty {
      notes.append(
        "\(rest.count) more \(rest.count == 1 ? "metric" : "metrics"), choose with --metric: "
          + rest.prefix(20).joined(separator: ", ") + (rest.count > 20 ? ", …" : ""))
    }
    return Array(names.prefix(Self.mostCharts))
  }

  private static func absence(of metric: String, in ids: [String]) -> String {
    let shown = ids.prefix(10).joined(separator: ", ") + (ids.count > 10 ? ", …" : "")
    return "no number in '\(metric)' of \(ids.count == 1 ? "run" : "runs") \(shown)"
  }
}

extension PlotCharts.Drawing {
  /// The charts one below the other, as text.
  ///
  /// - Parameters:
  ///   - terminal: What the output can show.
  ///   - fits: Whether all have to fit on the screen.
  /// - Returns: The lines, each without its end.
  func lines(for terminal: Terminal, fits: Bool) -> [String] {
    // Wide charts are read best; a tall terminal needs not be filled.
    let all = min(terminal.height - 1, max(16, terminal.width / 3))
    let height =
      charts.count < 2 ? all : max(fits ? 6 : 12, (terminal.height - 1) / max(1, charts.count))
    return charts.enumerated().flatMap { position, chart in
      (position > 0 && !fits ? [""] : [])
        + TerminalChart(chart).lines(for: terminal, height: height - (fits ? 0 : 1))
    }
  }

  /// The charts one below the other, as a picture.
  var picture: String {
    let (width, height) = (840, 480)
    if charts.count == 1 { return SVGChart(charts[0]).text(width: width, height: height) }
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" \
      height="\(height * charts.count)" viewBox="0 0 \(width) \(height * charts.count)">

      """
    for (position, chart) in charts.enumerated() {
      let text = SVGChart(chart).text(width: width, height: height)
      svg += "<svg y=\"\(position * height)\"" + text.dropFirst("<svg".count)
    }
    return svg + "</svg>\n"
  }
}

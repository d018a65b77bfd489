import Foundation
import GrailCommand
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct SVGChartTests {
  @Test func `is well-formed whatever the chart holds`() {
    var charts = RandomChart(numbers: SeededGenerator(seed: 31))
    for _ in 0..<150 {
      let text = SVGChart(charts.next()).text()
      #expect(XMLParser(data: Data(text.utf8)).parse())
      #expect(!text.contains("nan") && !text.contains("inf\""))
    }
  }

  @Test func `holds a few thousand points of a long line, and its spikes`() throws {
    let count = 300_000
    var y = (0..<count).map { Double($0 % 17) }
    y[123_456] = 1e6
    let chart = Chart(series: [ChartSeries(name: "a", x: (0..<count).map(Double.init), y: y)])
    let text = SVGChart(chart).text()
    #expect(text.utf8.count < 100_000)
    #expect(text.utf8.count { $0 == UInt8(ascii: "L") } < 4000)
    let path = try #require(
      text.split(separator: "\n").first { $0.contains("stroke-width=\"1.8\"") })
    let points = path.split(separator: "\"").dropFirst().first ?? ""
    let heights = points.split { "ML".contains($0) }.compactMap { point in
      point.split(separator: " ").last.flatMap { Double($0) }
    }
    // The spike goes up nearly all of the picture, and there is one.
    #expect((heights.min() ?? 400) < 80)
    #expect(heights.count { $0 < 300 } == 1)
  }

  @Test func `breaks the line at a gap and dots a lone point`() {
    let series = ChartSeries(name: "a", x: [0, 1, 2, 3, 4], y: [1, 2, .nan, 3, .nan])
    let text = SVGChart(Chart(series: [series])).text()
    #expect(text.contains("<circle"))
    #expect(text.components(separatedBy: "<circle").count == 2)
  }

  @Test func `escapes names`() {
    let series = ChartSeries(name: "<script>&\"'", x: [0, 1], y: [0, 1])
    let text = SVGChart(Chart(title: "t", series: [series])).text()
    #expect(text.contains("&lt;script&gt;&amp;&quot;&#39;"))
    #expect(!text.contains("<script"))
  }
}

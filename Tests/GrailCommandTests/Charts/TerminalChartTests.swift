import GrailCommand
import TestSupport
import Testing

@Suite struct TerminalChartTests {
  @Test func `draws a line with its axes`() {
    let x = (0...40).map(Double.init)
    let chart = Chart(
      title: "loss", xLabel: "step",
      series: [ChartSeries(name: "loss", x: x, y: x.map { 1 / (1 + $0 / 8) })])
    let lines = TerminalChart(chart).lines(for: Terminal(), width: 44, height: 10)
    #expect(
      lines.joined(separator: "\n") == """
        loss
        1.0 ┤⢣
            │⠈⠢⡀
            │  ⠑⢄
            │    ⠉⠢⣀
        0.5 ┤       ⠉⠒⠤⣀⣀
            │            ⠉⠒⠒⠤⠤⠤⣀⣀⡀
            │                    ⠈⠉⠉⠑⠒⠒⠒⠒⠢⠤⠤⠤⠤⠤⢄⣀⣀⣀⣀
            └┬──────────────────┬──────────────────┬
             0                 20                 40
        """)
  }

  @Test func `tells lines apart by letters where there are no colors`() {
    let x = (0...40).map(Double.init)
    let chart = Chart(series: [
      ChartSeries(name: "up", x: x, y: x), ChartSeries(name: "down", x: x, y: x.map { 40 - $0 }),
    ])
    let lines = TerminalChart(chart).lines(for: Terminal(), width: 40, height: 9)
    #expect(
      lines.joined(separator: "\n") == """
        40 ┤⠑⠒⠤⠤⣀⡀                        ⣀⣀⠤⠔⠒A
           │     ⠈⠑⠒B⠤⣀⣀           ⢀⣀⡠⠤⠔⠒⠉
        20 ┤            ⠉⠒⠢⠤⢄⣀⣀⠤⠤⠒⠒⠁
           │            ⣀⠤⠔⠒⠊⠁⠈⠒⠒⠤⠤⡀
           │     ⢀⡠⠤⠔⠒⠉⠉           ⠈⠉⠑⠒⠢⠤⣀
         0 ┤⡠⠤⠒A⠉⠁                        ⠉⠉⠒⠢⠤B
           └┬─────────────────┬────────────────┬
            0                20               40
        A up   B down
        """)
  }

  @Test func `draws charts of anything within the size`() {
    var charts = RandomChart(numbers: SeededGenerator(seed: 21))
    for round in 0..<300 {
      let chart = charts.next()
      let (width, height) = (24 + round % 100, 6 + round % 40)
      let terminal = Terminal(isInteractive: true, isColored: false)
      let lines = TerminalChart(chart).lines(for: terminal, width: width, height: height)
      #expect(lines.count <= height)
      for line in lines {
        #expect(DisplayText(line).text == line)
        #expect(DisplayText(line).width <= width)
      }
    }
  }

  @Test func `never loses a spike`() {
    var y = Array(repeating: 0.0, count: 100_000)
    y[54_321] = 1000
    let x = y.indices.map(Double.init)
    let lines = TerminalChart(Chart(series: [ChartSeries(name: "", x: x, y: y)]))
      .lines(for: Terminal(), width: 60, height: 12)
    // A column of dots from the bottom to the top.
    #expect(
      lines.prefix(8).allSatisfy { $0.unicodeScalars.contains { 0x2801...0x28FF ~= $0.value } })
  }

  @Test func `says what it cannot show`() {
    let series = ChartSeries(name: "a", x: [1, 2, 3, 4, 5], y: [1, .infinity, -3, 0, .nan])
    let lines = TerminalChart(Chart(series: [series], yScale: .log10))
      .lines(for: Terminal(), width: 70, height: 12)
    #expect(lines.contains("1 value not shown: infinite"))
    #expect(lines.contains("2 values not shown: zero or less, on a logarithmic axis"))
  }

  @Test func `shows a single point`() {
    let chart = Chart(series: [ChartSeries(name: "a", x: [3], y: [7])])
    let lines = TerminalChart(chart).lines(for: Terminal(), width: 40, height: 10)
    #expect(lines.joined().filter { $0 == "●" }.count == 1)
  }

  @Test(.timeLimit(.minutes(2))) func `takes time in proportion to the points`() {
    let count = 1_000_000
    let x = (0..<count).map(Double.init)
    // Back and forth at each point, which would make a million pieces.
    let jumping = (0..<count).map { Double($0 &* 7919 % 1000) }
    let chart = Chart(series: [
      ChartSeries(name: "a", x: x, y: jumping), ChartSeries(name: "b", x: jumping, y: x),
    ])
    #expect(TerminalChart(chart).lines(for: Terminal()).count <= 23)
  }
}

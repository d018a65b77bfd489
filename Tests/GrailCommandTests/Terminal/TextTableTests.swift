import GrailCommand
import TestSupport
import Testing

@Suite struct TextTableTests {
  private let runs = TextTable(
    columns: [
      .init("id", .right), .init("status"), .init("loss", .decimal),
      .init("name", minimumWidth: 8), .init("host", minimumWidth: 6, cut: .middle),
    ],
    rows: [
      ["1", .init("completed", .green), "0.125", "a run of digits", "node-17.cluster"],
      ["12", .init("failed", .red), "12.0", "日本語", ""],
      ["3", "running", "1.2e-5", "x\ny", "here"],
      ["4", "", "nan"],
    ])

  @Test func `is whole and plain where there is no terminal`() {
    let text = runs.lines(for: Terminal(width: 10)).joined()
    #expect(
      text == """
        id  status        loss  name             host
         1  completed   0.125   a run of digits  node-17.cluster
        12  failed     12.0     日本語
         3  running     1.2e-5  x\\ny             here
         4                 nan

        """)
  }

  @Test func `narrows columns before it leaves any out`() {
    let terminal = Terminal(isInteractive: true, width: 46)
    let text = runs.lines(for: terminal).joined()
    #expect(
      text == """
        id  status        loss  name        host
         1  completed   0.125   a run of …  node-…ster
        12  failed     12.0     日本語
         3  running     1.2e-5  x\\ny        here
         4                 nan

        """)
  }

  @Test func `says which columns it left out`() {
    var table = runs
    table.leftOutHint = "all: --json"
    let lines = table.lines(for: Terminal(isInteractive: true, width: 30))
    #expect(lines.last == "… 2 more columns (all: --json…\n")
    #expect(lines.first == "id  status        loss\n")
  }

  @Test func `colors cells on a terminal with colors`() {
    let terminal = Terminal(isInteractive: true, isColored: true, width: 80)
    let lines = runs.lines(for: terminal)
    #expect(lines[1].contains("\u{1B}[32mcompleted\u{1B}[0m  "))
    #expect(!runs.lines(for: Terminal()).joined().contains("\u{1B}"))
  }

  @Test func `fits the width whatever it holds`() {
    var numbers = SeededGenerator(seed: 5)
    let texts = ["", "7", "-1.25", "1e-5", "日本語", "🙂🙂", "long text with words", "\u{1B}[2J", "é"]
    for _ in 0..<1000 {
      let columns = (0..<Int.random(in: 1...8, using: &numbers)).map { _ in
        TextTable.Column(
          texts.randomElement(using: &numbers) ?? "",
          [.left, .right, .decimal].randomElement(using: &numbers) ?? .left,
          minimumWidth: [nil, 3, 8].randomElement(using: &numbers) ?? nil,
          cut: Bool.random(using: &numbers) ? .end : .middle)
      }
      let rows = (0..<4).map { _ in
        columns.indices.map { _ in TextTable.Cell(texts.randomElement(using: &numbers) ?? "") }
      }
      let width = Int.random(in: 1...60, using: &numbers)
      let table = TextTable(columns: columns, rows: rows)
      for line in table.lines(for: Terminal(isInteractive: true, width: width)) {
        #expect(DisplayText(String(line.dropLast())).width <= width)
      }
    }
  }

  @Test func `aligns the points of numbers`() {
    let texts = ["1.5", "-12.25", "7", "1,000.125", "1e-5", "+3.0"]
    let table = TextTable(columns: [.init("n", .decimal)], rows: texts.map { [.init($0)] })
    let lines = table.lines(for: Terminal()).dropFirst()
    let points = lines.compactMap { line in
      line.firstIndex(of: ".").map { line.distance(from: line.startIndex, to: $0) }
    }
    #expect(Set(points).count == 1)
  }

  @Test func `lays out many rows`() {
    let row: [TextTable.Cell] = ["12", "completed", "0.125", "a run of digits", "node"]
    var table = runs
    table.rows = Array(repeating: row, count: 100_000)
    var count = 0
    let start = ContinuousClock.now
    table.write(for: Terminal()) { _ in count += 1 }
    #expect(count == 100_001)
    #expect(ContinuousClock.now - start < .seconds(30))
  }
}

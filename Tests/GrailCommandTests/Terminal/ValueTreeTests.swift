import GrailCommand
import GrailCore
import Testing

@Suite struct ValueTreeTests {
  private let terminal = Terminal(isInteractive: true, width: 60)

  @Test func `lays out names and values`() {
    let value: Value = [
      "layers": 7, "alpha": 1.0, "name": "digits", "text": "7", "empty": "", "none": nil,
      "data": ["path": "a\nb", "sizes": [1, 2, 3], "nothing": [:]],
      "widths": .list((1...1000).map { .int($0) }),
      "stages": [["kind": "conv", "size": 3], ["kind": "pool"]],
    ]
    let lines = ValueTree(notes: ["layers": "command line", "data.path": "file.yaml"])
      .lines(of: value, for: terminal)
    #expect(
      lines.joined(separator: "\n") == """
          layers  7  command line
          alpha   1.0
          name    digits
          text    "7"
          empty   ""
          none    null
          data
            path     a\\nb  file.yaml
            sizes    [1, 2, 3]
            nothing  {}
          widths  [1, 2, 3, 4, 5, 6, 7, 8, … 992 more]
          stages
            [0]
              kind  conv
              size  3
            [1]
              kind  pool
        """)
  }

  @Test func `folds what is deep and what is long`() {
    let value: Value = [
      "a": ["b": ["c": 1, "d": 2]],
      "runs": .list((0..<5).map { ["n": .int($0)] }),
    ]
    let lines = ValueTree(folding: .init(depth: 2, elements: 2)).lines(of: value, for: terminal)
    #expect(
      lines.joined(separator: "\n") == """
          a
            b  {… 2 entries}
          runs
            [0]  {… 1 entry}
            [1]  {… 1 entry}
            … 3 more
        """)
  }

  @Test func `fits the width whatever it holds`() {
    let long = String(repeating: "word 日本 \u{1B}[31m", count: 1000)
    var deep: Value = 1
    for _ in 0..<500 { deep = ["deep": deep, "list": [deep]] }
    let value: Value = ["text": .text(long), "list": [.text(long), [1, 2]], "deep": deep]
    for width in [20, 40, 100] {
      let tree = ValueTree(folding: .init(depth: 8), notes: ["text": long])
      for line in tree.lines(of: value, for: Terminal(isInteractive: true, width: width)) {
        let shown = DisplayText(line)
        #expect(shown.text == line)
        #expect(shown.width <= width)
      }
    }
  }

  @Test func `shows a single value`() {
    #expect(ValueTree().lines(of: 0.5, for: terminal, indent: 0) == ["0.5"])
    #expect(ValueTree().lines(of: [:], for: terminal, indent: 0) == ["{}"])
  }
}

import GrailCommand
import TestSupport
import Testing

@Suite struct CSVWriterTests {
  @Test(arguments: [
    (["a", "b c", ""], "a,b c,\r\n"),
    (["a,b", "say \"hi\"", "two\nlines"], "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\r\n"),
    ([""], "\"\"\r\n"),
    (["é🙂", "\r"], "é🙂,\"'\r\"\r\n"),
  ])
  func `quotes what needs quotes`(cells: [String], line: String) {
    #expect(CSVWriter().line(of: cells) == line)
  }

  @Test(arguments: ["=1+1", "+cmd", "-cmd|' /C calc'!A0", "@SUM(A1)", "\tx", "＝1", "-", "-1-1"])
  func `defuses what a spreadsheet would run`(cell: String) {
    #expect(CSVWriter().line(of: [cell]).contains("'\(cell)"))
  }

  @Test(arguments: ["-1.5", "+2", "-1e-9", "-inf", "-0", "1=2", "a@b", "'quoted'"])
  func `leaves numbers and texts as they are`(cell: String) {
    #expect(CSVWriter().line(of: [cell]) == cell + "\r\n")
  }

  @Test func `a reader gets back what was written`() {
    var numbers = SeededGenerator(seed: 7)
    let alphabet = ["a", "7", ",", "\"", "\n", "\r", "\r\n", " ", "é", "🙂", "'", ";"]
    for _ in 0..<500 {
      let rows = (0..<3).map { _ in
        (0..<4).map { _ in
          "x"
            + (0..<Int.random(in: 0...6, using: &numbers))
            .compactMap { _ in alphabet.randomElement(using: &numbers) }.joined()
        }
      }
      #expect(parsed(rows.map(CSVWriter().line(of:)).joined()) == rows)
    }
  }

  /// Reads values as RFC 4180 describes them.
  private func parsed(_ text: String) -> [[String]] {
    var (rows, row, cell) = ([[String]](), [String](), "")
    var isQuoted = false
    let scalars = Array(text.unicodeScalars)
    var at = 0
    while at < scalars.count {
      let scalar = scalars[at]
      let next = at + 1 < scalars.count ? scalars[at + 1] : nil
      if isQuoted {
        if scalar != "\"" {
          cell.unicodeScalars.append(scalar)
        } else if next == "\"" {
          cell.unicodeScalars.append("\"")
          at += 1
        } else {
          isQuoted = false
        }
      } else if scalar == "\"" {
        isQuoted = true
      } else if scalar == "," {
        row.append(cell)
        cell = ""
      } else if scalar == "\r", next == "\n" {
        rows.append(row + [cell])
        (row, cell) = ([], "")
        at += 1
      } else {
        cell.unicodeScalars.append(scalar)
      }
      at += 1
    }
    return rows
  }
}

import GrailCore
import GrailRecord
import Testing

@testable import GrailCommand

@Suite struct OutputPrinterTests {
  private func shown(_ style: OutputPrinter.Style, _ parts: [String]) throws -> String {
    var output: [UInt8] = []
    var printer = OutputPrinter(style) { output += $0 }
    for part in parts {
      try printer.add(OutputParts.Part(bytes: Array(part.utf8), time: nil))
    }
    try printer.finish()
    return String(decoding: output, as: UTF8.self)
  }

  @Test func `a terminal gets the filtered text without what steers it`() throws {
    var style = OutputPrinter.Style(isForTerminal: true, keepsColors: true)
    let parts = ["1%\r\u{1B}[", "2Kdone\u{7}\n\u{1B}[1", ";31mred\n", "\u{1B}]0;title"]
    #expect(try shown(style, parts) == "done\\u{7}\n\u{1B}[1;31mred\n\u{1B}[0m")
    style.keepsColors = false
    #expect(try shown(style, parts) == "done\\u{7}\nred\n")
    style.isFiltered = false
    #expect(try shown(style, ["a\rb\n", "c\r\n"]) == "a\\rb\nc\n")
  }

  @Test func `lines are counted as they were printed, wherever they are cut`() throws {
    let style = OutputPrinter.Style(skippedLines: 1, mostLines: 2)
    #expect(try shown(style, ["a", "b\nc", "c\n", "d\ne\n", "f"]) == "cc\nd\n")
    #expect(try shown(OutputPrinter.Style(skippedLines: 3), ["a\nb\nc"]).isEmpty)
  }
}

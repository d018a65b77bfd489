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

  @Test func `a line that is not ended gives way to what follows`() throws {
    var output: [UInt8] = []
    var printer = OutputPrinter(.init(isForTerminal: true, keepsColors: true)) { output += $0 }
    func shown(_ text: String, width: Int = 12) throws -> String {
      output = []
      try printer.add(OutputParts.Part(bytes: Array(text.utf8)))
      try printer.showOpenLine(width: width)
      return String(decoding: output, as: UTF8.self)
    }
    #expect(try shown("begin\n 10%") == "begin\n 10%")
    #expect(try shown("") == "")
    #expect(try shown("\r\u{1B}[2K\u{1B}[32m 20%\u{1B}[m\ta") == "\r    \r 20% a")
    #expect(try shown("\r" + String(repeating: "=", count: 40)) == "\r      \r==========…")
    #expect(try shown("\u{1B}[31mred\u{7}\n").hasPrefix("\r           \r"))
    #expect(try shown("é", width: 0) == "")
    #expect(try shown("x") == "éx")
    output = []
    try printer.finish()
    #expect(String(decoding: output, as: UTF8.self) == "\r  \réx\u{1B}[0m")
  }

  @Test(arguments: [
    OutputPrinter.Style(), OutputPrinter.Style(isFiltered: false, isForTerminal: true),
  ])
  func `elsewhere than on a terminal, and unfiltered, it is printed as before`(
    style: OutputPrinter.Style
  ) throws {
    var output: [UInt8] = []
    var printer = OutputPrinter(style) { output += $0 }
    try printer.add(OutputParts.Part(bytes: Array("10%".utf8)))
    try printer.showOpenLine(width: 80)
    #expect(String(decoding: output, as: UTF8.self) == (style.isFiltered ? "" : "10%"))
  }

  @Test func `lines are counted as they were printed, wherever they are cut`() throws {
    let style = OutputPrinter.Style(skippedLines: 1, mostLines: 2)
    #expect(try shown(style, ["a", "b\nc", "c\n", "d\ne\n", "f"]) == "cc\nd\n")
    #expect(try shown(OutputPrinter.Style(skippedLines: 3), ["a\nb\nc"]).isEmpty)
  }
}

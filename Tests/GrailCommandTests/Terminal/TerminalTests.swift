import GrailCommand
import Testing

@Suite struct TerminalTests {
  @Test func `a pipe has no colors and the size of the variables`() {
    let environment = ["TERM": "xterm", "COLUMNS": "132", "LINES": "50"]
    let terminal = Terminal(of: -1, environment: environment)
    #expect(terminal == Terminal(width: 132, height: 50))
    #expect(Terminal(of: -1, environment: ["COLUMNS": "-3"]) == Terminal(width: 80, height: 24))
    #expect(terminal.styled("x", .red) == "x")
  }

  @Test func `styles a text where there are colors`() {
    let terminal = Terminal(isInteractive: true, isColored: true)
    #expect(terminal.styled("x", [.dim, .red]) == "\u{1B}[2;31mx\u{1B}[0m")
    #expect(terminal.styled("x", []) == "x")
    #expect(terminal.styled("", .red) == "")
  }
}

import GrailCore
import TestSupport
import Testing

@testable import GrailCommand

@Suite struct SafeOutputTests {
  private func safe(
    _ bytes: [UInt8], keepsColors: Bool = true, cuts: [Int] = []
  ) -> [UInt8] {
    var (filter, output) = (SafeOutput(keepsColors: keepsColors), [UInt8]())
    var start = 0
    for cut in cuts + [bytes.count] where cut >= start {
      filter.filter(bytes[start..<cut], into: &output)
      start = cut
    }
    filter.finish(into: &output)
    return output
  }

  private func safe(_ text: String, keepsColors: Bool = true) -> String {
    String(decoding: safe(Array(text.utf8), keepsColors: keepsColors), as: UTF8.self)
  }

  @Test(arguments: [
    ("plain\tтекст 🎉👩‍💻 é\n", "plain\tтекст 🎉👩‍💻 é\n"),
    ("\u{1B}[31mred\u{1B}[0m", "\u{1B}[31mred\u{1B}[0m"),
    ("\u{1B}[38;2;1;2;3mx", "\u{1B}[38;2;1;2;3mx\u{1B}[0m"),
    ("\u{1B}[2J\u{1B}[H\u{1B}[?1049hx", "x"),
    ("\u{1B}]0;title\u{7}a\u{1B}]52;c;aGk=\u{1B}\\b", "ab"),
    ("\u{1B}Pq#0\u{1B}\\x\u{1B}(Bz\u{1B}c", "xz"),
    ("\u{1B}]8;;http://x\u{1B}[31m", "\u{1B}[31m\u{1B}[0m"),
    ("\u{1B}]unended\nnext", "\nnext"),
    ("\u{1B}[>4;2m\u{1B}[31\u{1B}[32mg", "\u{1B}[32mg\u{1B}[0m"),
    ("a\r\nb\rc\r", "a\nb\\rc\\r"),
    ("a\u{8}\u{7}\u{0}", "a\\u{8}\\u{7}\\u{0}"),
    ("\u{9B}31m\u{85}", "\\u{9b}31m\\u{85}"),
    ("\u{202E}x\u{2066}\u{FEFF}", "\\u{202e}x\\u{2066}\\u{feff}"),
  ])
  func `only text and colors get through`(text: String, shown: String) {
    #expect(safe(text) == shown)
  }

  @Test func `colors are left out where nobody wants them`() {
    #expect(safe("\u{1B}[31mred\u{1B}[0m\n", keepsColors: false) == "red\n")
  }

  @Test func `a string for the terminal hides no more than it may`() {
    let shown = safe("\u{1B}]" + String(repeating: "x", count: 5000) + "end")
    #expect(shown.hasSuffix("end") && shown.utf8.count < 1000)
  }

  @Test(arguments: 0..<200) func `whatever was printed steers nothing, wherever it is cut`(
    seed: UInt64
  ) {
    var generator = SeededGenerator(seed: seed)
    let pieces: [[UInt8]] = [
      [0x1B], [0x1B, 0x5B], [0x9B], Array("31m".utf8), Array("]0;".utf8), [7], [0x1B, 0x5C], [13],
      [10], [0xC2], [0x9B], [0xF0, 0x9F], [0xE2, 0x80, 0xAE], Array("é🎉x".utf8), [0xFF],
      [0xED, 0xA0],
    ]
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 0...60, using: &generator) {
      bytes += pieces.randomElement(using: &generator) ?? []
    }
    let shown = safe(bytes)
    let cuts = (0..<5).map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted()
    #expect(safe(bytes, cuts: cuts) == shown)
    #expect(String(validating: shown, as: UTF8.self) != nil)
    var scalars = String(decoding: shown, as: UTF8.self).unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      if scalar == "\u{1B}" {
        #expect(scalars.popFirst() == "[")
        scalars = scalars.drop { "0123456789;:".unicodeScalars.contains($0) }
        #expect(scalars.popFirst() == "m")
      } else {
        #expect(
          scalar == "\n" || scalar == "\t" || scalar == "\u{FFFD}"
            || TerminalCharacter.isVisible(scalar))
      }
    }
    #expect(safe(bytes, keepsColors: false).contains(0x1B) == false)
  }
}

import GrailCommand
import GrailCore
import TestSupport
import Testing

@Suite struct DisplayTextTests {
  @Test(arguments: [
    ("plain", 5), ("", 0), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한국", 4),
    ("\u{1112}\u{1161}\u{11AB}", 2), ("🙂", 2), ("👩‍👩‍👧‍👦", 2), ("🇩🇪", 2), ("❤️", 2), ("❤", 1),
    ("👍🏽", 2), ("☕", 2), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2), ("ｆｕｌｌ", 8), ("─│", 2), ("⣿", 1), ("क्षि", 3), ("1️⃣", 2), ("…", 1),
  ])
  func `is as wide as a terminal shows it`(text: String, width: Int) {
    let shown = DisplayText(text)
    #expect(shown.width == width)
    #expect(shown.text == text)
  }

  @Test(arguments: [
    ("two\nlines", "two\\nlines"), ("a\tb\r\n", "a\\tb\\r\\n"),
    ("\u{1B}[31mred", "\\u{1b}[31mred"), ("\u{9B}31m", "\\u{9b}31m"), ("a\u{202E}b", "a\\u{202e}b"),
    ("lo\u{200B}ss", "lo\\u{200b}ss"), ("lo\u{200D}ss", "lo\\u{200d}ss"),
    ("\u{FEFF}x", "\\u{feff}x"),
    ("\u{3164}", "\\u{3164}"), ("\u{301}x", "\\u{301}x"), ("\0", "\\u{0}"), ("\u{7F}", "\\u{7f}"),
    ("\u{2028}", "\\u{2028}"), ("\u{E000}", "\\u{e000}"), ("C:\\new", "C:\\new"),
    ("\u{E0041}", "\\u{e0041}"), ("\u{FE0F}", "\\u{fe0f}"),
  ])
  func `spells out what a terminal would act on`(text: String, shown: String) {
    #expect(DisplayText(text).text == shown)
    #expect(DisplayText(text).width == shown.unicodeScalars.count)
  }

  @Test func `keeps the joiners that scripts need`() {
    #expect(DisplayText("می\u{200C}خواهم").text == "می\u{200C}خواهم")
    #expect(DisplayText("क्\u{200D}ष").text == "क्\u{200D}ष")
  }

  @Test func `cuts a heap of marks`() {
    let heap = "a" + String(repeating: "\u{301}", count: 10_000)
    #expect(DisplayText(heap).text.unicodeScalars.count < 20)
    #expect(DisplayText(heap).width == 2)
  }

  @Test(arguments: [
    ("abcdef", 6, DisplayText.Cut.end, "abcdef"), ("abcdef", 4, .end, "abc…"),
    ("abcdef", 4, .middle, "ab…f"), ("abcdef", 5, .middle, "ab…ef"), ("abcdef", 1, .end, "…"),
    ("abcdef", 0, .end, ""), ("日本語", 5, .end, "日本…"), ("日本語", 4, .end, "日…"),
    ("日本語", 2, .middle, "…"), ("a\nb\nc", 4, .end, "a\\n…"), ("", 3, .end, ""),
  ])
  func `is cut at a width`(text: String, width: Int, cut: DisplayText.Cut, shown: String) {
    let text = DisplayText(text, maximumWidth: width, cut: cut)
    #expect(text.text == shown)
    #expect(text.width <= width)
  }

  @Test func `cuts a long text in no time`() {
    let long = String(repeating: "é\u{1B}", count: 5_000_000)
    let start = ContinuousClock.now
    #expect(DisplayText(long, maximumWidth: 80).width <= 80)
    #expect(DisplayText(long, maximumWidth: 80, cut: .middle).width <= 80)
    #expect(ContinuousClock.now - start < .seconds(1))
  }

  @Test func `lets nothing raw through`() {
    var numbers = SeededGenerator(seed: 1)
    let tricky: [ClosedRange<UInt32>] = [
      0...0xFF, 0x300...0x36F, 0x200B...0x206F, 0xFE00...0xFE0F, 0xE0000...0xE01EF,
      0x1F1E6...0x1F64F,
      0x600...0x61C, 0x1100...0x11FF, 0...0x10FFFF,
    ]
    for _ in 0..<3000 {
      var raw = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1...12, using: &numbers) {
        let range = tricky.randomElement(using: &numbers) ?? 0...0
        if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &numbers)) {
          raw.append(scalar)
        }
      }
      let text = String(raw)
      let shown = DisplayText(text)
      for scalar in shown.text.unicodeScalars where !TerminalCharacter.isVisible(scalar) {
        let isJoiner = scalar.value == 0x200C || scalar.value == 0x200D
        #expect(isJoiner || 0xE0020...0xE007F ~= scalar.value, "\(Array(raw))")
      }
      // What is safe stays as it is.
      #expect(DisplayText(shown.text).width == shown.width, "\(Array(raw))")
      for width in [0, 1, 2, 5, 9] {
        for cut in [DisplayText.Cut.end, .middle] {
          let short = DisplayText(text, maximumWidth: width, cut: cut)
          #expect(short.width <= width)
          #expect(DisplayText(short.text).width == short.width, "\(Array(raw))")
        }
      }
    }
  }
}

import Testing

@testable import GrailCommand

@Suite struct TimelessOutputTests {
  private func filtered(_ text: String, parts size: Int) -> String {
    var filter = TimelessOutput()
    var output: [UInt8] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: size) {
      filter.filter(Array(bytes[start..<min(start + size, bytes.count)]), into: &output)
    }
    filter.finish(into: &output)
    return String(decoding: output, as: UTF8.self)
  }

  @Test(arguments: [
    ("2026-11-24T18:53:44+0000 info a\n", "info a\n"),
    ("2026-11-24 18:53:44,120 - INFO\n\nb", "- INFO\n\nb"),
    ("2026-11-24T18:53:44.123456Z  x", "x"), ("2026-11-24T18:53:44", ""),
    ("2026-11-24\n", "2026-11-24\n"), ("at 2026-11-24T18:53:44 x\n", "at 2026-11-24T18:53:44 x\n"),
    ("", ""), ("\n\n", "\n\n"), ("2026-11-24x18:53:44 y", "2026-11-24x18:53:44 y"),
    (
      "a line that is much longer than any time is\n2026-11-24T18:53:44 z\n",
      "a line that is much longer than any time is\nz\n"
    ),
  ])
  func `takes times from the beginning of lines, however the parts are cut`(
    text: String, expected: String
  ) {
    for size in [1, 2, 7, 1000] { #expect(filtered(text, parts: size) == expected) }
  }
}

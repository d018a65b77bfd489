import GrailCore
import GrailRun
import Testing

/// Files that are made to break a reader.
@Suite struct ConfigFileLimitsTests {
  private static let deep = 100_000

  private static func nested(_ open: String, _ close: String) -> String {
    String(repeating: open, count: deep) + String(repeating: close, count: deep)
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      (ConfigFile.Format.json, "{\"free\": " + nested("[", "]") + "}"),
      (.json, String(repeating: "{\"free\": ", count: deep)),
      (
        .json,
        "{\"free\": " + String(repeating: "[", count: 66) + String(repeating: "]", count: 66) + "}"
      ),
      (.yaml, "free: " + nested("[", "]")), (.yaml, "free: " + nested("{a: ", "}")),
      (.yaml, "free: " + String(repeating: "[", count: deep)),
      (.yaml, nested("- ", "")), (.yaml, nested("? ", "")), (.yaml, nested("a: ", "")),
      (.yaml, (0..<400).map { String(repeating: " ", count: $0) + "a:\n" }.joined()),
      (.toml, "free = " + nested("[", "]")), (.toml, "free = " + nested("{a = ", "}")),
      (.toml, "free" + nested(".a", "") + " = 1"), (.toml, "[" + nested("a.", "") + "a]"),
    ])
  func `refuses deep nesting`(format: ConfigFile.Format, text: String) {
    let lines = reading(text, format).lines
    #expect(lines.count == 1)
    #expect(lines.allSatisfy { $0.count < 300 }, "\(lines)")
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      // Each name stands for nine of the one before.
      (0..<20).map { level in
        let inner = level == 0 ? "x" : "*a\(level - 1)"
        return "a\(level): &a\(level) [" + Array(repeating: inner, count: 9).joined(separator: ", ")
          + "]\n"
      }.joined(),
      // The same as the key of a map, which a parser compares with others.
      (0..<20).map { level in
        let inner = level == 0 ? "x" : "*a\(level - 1)"
        return "a\(level): &a\(level) [" + Array(repeating: inner, count: 9).joined(separator: ", ")
          + "]\n"
      }.joined() + "free:\n  *a19 : 1\n  ? *a19\n  : 2\n",
      // Maps that are merged again and again.
      "a0: &a0 {x: 1}\n"
        + (1..<30).map { "a\($0): &a\($0) {<<: [*a\($0 - 1), *a\($0 - 1), *a\($0 - 1)]}\n" }
        .joined(),
      "a: &a [*a]",
    ])
  func `refuses aliases that grow without bound`(text: String) {
    let lines = reading(text, .yaml).lines
    #expect(lines.count == 1)
    #expect(lines.allSatisfy { $0.contains("alias") }, "\(lines)")
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      (
        ConfigFile.Format.json,
        "{" + (0..<100_000).map { "\"x\($0)\": 1" }.joined(separator: ",") + "}"
      ),
      (.json, "{\"widths\": [" + String(repeating: "\"a\",", count: 100_000) + "1]}"),
      (.yaml, (0..<50_000).map { "x\($0): 1\n" }.joined()),
      (.yaml, "widths:\n" + String(repeating: "- a\n", count: 50_000)),
      (.toml, (0..<25_000).map { "x\($0) = 1\n" }.joined()),
      (.toml, "[[widths]]\n" + String(repeating: "[[widths]]\n", count: 100_000)),
      (.toml, (0..<50_000).map { "[data.a\($0)]\n" }.joined()),
    ])
  func `shows the first of very many problems`(format: ConfigFile.Format, text: String) {
    let lines = reading(text, format).lines
    #expect((100...101).contains(lines.count))
  }

  @Test(.timeLimit(.minutes(1)))
  func `reads many values that stand deep`() {
    let open = String(repeating: "[", count: 60)
    let values = String(repeating: "1,", count: 200_000)
    let text = "free: \(open)\(values)1\(String(repeating: "]", count: 60))\n"
    #expect(reading(text, .yaml).lines == [])
    let deeper = "free: " + String(repeating: "[", count: 900) + values
    #expect(reading(deeper, .yaml).lines.count == 1)
  }

  @Test(.timeLimit(.minutes(1)), arguments: ConfigFile.Format.allCases)
  func `reads long lists and texts`(format: ConfigFile.Format) {
    let mark = format == .toml ? " = " : ": "
    let name = String(repeating: "é", count: 200_000)
    let text =
      (format == .json ? "{\"widths\"" : "widths") + mark + "["
      + (0..<100_000).map { "\($0)" }.joined(separator: ",") + "]"
      + (format == .json ? ",\"name\"" : "\nname") + mark + "\"\(name)\""
      + (format == .json ? "}" : "\n")
    let (values, lines) = reading(text, format)
    #expect(lines == [])
    #expect(values["widths"]?.listValue?.count == 100_000)
    #expect(values["name"]?.textValue == name)
  }
}

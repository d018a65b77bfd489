import GrailCore
import GrailRun
import TestSupport
import Testing

/// Good files with a few changes by chance: no reader may crash, hang or lose its place.
@Suite struct ConfigFileMutationTests {
  private static let seeds: [(format: ConfigFile.Format, text: String)] = [
    (
      .json,
      #"""
      {"layers": 7, "rate": -1.5e-3, "fast": true, "name": "a\n\u00e9\ud83d\ude00", "note": null,
       "widths": [1, [2], {}], "bounds": {"a b": NaN}, "data": {"split": {"test": 0.5}},
       "raw": {"py/b64": "AP8="}, "names": {"py/tuple": ["a"]}}
      """#
    ),
    (
      .yaml,
      """
      # comment
      layers: 7
      split: &base {test: 0.5}
      data:
        path: "x\\n"   # more
        split: {<<: *base}
      widths:
      - 1
      - [2, 3]
      -
        - a: |
            text
          b: >-
            folded
      ? complex
      : value
      name: 'it''s'
      free: !!str 7
      ...

      """
    ),
    (
      .toml,
      #"""
      layers = 0x1F # comment
      rate = 1_0.5e+3
      start = 2026-03-01T09:30:00.25+01:00
      "a b".'c' = [1, 2.0, [true], { x = 1, y.z = 'q' }]
      name = """
      a \
        b \u00e9"""
      note = '''
      raw'''
      [data.split]
      test = inf
      [[names]]
      x = 07:32:00
      [[names]]
      """#
    ),
  ]

  private static let pieces = [
    "", " ", "\n", "\t", "  ", "\r\n", "\"", "'", "\"\"\"", "'''", "[", "]", "[[", "]]", "{", "}",
    ":",
    ": ", ",", "=", ".", "#", "- ", "? ", "&a ", "*a", "*a : ", "<<: *base", "!!map ", "!", "|",
    ">", "%",
    "---\n", "...\n", "\\", "\\u", "\\x", "null", "none", "true", "1", "-", "+", "_", "e", "1e999",
    "0x", "nan", "é", "😀", "\u{0}", "\u{1}", "\u{7F}", "\u{85}", "\u{2028}", "\u{FEFF}",
    "py/tuple", "py/object", "1979-05-27", "07:32:00", "Z", "layers", "data", "path",
  ]

  @Test(.timeLimit(.minutes(5)), arguments: 0..<30)
  func `survives changes and names a place in the file`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<200 {
      let (format, text) = Self.seeds[random.below(Self.seeds.count)]
      let bytes = Self.mutated(Array(text.utf8), &random)
      let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      for problem in reading(bytes, format).lines {
        let text = String(decoding: bytes, as: UTF8.self)
        let parts = problem.split(separator: ":", maxSplits: 3).map(String.init)
        try #require(parts.count == 4 && parts[0] == "config.\(format)", "\(problem)\n\(text)")
        let line = try #require(Int(parts[1]), "\(problem)\n\(text)")
        let column = try #require(Int(parts[2]), "\(problem)\n\(text)")
        try #require(1...lines.count ~= line, "\(problem)\n\(text)")
        try #require(1...(lines[line - 1].count + 1) ~= column, "\(problem)\n\(text)")
        try #require(!problem.contains("\n"), "\(problem)")
      }
    }
  }

  private static func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<1 + random.below(4) {
      let place = random.below(bytes.count + 1)
      let end = min(bytes.count, place + random.below(5) * random.below(5))
      switch random.below(5) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count + 1))
      case 2 where place < bytes.count: bytes[place] = UInt8(random.below(256))
      case 3: bytes.removeSubrange(place...)
      default:
        bytes.replaceSubrange(place..<end, with: pieces[random.below(pieces.count)].utf8)
      }
    }
    return bytes
  }
}

extension SeededGenerator {
  /// A number from 0 up to a limit.
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}

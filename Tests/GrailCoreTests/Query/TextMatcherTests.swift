import TestSupport
import Testing

@testable import GrailCore

@Suite struct TextMatcherTests {
  private func matches(_ expression: String, _ text: String) throws -> Bool {
    try QueryPattern(expression, as: .expression).matches(text)
  }

  @Test(
    arguments: [
      ("", "", true), ("a", "bab", true), ("^a", "ba", false), ("a$", "ab", false),
      ("^$", "", true), (".", "\n", false), ("(?s)^.$", "\n", true), ("^.$", "é", true),
      ("^.$", "e\u{301}", false), ("^a|b$", "xb", true), ("^(a|b)$", "xb", false),
      ("^(?:ab)+$", "abab", true), ("^a{2}$", "aa", true), ("^a{2}$", "aaa", false),
      ("^a{2,}$", "aaaa", true), ("^a{2,3}$", "aaaa", false), ("^a{0}$", "", true),
      ("^a*?$", "aaa", true), ("[a-c]", "xbx", true), ("[^a-c]", "abc", false),
      ("[]a]", "]", true), ("[a-]", "-", true), ("[\\d-]", "-", true), ("[^\\d]", "5", false),
      ("[\\]]", "]", true), ("\\d", "٣", false), ("^\\w+$", "größe_1٣", true), ("\\W", "é", false),
      ("\\s", "\u{A0}", true), ("\\S", " \t", false), ("\\bab\\b", "x ab y", true),
      ("\\bab\\b", "xab", false), ("\\Bb", "ab", true), ("\\x41\\u0042\\u{1F600}", "AB😀", true),
      ("\\.", "a", false), ("\\t", "\t", true), ("(?i)ÄB", "äb", true), ("(?i)[a-c]", "B", true),
      ("(?i)[^a]", "A", false), ("^b$", "a\nb", false), ("(?m)^b$", "a\nb\nc", true),
      ("(?ms)a.^b", "a\nb", true), ("a||b", "", true), ("()*", "", true), ("(|a)+b", "aab", true),
      ("(a*)*$", "b", true), ("^(a|ab)(c|bcd)$", "abcd", true), ("\\-", "-", true),
      ("^*", "", true), ("(^a)*b", "b", true), ("a$b", "ab", false), ("}", "}", true),
    ] as [(String, String, Bool)])
  func `a regular expression is found or not`(pattern: String, text: String, isFound: Bool) throws {
    #expect(try matches(pattern, text) == isFound)
  }

  @Test(arguments: [
    "(", ")", "a)", "[", "[a", "[b-a]", "*", "+a", "a**", "a{2}{3}", "{2}", "a{", "a{,2}", "a{3,2}",
    "a{1001}", "a{99999999999999999999}", "\\", "\\1", "\\k", "\\p{L}", "(?=a)", "(?<a>b)", "(?z)",
    "(?", "(?i", "a(?i)b", "\\x4", "\\u12", "\\u{110000}", "\\u{d800}", "[a-\\d]", "[\\", "[a-",
    "((a{1000}){1000}){1000}", String(repeating: "(", count: 101),
    "[ababab]{1000}",
  ])
  func `what is no regular expression is refused`(pattern: String) {
    let error = #expect(throws: TextPatternError.self) {
      try QueryPattern(pattern, as: .expression)
    }
    #expect(error.map { (0...pattern.unicodeScalars.count).contains($0.offset) } == true)
  }

  @Test func `a pattern has at most ten thousand characters`() {
    for syntax in QueryPattern.Syntax.allCases {
      #expect(throws: TextPatternError.self) {
        try QueryPattern(String(repeating: "a", count: 10_001), as: syntax)
      }
    }
  }

  @Test(
    arguments: [
      ("digits*", "digits-2", true), ("digits", "digits-2", false), ("*", "a\n/b", true),
      ("?", "é", true), ("?", "", false), ("a?c", "abc", true), ("[a-c]x", "bx", true),
      ("[!a-c]x", "bx", false), ("[^a]", "b", true), ("[]]", "]", true), ("\\*", "*", true),
      ("\\*", "a", false), ("**a**", "bab", true), ("", "", true), ("", "a", false),
      ("a.c", "abc", false), ("(a|b)", "(a|b)", true), ("[\\]]", "]", true), ("Ab", "aB", false),
    ] as [(String, String, Bool)])
  func `a glob is a whole text`(pattern: String, text: String, isFound: Bool) throws {
    #expect(try QueryPattern(pattern, as: .glob).matches(text) == isFound)
  }

  @Test(arguments: ["[", "[a", "a\\", "[b-a]"])
  func `what is no glob is refused`(pattern: String) {
    #expect(throws: TextPatternError.self) { try QueryPattern(pattern, as: .glob) }
  }

  @Test(arguments: [
    "(a*)*b", "(a|a)*b", "(a|aa)+$b", "(a*)*(a*)*(a*)*b", "(.*)(.*)(.*)(.*)[^a]", "a{0,50}a{50}b",
    "((((a+)+)+)+)+b", "(x+x+)+y",
  ])
  func `a pattern made to explode costs its length times the text's`(pattern: String) throws {
    let length = 20_000
    let text = String(repeating: "a", count: length)
    var steps = 0
    #expect(!(try QueryPattern(pattern, as: .expression).matches(text, steps: &steps)))
    #expect(steps <= (length + 1) * 400)
    var half = 0
    _ = try QueryPattern(pattern, as: .expression).matches(
      String(text.prefix(length / 2)), steps: &half)
    #expect(steps < half * 2 + half / 10)
  }

  @Test func `a hundred thousand characters are no matter`() throws {
    let text = String(repeating: "a", count: 100_000)
    var steps = 0
    #expect(!(try QueryPattern("(a*)*b", as: .expression).matches(text, steps: &steps)))
    #expect(steps < 2_000_000)
    #expect(!(try QueryPattern("*a*a*a*b", as: .glob).matches(text)))
  }

  // MARK: Against a matcher that tries everything

  /// A small pattern whose matches can be found by trying.
  private indirect enum Small {
    case letter(Character), dot, start, end
    case sequence(Small, Small), choice(Small, Small)
    case times(Small, Int, Int)

    /// The pattern as it is written; counts beyond 3 are without end.
    var text: String {
      switch self {
      case .letter(let letter): String(letter)
      case .dot: "."
      case .start: "^"
      case .end: "$"
      case .sequence(let one, let other): one.text + other.text
      case .choice(let one, let other): "(\(one.text)|\(other.text))"
      case .times(let part, 0, 4): "(\(part.text))*"
      case .times(let part, 1, 4): "(?:\(part.text))+"
      case .times(let part, 0, 1): "(\(part.text))?"
      case .times(let part, let least, 4): "(\(part.text)){\(least),}"
      case .times(let part, let least, let most): "(\(part.text)){\(least),\(most)}"
      }
    }

    static func random(_ depth: Int, _ generator: inout SeededGenerator) -> Small {
      switch Int.random(in: 0...(depth > 0 ? 9 : 3), using: &generator) {
      case 0: return .letter("a")
      case 1: return .letter("b")
      case 2: return .dot
      case 3:
        return Int.random(in: 0...3, using: &generator) == 0
          ? (Bool.random(using: &generator) ? .start : .end) : .letter("a")
      case 4, 5, 6: return .sequence(random(depth - 1, &generator), random(depth - 1, &generator))
      case 7: return .choice(random(depth - 1, &generator), random(depth - 1, &generator))
      default:
        let least = Int.random(in: 0...2, using: &generator)
        let most = Int.random(in: max(1, least)...4, using: &generator)
        return .times(random(depth - 1, &generator), least, most)
      }
    }

    /// Where matches end that begin at a place.
    func ends(in text: [Character], from start: Int) -> Set<Int> {
      switch self {
      case .letter(let letter):
        return start < text.count && text[start] == letter ? [start + 1] : []
      case .dot: return start < text.count && text[start] != "\n" ? [start + 1] : []
      case .start: return start == 0 ? [0] : []
      case .end: return start == text.count ? [start] : []
      case .sequence(let one, let other):
        return one.ends(in: text, from: start).reduce(into: []) { ends, middle in
          ends.formUnion(other.ends(in: text, from: middle))
        }
      case .choice(let one, let other):
        return one.ends(in: text, from: start).union(other.ends(in: text, from: start))
      case .times(let part, let least, let most):
        var ends: Set<Int> = least == 0 ? [start] : []
        var current: Set<Int> = [start]
        // More turns than characters add nothing new.
        for turn in 1...(most == 4 ? least + text.count + 1 : most) {
          current = current.reduce(into: []) { $0.formUnion(part.ends(in: text, from: $1)) }
          if turn >= least { ends.formUnion(current) }
        }
        return ends
      }
    }
  }

  @Test func `finds what trying everything finds`() throws {
    var generator = SeededGenerator(seed: 3)
    var found = 0
    for _ in 0..<2000 {
      let pattern = Small.random(4, &generator)
      let compiled = try QueryPattern(pattern.text, as: .expression)
      for _ in 0..<5 {
        let text = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
          "aab\nc".randomElement(using: &generator) ?? "a"
        }
        let expected = (0...text.count).contains { !pattern.ends(in: text, from: $0).isEmpty }
        #expect(compiled.matches(String(text)) == expected, "\(pattern.text) in \(text)")
        found += expected ? 1 : 0
      }
    }
    #expect((2000...8000).contains(found))
  }

  @Test func `no pattern stops the reader`() {
    var generator = SeededGenerator(seed: 4)
    let parts = [
      "a", "b", "(", ")", "[", "]", "{", "}", "1", "2", ",", "*", "+", "?", "|", "^", "$", "\\",
      "-",
      ".", "d", "w", "x", "u", "(?i)", "(?:", "é", "\u{301}", "🎲", "\u{0}",
    ]
    var readable = 0
    for _ in 0..<20_000 {
      let pattern = (0...Int.random(in: 0...8, using: &generator)).compactMap { _ in
        parts.randomElement(using: &generator)
      }.joined()
      for syntax in QueryPattern.Syntax.allCases {
        guard let compiled = try? QueryPattern(pattern, as: syntax) else { continue }
        readable += 1
        _ = compiled.matches("ab1é🎲")
        // What it prints in a query is the same pattern.
        let query = Query(.like(QueryField(.fixed(.name)), compiled))
        #expect((try? Query(parsing: query.description)) == query, "\(query)")
      }
    }
    #expect(readable > 2000)
  }
}

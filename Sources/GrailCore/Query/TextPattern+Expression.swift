extension TextPattern {
  /// Reads a regular expression.
  ///
  /// It knows `.`, sets, `\d \D \w \W \s \S`, `^ $ \b \B`, groups, `|`, `* + ? {m,n}`, and at its
  /// beginning `(?i)` for upper and lower case as one, `(?m)` for `^` and `$` at every line and
  /// `(?s)` for a `.` that takes the ends of lines too. Since all that is asked is whether a text
  /// has the pattern, groups do not capture, and `*?` is `*`.
  ///
  /// - Parameters:
  ///   - expression: The expression.
  ///   - ignoresCase: Whether upper and lower case count as one, without a flag.
  /// - Returns: The pattern as a tree.
  /// - Throws: What is wrong with it.
  static func expression(
    _ expression: String, ignoresCase: Bool = false
  ) throws(TextPatternError) -> TextPattern {
    var parser = ExpressionParser(expression, ignoresCase: ignoresCase)
    return try parser.pattern()
  }
}

private struct ExpressionParser {
  /// How deep groups may lie in each other, and how often something may be repeated by number.
  private static let depthLimit = 100
  private static let countLimit = 1000

  private var scanner: PatternScanner
  private var depth = 0
  private var ignoresCase: Bool
  private var isMultiline = false
  private var dotTakesAll = false

  init(_ expression: String, ignoresCase: Bool) {
    (scanner, self.ignoresCase) = (PatternScanner(expression), ignoresCase)
  }

  /// Reads the whole expression.
  mutating func pattern() throws(TextPatternError) -> TextPattern {
    try readFlags()
    let pattern = try choice()
    guard scanner.next() == nil else {
      throw scanner.error("')' has no '('; write '\\)' for the character itself")
    }
    return pattern
  }

  private mutating func readFlags() throws(TextPatternError) {
    var ahead = scanner
    guard ahead.skip("(?"), let first = ahead.peek, ("a"..."z").contains(first) else { return }
    while !ahead.skip(")") {
      switch ahead.next() {
      case nil: throw ahead.error("the flags have no end; close them with ')'", at: 0)
      case "i": ignoresCase = true
      case "m": isMultiline = true
      case "s": dotTakesAll = true
      case let flag?: throw ahead.error("'\(flag)' is no flag; there are i, m and s, as in '(?i)'")
      }
    }
    scanner = ahead
  }

  private mutating func choice() throws(TextPatternError) -> TextPattern {
    var choices = [try sequence()]
    while scanner.skip("|") { choices.append(try sequence()) }
    return choices.count == 1 ? choices[0] : .choice(choices)
  }

  private mutating func sequence() throws(TextPatternError) -> TextPattern {
    var parts: [TextPattern] = []
    while let scalar = scanner.peek, scalar != "|", scalar != ")" {
      let start = scanner.offset
      var part = try atom()
      var isRepeated = false
      while let (least, most) = try repetition() {
        if isRepeated {
          throw scanner.error(
            "nothing is repeated twice; put what is repeated in parentheses", at: start)
        }
        isRepeated = true
        part = .repetition(part, least: least, most: most)
        // How much is taken at first makes no difference to whether there is a match.
        _ = scanner.skip("?")
      }
      parts.append(part)
    }
    return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
  }

  /// Takes `*`, `+`, `?` or a count in braces, if one comes next.
  private mutating func repetition() throws(TextPatternError) -> (least: Int, most: Int?)? {
    if scanner.skip("*") { return (0, nil) }
    if scanner.skip("+") { return (1, nil) }
    if scanner.skip("?") { return (0, 1) }
    guard scanner.skip("{") else { return nil }
    let start = scanner.offset - 1
    let least = try count(from: start)
    var most = least
    if scanner.skip(",") { most = scanner.peek == "}" ? nil : try count(from: start) }
    guard let least, scanner.skip("}") else {
      throw scanner.error(
        "a count is written {3}, {2,} or {2,5}; write '\\{' for the character itself", at: start)
    }
    if let most, most < least {
      throw scanner.error("the count ends before it begins; exchange its numbers", at: start)
    }
    return (least, most)
  }

  private mutating func count(from start: Int) throws(TextPatternError) -> Int? {
    var number: Int?
    while let digit = scanner.peek, ("0"..."9").contains(digit) {
      _ = scanner.next()
      number = (number ?? 0) * 10 + Int(digit.value - 48)
      guard number ?? 0 <= Self.countLimit else {
        throw scanner.error("a count is at most \(Self.countLimit)", at: start)
      }
    }
    return number
  }

  private mutating func atom() throws(TextPatternError) -> TextPattern {
    guard let scalar = scanner.next() else { return .empty }
    switch scalar {
    case "(": return try group()
    case "[": return .set(try set())
    case ".": return .set(dotTakesAll ? .all : .withinLine)
    case "^": return .place(isMultiline ? .lineStart : .textStart)
    case "$": return .place(isMultiline ? .lineEnd : .textEnd)
    case "\\":
      if scanner.skip("b") { return .place(.wordEdge) }
      if scanner.skip("B") { return .place(.wordInside) }
      switch try Self.escape(&scanner) {
      case .one(let scalar): return .set(.one(scalar, ignoresCase: ignoresCase))
      case .several(let member): return .set(ScalarSet(members: [member]))
      }
    case "*", "+", "?", "{":
      throw scanner.error(
        "'\(scalar)' repeats nothing; write '\\\(scalar)' for the character itself")
    default: return .set(.one(scalar, ignoresCase: ignoresCase))
    }
  }

  private mutating func group() throws(TextPatternError) -> TextPattern {
    let start = scanner.offset - 1
    if scanner.skip("?"), !scanner.skip(":") {
      throw scanner.error(
        "'(?' begins a group only as '(?:', and flags only at the very beginning, as '(?i)'; "
          + "looking ahead or behind is not known", at: start)
    }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      throw scanner.error("groups lie in each other more than \(Self.depthLimit) deep", at: start)
    }
    let pattern = try choice()
    guard scanner.skip(")") else {
      throw scanner.error("'(' has no ')'; write '\\(' for the character itself", at: start)
    }
    return pattern
  }

  private mutating func set() throws(TextPatternError) -> ScalarSet {
    let start = scanner.offset - 1
    var set = ScalarSet(members: [], isNegated: scanner.skip("^"), ignoresCase: ignoresCase)
    set.members = try scanner.members(from: start, escape: Self.escape)
    return set
  }

  /// Takes what follows a backslash.
  private static func escape(
    _ scanner: inout PatternScanner
  ) throws(TextPatternError) -> PatternScanner.Escape {
    let start = scanner.offset - 1
    let scalar = try scanner.escaped()
    switch scalar {
    case "d": return .several(.digit)
    case "D": return .several(.notDigit)
    case "w": return .several(.word)
    case "W": return .several(.notWord)
    case "s": return .several(.space)
    case "S": return .several(.notSpace)
    case "n": return .one("\n")
    case "r": return .one("\r")
    case "t": return .one("\t")
    case "f": return .one("\u{C}")
    case "v": return .one("\u{B}")
    case "x", "u":
      let isBraced = scanner.skip("{")
      var digits = ""
      while let digit = scanner.peek, Character(digit).isHexDigit, digit.isASCII,
        digits.utf8.count < (isBraced ? 6 : scalar == "x" ? 2 : 4)
      {
        digits.unicodeScalars.append(digit)
        _ = scanner.next()
      }
      let isComplete = isBraced ? scanner.skip("}") : digits.utf8.count == (scalar == "x" ? 2 : 4)
      guard isComplete, let code = UInt32(digits, radix: 16), let one = Unicode.Scalar(code) else {
        throw scanner.error(
          "a character is written by its number as '\\x41', '\\u0041' or '\\u{1F600}'", at: start)
      }
      return .one(one)
    default:
      guard !("0"..."9").contains(scalar) else {
        throw scanner.error(
          "'\\\(scalar)' would ask for a group's text again, which is not known", at: start)
      }
      guard !ScalarSet.isWord(scalar) || scalar == "_" else {
        throw scanner.error(
          "'\\\(scalar)' is not known; there are \\d \\w \\s \\b and, in upper case, what is not "
            + "these", at: start)
      }
      return .one(scalar)
    }
  }
}

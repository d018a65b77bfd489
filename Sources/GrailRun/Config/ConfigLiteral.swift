/// A value as it is written inside lists and maps: JSON, or Python's spelling of it.
///
/// Texts need no quotes unless they contain a mark of the notation; a comma may follow the last
/// element; round brackets are those of a list.
struct ConfigLiteral: Sendable {
  enum Form: Sendable {
    /// A number, a word or an unquoted text.
    case word(String)
    /// A text in quotes, which are left out.
    case quoted(String)
    /// The absence of a value, as a file's format writes it.
    case null(String)
    case list([ConfigLiteral])
    case map([(key: ConfigLiteral, value: ConfigLiteral)])
  }

  /// What is written.
  var form: Form
  /// How it is written.
  var source: String
  /// Where it stands in its file, if it is of one.
  var place: ConfigPlace?

  /// Reads a text that consists of one literal.
  ///
  /// - Throws: ``Malformed`` with a clause for a message, such as `'[1' has no closing ']'`.
  init(parsing text: String) throws(Malformed) {
    var parser = LiteralParser(text)
    self = try parser.whole()
  }

  init(_ form: Form, source: String) { (self.form, self.source) = (form, source) }

  /// A text is not written as the notation wants it.
  struct Malformed: Error {
    /// What is wrong, as a clause.
    var clause: String
  }
}

/// The one pass over a literal's text.
private struct LiteralParser {
  /// More brackets than this inside each other are refused, lest they exhaust the stack.
  private static let maxDepth = 64

  private let text: String
  private let characters: [Character]
  private var position = 0

  init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  typealias Malformed = ConfigLiteral.Malformed

  mutating func whole() throws(Malformed) -> ConfigLiteral {
    let literal = try value(ends: [], depth: 0)
    skipSpace()
    if position < characters.count {
      let rest = quoted(String(characters[position...]))
      throw Malformed(clause: "\(quoted(text)) goes on after its end with \(rest)")
    }
    return literal
  }

  private var next: Character? { position < characters.count ? characters[position] : nil }

  private mutating func skipSpace() {
    while let character = next, character.isWhitespace { position += 1 }
  }

  private func source(from start: Int) -> String { String(characters[start..<position]).trimmed }

  private mutating func value(
    ends: Set<Character>, depth: Int
  ) throws(Malformed) -> ConfigLiteral {
    guard depth <= Self.maxDepth else {
      throw Malformed(clause: "\(quoted(text)) has more than \(Self.maxDepth) brackets in brackets")
    }
    skipSpace()
    let start = position
    switch next {
    case "[": return try list(closing: "]", depth: depth)
    case "(": return try list(closing: ")", depth: depth)
    case "{": return try map(depth: depth)
    case "'", "\"":
      let content = try quotedText()
      return ConfigLiteral(.quoted(content), source: source(from: start))
    default:
      while let character = next, !ends.contains(character) { position += 1 }
      let word = source(from: start)
      if word.isEmpty {
        throw Malformed(clause: "\(quoted(text)) lacks a value \(place)")
      }
      return ConfigLiteral(.word(word), source: word)
    }
  }

  /// Where the parser stands, for a message.
  private var place: String { next.map { "before \(quoted(String($0)))" } ?? "at its end" }

  private mutating func list(
    closing: Character, depth: Int
  ) throws(Malformed) -> ConfigLiteral {
    let start = position
    position += 1
    var elements: [ConfigLiteral] = []
    while try !closes(with: closing) {
      elements.append(try value(ends: [",", closing], depth: depth + 1))
      try separator(closing: closing)
    }
    return ConfigLiteral(.list(elements), source: source(from: start))
  }

  private mutating func map(depth: Int) throws(Malformed) -> ConfigLiteral {
    let start = position
    position += 1
    var pairs: [(key: ConfigLiteral, value: ConfigLiteral)] = []
    while try !closes(with: "}") {
      let key = try value(ends: [":", ",", "}"], depth: depth + 1)
      skipSpace()
      guard next == ":" else {
        throw Malformed(clause: "\(quoted(text)) has no ':' after \(quoted(key.source))")
      }
      position += 1
      pairs.append((key, try value(ends: [",", "}"], depth: depth + 1)))
      try separator(closing: "}")
    }
    return ConfigLiteral(.map(pairs), source: source(from: start))
  }

  /// Whether the closing bracket comes next; takes it if so.
  private mutating func closes(with closing: Character) throws(Malformed) -> Bool {
    skipSpace()
    guard let character = next else {
      throw Malformed(clause: "\(quoted(text)) has no closing '\(closing)'")
    }
    guard character == closing else { return false }
    position += 1
    return true
  }

  /// Takes the comma after an element, which only the last may lack.
  private mutating func separator(closing: Character) throws(Malformed) {
    skipSpace()
    guard let character = next else {
      throw Malformed(clause: "\(quoted(text)) has no closing '\(closing)'")
    }
    if character == "," {
      position += 1
    } else if character != closing {
      throw Malformed(clause: "\(quoted(text)) lacks a ',' \(place)")
    }
  }

  private mutating func quotedText() throws(Malformed) -> String {
    let quote = characters[position]
    position += 1
    var content = String.UnicodeScalarView()
    while let character = next {
      position += 1
      if character == quote { return String(content) }
      if character == "\\" {
        content.append(contentsOf: try escaped())
      } else {
        content.append(contentsOf: character.unicodeScalars)
      }
    }
    throw Malformed(clause: "\(quoted(text)) has no closing \(quote)")
  }

  private mutating func escaped() throws(Malformed) -> String.UnicodeScalarView {
    guard let character = next else {
      throw Malformed(clause: "\(quoted(text)) ends with '\\'")
    }
    position += 1
    switch character {
    case "n": return "\n".unicodeScalars
    case "t": return "\t".unicodeScalars
    case "r": return "\r".unicodeScalars
    case "b": return "\u{8}".unicodeScalars
    case "f": return "\u{C}".unicodeScalars
    case "x": return try scalar(hexDigits: 2)
    case "u": return try scalar(hexDigits: 4)
    case "U": return try scalar(hexDigits: 8)
    default: return character.unicodeScalars
    }
  }

  private mutating func codePoint(hexDigits: Int) -> UInt32? {
    guard position + hexDigits <= characters.count else { return nil }
    let digits = String(characters[position..<position + hexDigits])
    guard digits.allSatisfy(\.isHexDigit), let number = UInt32(digits, radix: 16) else {
      return nil
    }
    position += hexDigits
    return number
  }

  private mutating func scalar(hexDigits: Int) throws(Malformed) -> String.UnicodeScalarView {
    var code = codePoint(hexDigits: hexDigits)
    // JSON writes what lies beyond 16 bits as two halves.
    if let high = code, (0xD800..<0xDC00).contains(high), hexDigits == 4, next == "\\",
      position + 1 < characters.count, characters[position + 1] == "u"
    {
      position += 2
      if let low = codePoint(hexDigits: 4), (0xDC00..<0xE000).contains(low) {
        code = 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
      } else {
        code = nil
      }
    }
    guard let scalar = code.flatMap(Unicode.Scalar.init) else {
      throw Malformed(clause: "\(quoted(text)) has an escape that stands for no character")
    }
    return String(Character(scalar)).unicodeScalars
  }
}

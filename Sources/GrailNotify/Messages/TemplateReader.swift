/// Reads the literal text and the fields of a format string, one after the other.
struct TemplateReader {
  /// A stretch of text, or a field.
  enum Piece { case text(String), field(Written) }

  /// A field as it is written.
  struct Written {
    var source: String
    var name: String
    var lookups: [String]
    var isQuoted: Bool
    var layout: Substring?
  }

  private let text: String
  /// What the text is called in an error.
  private let name: String
  private var rest: Substring

  init(text: String, name: String) { (self.text, self.name, rest) = (text, name, text[...]) }

  /// An error that names the text.
  func error(_ code: NotificationError.Code, _ problem: String) -> NotificationError {
    NotificationError(code, "\(name): \(problem)")
  }

  private func malformed(_ place: Substring.Index, _ problem: String) -> NotificationError {
    let column = text.distance(from: text.startIndex, to: place) + 1
    return error(.malformedText, "character \(column): \(problem)")
  }

  /// Takes the next stretch of text or field; `nil` at the end.
  mutating func next() throws(NotificationError) -> Piece? {
    guard let first = rest.first else { return nil }
    if first == "{", rest.dropFirst().first != "{" { return .field(try field()) }
    var literal = ""
    while let character = rest.first {
      if character == "{" || character == "}" {
        guard rest.dropFirst().first == character else {
          if character == "{" { break }
          throw malformed(rest.startIndex, "a '}' without '{'; write '}}' for the character")
        }
        rest.removeFirst()
      }
      literal.append(character)
      rest.removeFirst()
    }
    return .text(literal)
  }

  /// Takes a field, whose opening brace comes next.
  private mutating func field() throws(NotificationError) -> Written {
    let start = rest.startIndex
    rest.removeFirst()
    func unfinished() -> NotificationError {
      malformed(start, "a '{' without '}'; write '{{' for the character")
    }
    let name = rest.prefix { !"[.!:{}".contains($0) }
    rest.removeFirst(name.count)
    var written = Written(
      source: "", name: String(name), lookups: [], isQuoted: false, layout: nil)
    while rest.first == "[" {
      let place = rest.startIndex
      rest.removeFirst()
      let entry = rest.prefix { $0 != "]" }
      rest.removeFirst(entry.count)
      guard !rest.isEmpty else { throw malformed(place, "a '[' without ']'") }
      guard !entry.isEmpty else { throw malformed(place, "a name stands between '[' and ']'") }
      rest.removeFirst()
      written.lookups.append(String(entry))
    }
    if rest.first == "." {
      throw malformed(rest.startIndex, "an entry is written with brackets: {\(name)[name]}")
    }
    if rest.first == "!" {
      rest.removeFirst()
      guard let letter = rest.popFirst() else { throw unfinished() }
      guard "rs".contains(letter) else {
        throw malformed(start, "'!\(letter)' is not known; there are '!r' and '!s'")
      }
      written.isQuoted = letter == "r"
    }
    if rest.first == ":" {
      rest.removeFirst()
      let layout = rest.prefix { $0 != "{" && $0 != "}" }
      written.layout = layout
      rest.removeFirst(layout.count)
    }
    guard let end = rest.first else { throw unfinished() }
    guard end == "}" else {
      throw malformed(rest.startIndex, "'\(end)' cannot stand here inside a field")
    }
    rest.removeFirst()
    guard !name.isEmpty else {
      throw malformed(start, "a field needs a name, such as {result}; write '{{' for the character")
    }
    written.source = String(text[start..<rest.startIndex])
    return written
  }
}

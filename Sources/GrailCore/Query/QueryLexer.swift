/// A word of a query.
enum QueryToken: Hashable {
  /// A name, or a word such as `and`: its parts between dots.
  case name([QueryField.Part])
  /// What begins like a number, as it is written.
  case number(String)
  /// What stands between quotes, as it is written.
  case text(String)
  /// `==`, `=~` and the like, or what looks like one.
  case sign(String)
  case open, close, openList, closeList, comma
  case end

  /// Whether it is a certain word without quotes, in any case.
  func isWord(_ word: String) -> Bool {
    guard case .name(let parts) = self, parts.count == 1, !parts[0].isQuoted else { return false }
    return parts[0].text.lowercased() == word
  }
}

/// Parts a query into its words.
struct QueryLexer {
  /// The most characters of a query.
  static let lengthLimit = 1_000_000

  let query: String
  private let scalars: [Unicode.Scalar]
  private var position = 0

  init(_ query: String) throws(QueryError) {
    (self.query, scalars) = (query, Array(query.unicodeScalars))
    guard scalars.count <= Self.lengthLimit else {
      throw QueryError(
        message: "the query is longer than \(Self.lengthLimit) characters",
        columns: Self.lengthLimit..<Self.lengthLimit, query: query)
    }
  }

  private var peek: Unicode.Scalar? { scalar(at: position) }

  private func scalar(at position: Int) -> Unicode.Scalar? {
    position < scalars.count ? scalars[position] : nil
  }

  func error(_ message: String, at columns: Range<Int>) -> QueryError {
    QueryError(message: message, columns: columns, query: query)
  }

  /// The characters of a place as they are written.
  func written(_ columns: Range<Int>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[columns.clamped(to: 0..<scalars.count)])
    return String(text)
  }

  /// Takes the next word.
  ///
  /// - Returns: The word and its place.
  /// - Throws: What is wrong with it.
  mutating func next() throws(QueryError) -> (token: QueryToken, columns: Range<Int>) {
    while let scalar = peek, scalar.properties.isWhitespace { position += 1 }
    let start = position
    guard let scalar = peek else { return (.end, start..<start) }
    let token: QueryToken
    switch scalar {
    case "(", ")", "[", "]", ",":
      position += 1
      token =
        switch scalar {
        case "(": .open
        case ")": .close
        case "[": .openList
        case "]": .closeList
        default: .comma
        }
    case "\"", "'": token = .text(try quoted())
    case "=", "!", "<", ">", "~", "&", "|": token = .sign(sign())
    default:
      if isNumberStart(scalar) {
        token = .number(number())
      } else if scalar == "`" || QueryText.isNameStart(scalar) {
        token = .name(try name())
      } else {
        let shown = TerminalCharacter.isVisible(scalar) ? "'\(scalar)'" : Self.code(of: scalar)
        throw error(
          "\(shown) means nothing here; a name with such characters is written in backquotes, a "
            + "text in quotes", at: start..<start + 1)
      }
    }
    return (token, start..<position)
  }

  /// The number by which a character that cannot be shown is known.
  static func code(of scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  private mutating func sign() -> String {
    let start = position
    while position - start < 2, let scalar = peek, "=!<>~&|".unicodeScalars.contains(scalar) {
      position += 1
    }
    return written(start..<position)
  }

  private func isNumberStart(_ scalar: Unicode.Scalar) -> Bool {
    func isDigit(_ position: Int) -> Bool {
      self.scalar(at: position).map { ("0"..."9").contains($0) } ?? false
    }
    switch scalar {
    case "0"..."9": return true
    case ".": return isDigit(position + 1)
    case "+", "-":
      guard let next = self.scalar(at: position + 1) else { return false }
      return isDigit(position + 1) || next == "." && isDigit(position + 2)
        || next.properties.isAlphabetic
    default: return false
    }
  }

  private mutating func number() -> String {
    let start = position
    position += 1
    while let scalar = peek,
      QueryText.isNamePart(scalar) || scalar == "." || scalar == ":" || scalar == "+"
    {
      position += 1
    }
    return written(start..<position)
  }

  private mutating func name() throws(QueryError) -> [QueryField.Part] {
    let start = position
    var parts = [try part()]
    while true {
      if peek == "." {
        position += 1
        parts.append(try part())
      } else if peek == "[", let index = index(),
        parts.count > 1 || !QueryText.keywords.contains(parts[0].text.lowercased())
      {
        parts.append(QueryField.Part(index.digits))
        position = index.end
      } else {
        return parts
      }
      guard parts.count <= 200 else {
        throw error("a name has at most 200 parts", at: start..<position)
      }
    }
  }

  /// A number in brackets right behind a name, as in `widths[0]`.
  private func index() -> (digits: String, end: Int)? {
    var end = position + 1
    while let scalar = scalar(at: end), ("0"..."9").contains(scalar) { end += 1 }
    guard end > position + 1, scalar(at: end) == "]" else { return nil }
    return (written(position + 1..<end), end + 1)
  }

  /// Takes a part of a name between dots.
  private mutating func part() throws(QueryError) -> QueryField.Part {
    let start = position
    if let quote = peek, quote == "`" || quote == "\"" || quote == "'" {
      let text = try quoted()
      return QueryField.Part(try unescaped(text, at: start + 1), isQuoted: true)
    }
    while let scalar = peek, QueryText.isNamePart(scalar) { position += 1 }
    guard position > start else {
      throw error(
        "a name is missing behind the dot; one with other characters than letters, digits and "
          + "_ - / @ is written in quotes", at: start..<start)
    }
    return QueryField.Part(written(start..<position))
  }

  /// Takes a text in quotes, and gives what is between them as it is written.
  private mutating func quoted() throws(QueryError) -> String {
    let start = position
    let quote = scalars[position]
    position += 1
    while let scalar = peek, scalar != quote { position += scalar == "\\" ? 2 : 1 }
    guard peek != nil else {
      throw error(
        "the text that begins here has no end; close it with \(quote)",
        at: start..<min(position, scalars.count))
    }
    position += 1
    return written(start + 1..<position - 1)
  }

  /// Puts characters in the place of what stands for them behind backslashes.
  ///
  /// - Parameters:
  ///   - text: What is between quotes, as it is written.
  ///   - start: Where it begins.
  /// - Returns: The text that is meant.
  /// - Throws: What is wrong with it.
  func unescaped(_ text: String, at start: Int) throws(QueryError) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    var result = String.UnicodeScalarView()
    let scalars = Array(text.unicodeScalars)
    var position = 0
    while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      guard scalar == "\\", position < scalars.count else {
        result.append(scalar)
        continue
      }
      let mark = scalars[position]
      position += 1
      switch mark {
      case "\\", "\"", "'", "`": result.append(mark)
      case "n": result.append("\n")
      case "r": result.append("\r")
      case "t": result.append("\t")
      case "u":
        let end = scalars[position...].firstIndex(of: "}") ?? position
        var digits = String.UnicodeScalarView()
        digits.append(contentsOf: scalars[min(position + 1, end)..<end])
        guard scalars[position..<end].first == "{", let code = UInt32(String(digits), radix: 16),
          let character = Unicode.Scalar(code)
        else {
          throw error(
            "a character is written by its number as '\\u{1F600}'",
            at: start + position - 2..<start + position)
        }
        result.append(character)
        position = end + 1
      default:
        throw error(
          "'\\\(mark)' stands for nothing; write '\\\\' for a backslash",
          at: start + position - 2..<start + position)
      }
    }
    return String(result)
  }
}

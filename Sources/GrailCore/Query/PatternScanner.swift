/// Goes through the characters of a pattern.
struct PatternScanner {
  private let scalars: [Unicode.Scalar]
  /// The number of characters that were taken.
  private(set) var offset = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// The character that comes next.
  var peek: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

  /// Takes a character.
  mutating func next() -> Unicode.Scalar? {
    guard let scalar = peek else { return nil }
    offset += 1
    return scalar
  }

  /// Takes a certain text if it comes next.
  mutating func skip(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard scalars[offset...].starts(with: wanted) else { return false }
    offset += wanted.count
    return true
  }

  /// Takes what follows a backslash.
  mutating func escaped() throws(TextPatternError) -> Unicode.Scalar {
    guard let scalar = next() else {
      throw error("nothing follows the backslash; write '\\\\' for a backslash")
    }
    return scalar
  }

  /// What is wrong at a place, the last character that was taken unless another is named.
  func error(_ message: String, at offset: Int? = nil) -> TextPatternError {
    TextPatternError(message: message, offset: offset ?? max(0, self.offset - 1))
  }

  /// What a backslash and the character behind it mean in brackets.
  enum Escape {
    case one(Unicode.Scalar)
    case several(ScalarSet.Member)
  }

  /// Takes the members of a set in brackets, and the bracket at its end.
  ///
  /// A `]` at the very beginning and a `-` at either end are members.
  ///
  /// - Parameters:
  ///   - start: Where the bracket opened.
  ///   - escape: Takes what follows a backslash.
  /// - Returns: The members.
  /// - Throws: What is wrong.
  mutating func members(
    from start: Int,
    escape: (inout PatternScanner) throws(TextPatternError) -> Escape
  ) throws(TextPatternError) -> [ScalarSet.Member] {
    var members: [ScalarSet.Member] = []
    while !(peek == "]" && !members.isEmpty) {
      let first = offset
      guard let scalar = next() else {
        throw error("'[' has no ']'; write '\\[' for the character itself", at: start)
      }
      var lower = scalar
      if scalar == "\\" {
        switch try escape(&self) {
        case .one(let scalar): lower = scalar
        case .several(let member):
          members.append(member)
          continue
        }
      }
      let isRange = peek == "-" && offset + 1 < scalars.count && scalars[offset + 1] != "]"
      guard isRange else {
        members.append(.range(lower...lower))
        continue
      }
      _ = next()
      var upper = next() ?? lower
      if upper == "\\" {
        guard case .one(let scalar) = try escape(&self) else {
          throw error("a range ends with one character", at: first)
        }
        upper = scalar
      }
      guard lower <= upper else {
        throw error("the range ends before it begins; exchange its ends", at: first)
      }
      members.append(.range(lower...upper))
    }
    _ = next()
    return members
  }
}

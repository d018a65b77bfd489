/// A pattern that a text has or has not, as a tree: what globs and regular expressions come to.
indirect enum TextPattern: Hashable, Sendable {
  /// The empty text.
  case empty
  /// One character out of a set.
  case set(ScalarSet)
  /// A place between characters.
  case place(Place)
  /// One after the other.
  case sequence([TextPattern])
  /// One or the other.
  case choice([TextPattern])
  /// The same again, at least and at most so often; without end where there is no `most`.
  case repetition(TextPattern, least: Int, most: Int?)

  /// A place between characters.
  enum Place: Hashable, Sendable {
    case textStart, textEnd, lineStart, lineEnd, wordEdge, wordInside
  }
}

/// A set of Unicode scalars.
struct ScalarSet: Hashable, Sendable {
  /// A part of a set.
  enum Member: Hashable, Sendable {
    case range(ClosedRange<Unicode.Scalar>)
    case digit, word, space
    case notDigit, notWord, notSpace
  }

  var members: [Member]
  /// Whether it holds all characters but these.
  var isNegated = false
  /// Whether upper and lower case count as one.
  var ignoresCase = false

  /// All characters.
  static let all = ScalarSet(members: [], isNegated: true)
  /// All characters but the end of a line.
  static let withinLine = ScalarSet(members: [.range("\n"..."\n")], isNegated: true)

  /// The set of one character.
  static func one(_ scalar: Unicode.Scalar, ignoresCase: Bool) -> ScalarSet {
    ScalarSet(members: [.range(scalar...scalar)], ignoresCase: ignoresCase)
  }

  /// Whether the set holds a character.
  func contains(_ scalar: Unicode.Scalar) -> Bool {
    var isMember = holds(scalar)
    if ignoresCase && !isMember {
      let (lower, upper) = (Self.lowercase(scalar), Self.uppercase(scalar))
      isMember = lower != scalar && holds(lower) || upper != scalar && holds(upper)
    }
    return isMember != isNegated
  }

  private func holds(_ scalar: Unicode.Scalar) -> Bool {
    for member in members {
      let isMember =
        switch member {
        case .range(let range): range.contains(scalar)
        case .digit: Self.isDigit(scalar)
        case .word: Self.isWord(scalar)
        case .space: scalar.properties.isWhitespace
        case .notDigit: !Self.isDigit(scalar)
        case .notWord: !Self.isWord(scalar)
        case .notSpace: !scalar.properties.isWhitespace
        }
      if isMember { return true }
    }
    return false
  }

  /// Whether it is one of the digits 0 to 9.
  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  /// Whether it is a letter, a mark or a digit of any script, or `_`.
  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return isDigit(scalar) || scalar == "_" || ("a"..."z").contains(scalar)
        || ("A"..."Z").contains(scalar)
    }
    let properties = scalar.properties
    return switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber: true
    default: properties.isAlphabetic
    }
  }

  /// The character in lower case, if that is one character.
  private static func lowercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII {
      guard ("A"..."Z").contains(scalar) else { return scalar }
      return Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value) | 0x20)
    }
    return only(scalar.properties.lowercaseMapping) ?? scalar
  }

  /// The character in upper case, if that is one character.
  private static func uppercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII {
      guard ("a"..."z").contains(scalar) else { return scalar }
      return Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value) & 0xDF)
    }
    return only(scalar.properties.uppercaseMapping) ?? scalar
  }

  private static func only(_ text: String) -> Unicode.Scalar? {
    let scalars = text.unicodeScalars
    return scalars.count == 1 ? scalars.first : nil
  }
}

/// What is wrong with a pattern, and at which of its characters.
package struct TextPatternError: Error, Hashable {
  var message: String
  var offset: Int
}

/// How names and texts are spelled in a query.
package enum QueryText {
  /// Words that are never the beginning of a name, in any case.
  static let keywords: Set<String> = ["and", "or", "not", "in", "has"]

  /// Words that are values, in any case.
  static let values: [String: QueryLiteral] = [
    "true": .value(.bool(true)), "false": .value(.bool(false)), "null": .value(.null),
    "none": .value(.null), "nan": .value(.double(.nan)), "inf": .value(.double(.infinity)),
    "infinity": .value(.double(.infinity)), "now": .moment(.init(.now)),
    "today": .moment(.init(.today)), "yesterday": .moment(.init(.yesterday)),
  ]

  /// Whether a name can begin with a character without quotes.
  static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic
  }

  /// Whether a character can stand in a name without quotes.
  static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isASCIINamePart(UInt8(truncatingIfNeeded: scalar.value)) }
    let properties = scalar.properties
    if properties.isAlphabetic || properties.numericType != nil { return true }
    return switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }

  private static func isASCIINamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "/"), UInt8(ascii: "@"):
      true
    default: false
    }
  }

  /// Whether a part of a name behind a dot needs no quotes.
  package static func isPlain(_ part: String) -> Bool {
    !part.isEmpty && part.unicodeScalars.allSatisfy(isNamePart)
  }

  /// Whether a name can begin with a part that is written without quotes.
  package static func isPlainStart(_ part: String) -> Bool {
    guard let first = part.unicodeScalars.first, isNameStart(first), isPlain(part) else {
      return false
    }
    let word = part.lowercased()
    return !keywords.contains(word) && values[word] == nil && moment(word) == nil
  }

  /// A moment with its distance in one word, such as `today-2d`.
  static func moment(_ word: String) -> QueryLiteral? {
    guard let dash = word.firstIndex(of: "-"),
      let anchor = QueryLiteral.Moment.Anchor(rawValue: word[..<dash].lowercased()),
      case .value(let offset) = DurationText.read(word[dash...])
    else { return nil }
    return .moment(.init(anchor, offset: offset))
  }

  /// A text in quotes, as a query holds it.
  static func quoted(_ text: String, by quote: Unicode.Scalar = "\"") -> String {
    var result = String.UnicodeScalarView([quote])
    for scalar in text.unicodeScalars {
      switch scalar {
      case quote, "\\": result.append(contentsOf: ["\\", scalar])
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      default:
        if TerminalCharacter.isVisible(scalar) {
          result.append(scalar)
        } else {
          result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
        }
      }
    }
    result.append(quote)
    return String(result)
  }
}

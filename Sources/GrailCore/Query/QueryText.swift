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
        if isVisible(scalar) {
          result.append(scalar)
        } else {
          result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
        }
      }
    }
    result.append(quote)
    return String(result)
  }

  /// Whether a character shows by itself: it steers no terminal and turns no direction.
  static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned,
      .privateUse:
      false
    default: true
    }
  }

  /// The number of columns that a character takes on most terminals.
  static func width(_ scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    return switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}

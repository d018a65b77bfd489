import GrailCore

/// Writes literals as YAML that readers of its versions 1.1 and 1.2 understand alike.
enum YAMLText {
  /// The parser takes a longer name only after a question mark.
  private static let maxPlainKeyLength = 200

  /// The text of a map of entries, indented by 2.
  static func text(of pairs: [(key: ConfigLiteral, value: ConfigLiteral)]) -> String {
    guard !pairs.isEmpty else { return "{}\n" }
    var text = ""
    append(pairs, indent: "", to: &text)
    return text
  }

  /// A literal on one line.
  static func inline(_ literal: ConfigLiteral) -> String {
    switch literal.form {
    case .null: "null"
    case .word(let word): scalar(word)
    case .quoted(let text): quotedWhereNeeded(text)
    case .list(let elements): "[" + elements.map(inline).joined(separator: ", ") + "]"
    case .map(let pairs):
      "{" + pairs.map { "\(key($0.key)): \(inline($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  private static func append(
    _ pairs: [(key: ConfigLiteral, value: ConfigLiteral)], indent: String, to text: inout String
  ) {
    for (position, pair) in pairs.enumerated() {
      // The first follows the mark of the list that it stands in.
      if position > 0 || !text.hasSuffix("- ") { text += indent }
      let key = key(pair.key)
      text += key.hasPrefix("? ") ? "\(key)\n\(indent):" : "\(key):"
      append(pair.value, indent: indent, to: &text)
    }
  }

  /// Appends a value after its key's colon.
  private static func append(_ literal: ConfigLiteral, indent: String, to text: inout String) {
    switch literal.form {
    case .map(let pairs) where !pairs.isEmpty:
      text += "\n"
      append(pairs, indent: indent + "  ", to: &text)
    case .list(let elements) where elements.contains { $0.hasPairs }:
      text += "\n"
      for element in elements {
        text += indent + "  - "
        if case .map(let pairs) = element.form, !pairs.isEmpty {
          append(pairs, indent: indent + "    ", to: &text)
        } else {
          text += inline(element) + "\n"
        }
      }
    default: text += " \(inline(literal))\n"
    }
  }

  private static func key(_ literal: ConfigLiteral) -> String {
    if case .word(let word) = literal.form { return word }
    let key = quotedWhereNeeded(literal.text ?? literal.source)
    return key.utf8.count > maxPlainKeyLength ? "? \(key)" : key
  }

  private static func scalar(_ word: String) -> String {
    switch word {
    case "true", "false": return word
    case "nan": return ".nan"
    case "inf": return ".inf"
    case "-inf": return "-.inf"
    default:
      // YAML 1.1 takes a number with an exponent for a text unless it has a point.
      guard let exponent = word.firstIndex(of: "e"), !word.contains(".") else { return word }
      return "\(word[..<exponent]).0\(word[exponent...])"
    }
  }

  /// A text as it stands where nobody can take it for something else.
  private static func quotedWhereNeeded(_ text: String) -> String {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    let isPlain = words.allSatisfy { word in
      !word.isEmpty
        && word.utf8.allSatisfy { byte in
          switch byte {
          case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
          default: "_-./+@%=".utf8.contains(byte)
          }
        }
    }
    guard isPlain, let first = text.first, first.isLetter || first == "_" || first == "/",
      !meaningful.contains(text.lowercased()), !isNumber(text)
    else { return text.doubleQuoted }
    return text
  }

  /// Whether a text that begins with a letter is a number to readers of numbers, as `inf` is.
  private static func isNumber(_ text: String) -> Bool {
    ConfigNumber.untyped(text).textValue == nil
  }

  /// Words that mean something else to some version of YAML, or to Python.
  private static let meaningful: Set<String> = [
    "null", "none", "true", "false", "yes", "no", "on", "off", "nan", "inf", "infinity",
  ]
}

extension ConfigLiteral {
  /// Whether this is a map with something in it.
  fileprivate var hasPairs: Bool {
    if case .map(let pairs) = form { !pairs.isEmpty } else { false }
  }
}

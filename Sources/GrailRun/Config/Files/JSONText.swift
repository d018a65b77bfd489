/// Writes literals as strict JSON.
enum JSONText {
  /// The text of a map of entries, indented by 2.
  static func text(of pairs: [(key: ConfigLiteral, value: ConfigLiteral)]) -> String {
    var text = ""
    append(ConfigLiteral(.map(pairs), place: nil), indent: "\n", to: &text)
    return text + "\n"
  }

  /// A literal on one line.
  static func inline(_ literal: ConfigLiteral) -> String {
    switch literal.form {
    case .null: "null"
    case .word(let word): scalar(word)
    case .quoted(let text): text.doubleQuoted
    case .list(let elements): "[" + elements.map(inline).joined(separator: ", ") + "]"
    case .map(let pairs):
      "{" + pairs.map { "\(key($0.key)): \(inline($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  private static func append(_ literal: ConfigLiteral, indent: String, to text: inout String) {
    let inner = indent + "  "
    switch literal.form {
    case .list(let elements) where !elements.allSatisfy(\.isScalar):
      for (position, element) in elements.enumerated() {
        text += (position == 0 ? "[" : ",") + inner
        append(element, indent: inner, to: &text)
      }
      text += indent + "]"
    case .map(let pairs) where !pairs.isEmpty:
      for (position, pair) in pairs.enumerated() {
        text += (position == 0 ? "{" : ",") + inner + key(pair.key) + ": "
        append(pair.value, indent: inner, to: &text)
      }
      text += indent + "}"
    default: text += inline(literal)
    }
  }

  private static func key(_ literal: ConfigLiteral) -> String {
    (literal.text ?? literal.source).doubleQuoted
  }

  /// A word, in quotes if JSON has it not.
  private static func scalar(_ word: String) -> String {
    switch word {
    case "true", "false": return word
    case "nan": return "\"NaN\""
    case "inf": return "\"Infinity\""
    case "-inf": return "\"-Infinity\""
    default:
      let isNumber = word.utf8.allSatisfy { 0x30...0x39 ~= $0 || "+-.e".utf8.contains($0) }
      return isNumber && Double(word) != nil ? word : word.doubleQuoted
    }
  }
}

extension ConfigLiteral {
  /// Whether this is neither a list nor a map with something in it.
  var isScalar: Bool {
    switch form {
    case .word, .quoted, .null: true
    case .list(let elements): elements.isEmpty
    case .map(let pairs): pairs.isEmpty
    }
  }
}

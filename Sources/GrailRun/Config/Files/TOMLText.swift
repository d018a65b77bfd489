/// Writes literals as TOML 1.0.
enum TOMLText {
  private typealias Pair = (key: ConfigLiteral, value: ConfigLiteral)

  /// The text of a map of entries, in which each map has a section of its own.
  static func text(of pairs: [(key: ConfigLiteral, value: ConfigLiteral)]) -> String {
    var text = ""
    append(pairs, path: [], to: &text)
    return text
  }

  /// A literal on one line.
  static func inline(_ literal: ConfigLiteral) -> String {
    switch literal.form {
    case .null: "\"none\""
    case .word(let word): TOMLWord(word) == nil ? word.doubleQuoted : word
    case .quoted(let text): text.doubleQuoted
    case .list(let elements): "[" + elements.map(inline).joined(separator: ", ") + "]"
    case .map(let pairs) where pairs.isEmpty: "{}"
    case .map(let pairs):
      "{ " + pairs.map { "\(key($0.key)) = \(inline($0.value))" }.joined(separator: ", ") + " }"
    }
  }

  private static func append(_ pairs: [Pair], path: [String], to text: inout String) {
    var sections: [(path: [String], pairs: [Pair])] = []
    for pair in pairs {
      // What follows a section's header is in it: so the sections come last.
      if case .map(let inner) = pair.value.form {
        sections.append((path + [key(pair.key)], inner))
      } else {
        text += "\(key(pair.key)) = \(inline(pair.value))\n"
      }
    }
    for section in sections {
      if !text.isEmpty { text += "\n" }
      text += "[\(section.path.joined(separator: "."))]\n"
      append(section.pairs, path: section.path, to: &text)
    }
  }

  private static func key(_ literal: ConfigLiteral) -> String {
    let name = literal.text ?? literal.source
    let isBare = !name.isEmpty && name.utf8.allSatisfy(TOMLConfig.isBare)
    return isBare ? name : name.doubleQuoted
  }
}

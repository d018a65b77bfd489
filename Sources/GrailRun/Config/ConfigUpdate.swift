/// A wish to set one entry, as text: `data.path=x.csv`.
package struct ConfigUpdate: Hashable, Sendable {
  /// The dotted name of the entry.
  package var path: String
  /// The value as it was written.
  package var text: String

  /// Creates an update.
  package init(path: String, text: String) { (self.path, self.text) = (path, text) }

  /// Reads an update.
  ///
  /// Only the first `=` separates, so a value may contain more of them. Spaces around the name
  /// and around the value are left out.
  ///
  /// - Parameter word: Text such as `optimizer.rate=0.1`.
  /// - Throws: ``ConfigError`` if there is no `=` or no name before it.
  package init(parsing word: String) throws(ConfigError) {
    guard let equals = word.firstIndex(of: "=") else {
      throw ConfigError(
        code: .notAnUpdate, path: word, message: "\(quoted(word)) is no update; write NAME=VALUE")
    }
    path = word[..<equals].trimmed
    text = word[word.index(after: equals)...].trimmed
    if path.isEmpty {
      throw ConfigError(
        code: .notAnUpdate, path: word,
        message: "\(quoted(word)) names no entry before its '='; write NAME=VALUE")
    }
  }
}

extension StringProtocol {
  /// The text without white space at its ends.
  var trimmed: String {
    let start = drop { $0.isWhitespace }
    guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...end])
  }
}

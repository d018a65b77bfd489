/// Words that no error may show.
struct SecretWords: Hashable, Sendable {
  /// The words, longest first, so that none is left in part.
  private let words: [String]
  private static let placeholder = "<redacted>"
  /// Shorter words stand in other words, and hide nothing.
  private static let minimumLength = 4

  /// Creates a list of words.
  init(_ words: some Sequence<String>) {
    self.words = Set(words.filter { $0.utf8.count >= Self.minimumLength })
      .sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
  }

  /// These and others' words.
  func adding(_ other: SecretWords) -> SecretWords { SecretWords(words + other.words) }

  /// Returns a text without the words.
  func removed(from text: String) -> String {
    words.reduce(text) { text, word in
      guard text.utf8.count >= word.utf8.count else { return text }
      return text.split(separator: word, omittingEmptySubsequences: false)
        .joined(separator: Self.placeholder)
    }
  }

  /// Returns the beginning of a text on one line, without the words and control characters.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - limit: The most characters.
  /// - Returns: The line.
  func line(from text: String, limit: Int = 300) -> String {
    let plain = String(removed(from: text).map { $0.isPlain ? $0 : " " })
    let words = plain.split(separator: " ", omittingEmptySubsequences: true)
    let line = words.joined(separator: " ")
    return line.count > limit ? line.prefix(limit - 1) + "…" : line
  }
}

extension Character {
  /// Whether it is no white space and controls nothing.
  fileprivate var isPlain: Bool {
    !isWhitespace
      && unicodeScalars.allSatisfy {
        ![.control, .format, .lineSeparator, .paragraphSeparator]
          .contains($0.properties.generalCategory) || $0.value == 0x200D
      }
  }
}

/// A type that holds secrets, and shows only what it describes.
protocol SecretHolder: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension SecretHolder {
  /// What can be shown.
  public var debugDescription: String { description }

  /// Shows nothing inside.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

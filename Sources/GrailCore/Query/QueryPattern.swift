/// A pattern in a query, ready to be looked for.
package struct QueryPattern: Hashable, Sendable {
  /// How a pattern is written.
  package enum Syntax: String, Hashable, Sendable, CaseIterable {
    /// As in a shell, for a whole text: `digits*`.
    case glob = "~"
    /// A regular expression, found anywhere in a text: `^digits[0-9]+`.
    case expression = "=~"
  }

  package let syntax: Syntax
  /// The pattern as it is written, without a backslash before quotes.
  package let text: String
  /// Whether upper and lower case count as one.
  package let ignoresCase: Bool
  private let matcher: TextMatcher

  /// The most characters of a pattern.
  private static let lengthLimit = 10_000

  /// Reads a pattern.
  ///
  /// - Parameters:
  ///   - text: The pattern as it is written.
  ///   - syntax: How it is written.
  ///   - ignoresCase: Whether upper and lower case count as one.
  /// - Throws: What is wrong with it.
  package init(_ text: String, as syntax: Syntax, ignoresCase: Bool = false)
    throws(TextPatternError)
  {
    guard text.unicodeScalars.count <= Self.lengthLimit else {
      throw TextPatternError(
        message: "the pattern is longer than \(Self.lengthLimit) characters", offset: 0)
    }
    (self.syntax, self.ignoresCase) = (syntax, ignoresCase)
    self.text = Self.withoutEscapedQuotes(text)
    switch syntax {
    case .glob:
      matcher = try TextMatcher(.glob(text, ignoresCase: ignoresCase), wholeText: true)
    case .expression:
      matcher = try TextMatcher(.expression(text, ignoresCase: ignoresCase), wholeText: false)
    }
  }

  /// Whether a text has the pattern.
  package func matches(_ text: String) -> Bool { matcher.matches(text) }

  /// Whether a text has the pattern, and how many steps it took to find out.
  package func matches(_ text: String, steps: inout Int) -> Bool {
    matcher.matches(text, steps: &steps)
  }

  package static func == (left: QueryPattern, right: QueryPattern) -> Bool {
    left.syntax == right.syntax && left.ignoresCase == right.ignoresCase
      && left.text.utf8.elementsEqual(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(syntax)
    hasher.combine(text)
  }

  /// A quote means the same with and without a backslash: one form is enough.
  private static func withoutEscapedQuotes(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var rest = Substring(text).unicodeScalars
    while let scalar = rest.popFirst() {
      if scalar == "\\", let next = rest.popFirst() {
        if next != "\"" && next != "'" { result.append(scalar) }
        result.append(next)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}

/// What is wrong with a JSON text, and where.
package struct JSONError: Error, Hashable, Sendable {
  /// The kind of failure.
  package var code: Code
  /// The line of the place, from 1.
  package var line: Int
  /// The column of the place in characters, from 1.
  package var column: Int
  /// What stands there, such as `'}'` or `the end of the text`.
  package var found: String
  /// What belongs there, such as `a value`.
  package var expected: String
}

extension JSONError {
  /// A kind of failure.
  ///
  /// New kinds may be added in a minor release, so a `switch` needs a `default`.
  package struct Code: Hashable, Sendable {
    private enum Kind: Hashable, Sendable { case malformed, truncated, tooDeep }
    private var kind: Kind

    /// The text is no JSON from this place on.
    package static let malformed = Code(kind: .malformed)
    /// The text ends too early, as that of a file that is being written.
    package static let truncated = Code(kind: .truncated)
    /// Lists and maps are nested deeper than a record needs.
    package static let tooDeep = Code(kind: .tooDeep)
  }
}

extension JSONError: CustomStringConvertible {
  /// The failure as one line: place, what was found, what was expected.
  package var description: String {
    "line \(line), column \(column): found \(found), expected \(expected)."
  }
}

/// What is wrong with a query, and where.
public struct QueryError: Error, Hashable, Sendable {
  /// What was found, what was expected and what to do, in one line.
  public let message: String
  /// The place in the query, in Unicode scalars from 0; empty behind the end.
  public let columns: Range<Int>
  /// The whole query.
  public let query: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - message: What is wrong; what a terminal would act on is replaced, and the end of what is
  ///     very long left out.
  ///   - columns: The place in the query.
  ///   - query: The whole query.
  public init(message: String, columns: Range<Int>, query: String) {
    let scalars = Array(message.unicodeScalars.prefix(Self.longest + 1))
    self.message =
      Self.printable(scalars.prefix(Self.longest)) + (scalars.count > Self.longest ? "…" : "")
    (self.columns, self.query) = (columns, query)
  }

  /// The most characters of a message.
  private static let longest = 600
}

extension QueryError: CustomStringConvertible {
  /// The message and the place on one line.
  public var description: String { "column \(columns.lowerBound + 1): \(message)" }

  /// The message, the line of the query, and below it a mark at the place.
  ///
  /// A long line is shortened about the place, and what a terminal would act on is replaced, so
  /// that the text can be printed as it is.
  public var rendering: String {
    let scalars = Array(query.unicodeScalars)
    let place = min(columns.lowerBound, scalars.count)
    let start = (scalars[..<place].lastIndex(of: "\n") ?? -1) + 1
    let end = scalars[place...].firstIndex(of: "\n") ?? scalars.count
    let from = max(start, place - Self.reach)
    let to = min(end, place + Self.reach)
    let before = (from > start ? "…" : "") + Self.printable(scalars[from..<place])
    let marked = Self.printable(scalars[place..<max(place, min(columns.upperBound, to))])
    let line = before + Self.printable(scalars[place..<to]) + (to < end ? "…" : "")
    let mark =
      String(repeating: " ", count: Self.width(before))
      + String(repeating: "^", count: max(1, Self.width(marked)))
    return "\(message)\n  \(line)\n  \(mark)"
  }

  /// How much of a line is shown before and behind the place.
  private static let reach = 60

  /// The characters, those that steer a terminal or are not seen replaced.
  private static func printable(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars)).visible
  }

  /// The number of columns that a text takes on a terminal.
  private static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + TerminalCharacter.width($1) }
  }
}

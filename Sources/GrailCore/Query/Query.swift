/// What to ask of runs, in text: `layers == 7 and metrics.loss.min < 0.1`.
///
/// `docs/query.md` says what can be written and what it means.
public struct Query: Sendable {
  /// A field and where it stands in the query.
  package struct Place: Hashable, Sendable {
    package var field: QueryField
    /// The place, in Unicode scalars from 0.
    package var columns: Range<Int>
  }

  /// What is asked; `nil` if every run will do.
  package let condition: QueryCondition?
  /// The text that it was read from; the printed form of what was not read.
  public let text: String
  /// The fields that stand in the text, in its order.
  package let places: [Place]

  /// Creates a query from its tree.
  package init(_ condition: QueryCondition?) {
    (self.condition, text, places) = (condition, condition?.description ?? "", [])
  }

  /// Asks nothing, so that every run will do.
  public static let all: Query = Query(nil)

  /// Reads a query.
  ///
  /// - Parameter text: The query; an empty one asks nothing, so that every run will do.
  /// - Throws: What is wrong first, with its place.
  public init(parsing text: String) throws(QueryError) {
    var parser = try QueryParser(text)
    (condition, self.text) = (try parser.query(), text)
    places = parser.places
  }
}

extension Query: Hashable {
  /// Whether two queries ask the same.
  public static func == (left: Query, right: Query) -> Bool { left.condition == right.condition }

  /// Takes in what the query asks.
  public func hash(into hasher: inout Hasher) { hasher.combine(condition) }
}

extension QueryField {
  /// Reads the name of one field, as a column or what to sort by.
  ///
  /// - Parameter text: The name, such as `metrics.loss.min` or `layers`.
  /// - Throws: What is wrong with it, with its place.
  public init(parsing text: String) throws(QueryError) {
    var parser = try QueryParser(text)
    self = try parser.onlyField()
  }
}

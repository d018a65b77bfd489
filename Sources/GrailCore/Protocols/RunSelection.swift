/// Which runs of a store are meant, in which order, and what of them is asked for.
public struct RunSelection: Sendable {
  /// Which runs.
  public var query: Query
  /// What they are sorted by, the first before the others; runs that are equal there follow the
  /// latest first.
  public var order: [RunOrder]
  /// What to return of each.
  public var fields: [QueryField]
  /// The most runs to return; `nil` for all.
  public var limit: Int?
  /// The present moment, which `now` and `-7d` count from.
  public var now: Timestamp

  /// Creates a selection.
  ///
  /// - Parameters:
  ///   - query: Which runs.
  ///   - order: What they are sorted by, the first before the others.
  ///   - fields: What to return of each.
  ///   - limit: The most runs to return.
  ///   - now: The present moment.
  public init(
    _ query: Query = .all, order: [RunOrder] = [], fields: [QueryField] = [],
    limit: Int? = nil, now: Timestamp
  ) {
    (self.query, self.order, self.fields) = (query, order, fields)
    (self.limit, self.now) = (limit, now)
  }
}

/// What runs are sorted by.
public struct RunOrder: Hashable, Sendable {
  /// What of a run counts.
  public var field: QueryField
  /// Whether the greatest comes first; what a run does not have, null and nan come last anyway.
  public var isDescending: Bool

  /// Creates an order.
  ///
  /// - Parameters:
  ///   - field: What of a run counts.
  ///   - isDescending: Whether the greatest comes first.
  public init(_ field: QueryField, isDescending: Bool = false) {
    (self.field, self.isDescending) = (field, isDescending)
  }

  /// Reads an order.
  ///
  /// - Parameter text: The name of a field; behind `-` the greatest comes first.
  /// - Throws: ``QueryError`` if it is no name of a field.
  public init(parsing text: String) throws(QueryError) {
    isDescending = text.hasPrefix("-")
    field = try QueryField(parsing: isDescending ? String(text.dropFirst()) : text)
  }

  /// Whether a run with one value comes before a run with another.
  package func sorts(_ left: Value?, before right: Value?) -> Bool {
    switch (Self.isMissing(left), Self.isMissing(right)) {
    case (false, false):
      isDescending ? Value.sorts(right, before: left) : Value.sorts(left, before: right)
    default: Value.sorts(left, before: right)
    }
  }

  private static func isMissing(_ value: Value?) -> Bool {
    guard let value, case .double(let number) = value.queryForm else {
      return value?.isNull ?? true
    }
    return number.isNaN
  }
}

/// Some runs of a store, with what was asked of each.
public struct RunTable: Sendable {
  /// The ids of the runs, in order.
  public var ids: [String]
  /// For each field that was asked for the values, as many as ids; `nil` where a run has none.
  public var columns: [[Value?]]
  /// The number of runs that were meant, those beyond the limit too.
  public var total: Int
  /// What of the store could not be read, one line each.
  public var notes: [String]

  /// Creates a table.
  ///
  /// - Parameters:
  ///   - ids: The ids of the runs, in order.
  ///   - columns: For each field that was asked for the values, as many as ids.
  ///   - total: The number of runs that were meant.
  ///   - notes: What of the store could not be read, one line each.
  public init(ids: [String] = [], columns: [[Value?]] = [], total: Int = 0, notes: [String] = []) {
    (self.ids, self.columns, self.total, self.notes) = (ids, columns, total, notes)
  }
}

/// Where a run stands among those of its store when nothing else is asked for.
package struct RunPlace: Hashable, Sendable {
  /// When it was started, or written down to be.
  package var began: Timestamp?
  package var id: String

  package init(_ record: RunRecord) {
    (began, id) = (record.startTime ?? record.queueTime, record.id)
  }

  package init(began: Timestamp?, id: String) { (self.began, self.id) = (began, id) }
}

extension RunPlace: Comparable {
  /// Whether a run is listed before another: the later first, then the greater number, then by name.
  package static func < (left: RunPlace, right: RunPlace) -> Bool {
    if left.began != right.began {
      guard let first = left.began else { return false }
      return right.began.map { first > $0 } ?? true
    }
    switch (Value.id(left.id), Value.id(right.id)) {
    case (.int(let left), .int(let right)): return left > right
    case (.int, _): return true
    case (_, .int): return false
    default: return left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
    }
  }
}

extension RunSelection {
  /// Selects among runs in memory: what every store means by a selection.
  ///
  /// - Parameter subjects: The runs.
  /// - Returns: The table.
  /// - Complexity: O(*n* log *n*) in the number of runs.
  public func table(of subjects: some Sequence<RunSubject>) -> RunTable {
    let chosen = subjects.filter { query.matches($0, now: now) }.map { subject in
      (subject, values: order.map { subject.value(of: $0.field) }, place: RunPlace(subject.record))
    }
    let sorted = chosen.sorted { left, right in
      sorts((left.values, left.place), before: (right.values, right.place))
    }
    let shown = sorted.prefix(limit ?? .max)
    return RunTable(
      ids: shown.map(\.place.id),
      columns: fields.map { field in shown.map { $0.0.value(of: field) } }, total: sorted.count)
  }

  /// Whether a run comes before another: by what is sorted by, then by their places.
  ///
  /// - Parameters:
  ///   - left: The values of what is sorted by, and the place.
  ///   - right: Those of the other.
  /// - Returns: Whether the first comes before the second.
  func sorts(
    _ left: (values: [Value?], place: RunPlace), before right: (values: [Value?], place: RunPlace)
  ) -> Bool {
    for (order, (first, second)) in zip(order, zip(left.values, right.values)) {
      if order.sorts(first, before: second) { return true }
      if order.sorts(second, before: first) { return false }
    }
    return left.place < right.place
  }
}

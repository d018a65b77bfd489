import GRDB
import GrailCore
import GrailRecord

/// Translates conditions to SQL over the tables of the index.
///
/// ``QueryEvaluator`` says what conditions mean, and what comes out here means the same. What
/// SQLite cannot compare by itself, such as lists, goes through a function that asks the evaluator.
struct ConditionSQL {
  private let names: IndexDirectory
  private let now: Timestamp
  /// What has to be joined to the table of runs.
  private(set) var joins: [String] = []
  /// The values of the statement's parameters, by their names.
  private(set) var arguments: [String: DatabaseValue] = [:]
  /// The functions that are called.
  private(set) var functions: [DatabaseFunction] = []
  private var columns: [QueryField.Reading: Column?] = [:]

  /// Where a value stands, and its content if that may be kept apart.
  private struct Column {
    var value: String
    var content: String?
  }

  init(names: IndexDirectory, now: Timestamp) { (self.names, self.now) = (names, now) }

  /// Translates a condition.
  ///
  /// - Parameters:
  ///   - condition: The condition.
  ///   - isNegated: Whether the runs are wanted for which it does not hold. Without, NULL may stand
  ///     for "does not hold"; with, what comes out is never NULL.
  /// - Returns: An expression in parentheses.
  mutating func sql(_ condition: QueryCondition, isNegated: Bool) -> String {
    switch condition {
    case .all(let parts): join(parts, by: isNegated ? " OR " : " AND ", isNegated: isNegated)
    case .any(let parts): join(parts, by: isNegated ? " AND " : " OR ", isNegated: isNegated)
    case .not(let part): sql(part, isNegated: !isNegated)
    case .compare(let field, .unequal, let operand):
      sql(.compare(field, .equal, operand), isNegated: !isNegated)
    default:
      isNegated ? "((\(test(condition))) IS NOT TRUE)" : "(\(test(condition)))"
    }
  }

  private mutating func join(
    _ parts: [QueryCondition], by word: String, isNegated: Bool
  ) -> String {
    // SQLite takes a tree of at most 1,000 levels, and a chain of equal words is one as deep as long.
    var level = parts.map { sql($0, isNegated: isNegated) }
    while level.count > 1 {
      level = stride(from: 0, to: level.count, by: 64).map { start in
        "(" + level[start..<Swift.min(start + 64, level.count)].joined(separator: word) + ")"
      }
    }
    return level.first ?? "1"
  }

  // MARK: - Tests of one field

  private mutating func test(_ condition: QueryCondition) -> String {
    if let ids = condition.ids {
      // The table of runs finds them by their names, however many there are.
      return "run.name IN (\(ids.map { parameter($0.databaseValue) }.joined(separator: ", ")))"
    }
    switch condition {
    case .has(let field):
      guard field.isPlain else { return ask(condition, about: [field]) }
      return "\(value(of: field)) IS NOT NULL"
    case .compare(let field, let comparison, .literal(let literal)):
      guard field.isPlain, literal.isScalar else { return ask(condition, about: [field]) }
      return compare(value(of: field), comparison, literal, isWord: field.kind == .word)
    case .oneOf(let field, let literals):
      guard field.isPlain, literals.allSatisfy(\.isScalar) else {
        return ask(condition, about: [field])
      }
      let value = value(of: field)
      return literals.map { compare(value, .equal, $0, isWord: field.kind == .word) }
        .joined(separator: " OR ")
    case .compare(let field, _, .field(let other)), .member(.field(let other), of: let field):
      return ask(condition, about: [field, other])
    case .member(.literal, of: let field), .like(let field, _):
      return ask(condition, about: [field], needsValue: true)
    case .all, .any, .not:
      return sql(condition, isNegated: false)
    }
  }

  /// Compares a value with one that is no list: each type by itself, as they lie apart.
  private mutating func compare(
    _ value: String, _ comparison: QueryComparison, _ literal: QueryLiteral, isWord: Bool
  ) -> String {
    switch literal {
    case .value(let constant):
      return compare(value, comparison, constant, isWord: isWord)
    case .duration(let duration):
      let time = compare(
        value, comparison, literal.value(beside: .time(now), now: now), isWord: false)
      let seconds = compare(
        value, comparison, .double(duration.secondsForQueries), isWord: false)
      return "(\(time)) OR (\(seconds))"
    case .moment:
      return compare(value, comparison, literal.value(beside: .null, now: now), isWord: false)
    }
  }

  private mutating func compare(
    _ value: String, _ comparison: QueryComparison, _ constant: Value, isWord: Bool
  ) -> String {
    let stored = IndexValue(constant).stored
    let hasOrder: Bool =
      switch constant {
      case .int, .text, .time: true
      case .double(let number): !number.isNaN
      default: false
      }
    guard comparison.isOrder else {
      if constant.isNull { return "\(value) IS NULL OR \(value) = \(IndexValue.Mark.null.sql)" }
      return "\(value) = \(parameter(stored))\(isWord ? " COLLATE NOCASE" : "")"
    }
    guard hasOrder else { return "0" }
    let test = "\(value) \(comparison.rawValue) \(parameter(stored))"
    switch (comparison, constant) {
    case (.less, .int), (.less, .double), (.lessOrEqual, .int), (.lessOrEqual, .double): return test
    case (.less, .text), (.lessOrEqual, .text): return "\(test) AND \(value) >= ''"
    case (.less, _), (.lessOrEqual, _):
      return "\(test) AND \(value) >= \(IndexValue.Mark.time.sql)"
    case (_, .int), (_, .double): return "\(test) AND \(value) < ''"
    case (_, .text): return "\(test) AND \(value) < x''"
    default: return "\(test) AND \(value) < \(IndexValue.Mark.no.sql)"
    }
  }

  // MARK: - Asking the evaluator

  /// Asks the evaluator whether a condition holds, with the values that it needs.
  ///
  /// - Parameters:
  ///   - condition: A test of one or two fields.
  ///   - fields: The fields.
  ///   - needsValue: Whether the condition cannot hold where the run has nothing.
  /// - Returns: An expression that is never NULL, or NULL where there is no value and one is needed.
  private mutating func ask(
    _ condition: QueryCondition, about fields: [QueryField], needsValue: Bool = false
  ) -> String {
    let now = now
    let call = call(about: fields) { condition.holds(for: $0, now: now).databaseValue }
    guard needsValue, let field = fields.first, field.isPlain else { return call }
    return "\(value(of: field)) IS NOT NULL AND \(call)"
  }

  /// What a run has of the fields of one condition.
  private struct IndexedSubject: QuerySubject {
    var values: [QueryField.Reading: Value]

    func value(of reading: QueryField.Reading) -> Value? {
      if let value = values[reading] { return value }
      guard case .entry(_, let path) = reading else { return nil }
      for container in reading.containers {
        guard case .entry(_, let start) = container, let value = values[container] else { continue }
        return value.value(at: path.dropFirst(start.count))
      }
      return nil
    }
  }

  // MARK: - Sorting

  /// A term of an ORDER BY.
  struct Term {
    var expression: String
    /// Which way it goes, as it is written behind the expression.
    var direction = ""
  }

  /// What runs are sorted by.
  mutating func terms(of order: RunOrder) -> [Term] {
    var value = "NULLIF(\(self.value(of: order.field)), \(IndexValue.Mark.null.sql))"
    if !order.field.isPlain { value = element(of: order.field) }
    let missing = "\(value) >= \(IndexValue.Mark.nan.sql)"
    var terms =
      order.isDescending
      ? [
        Term(expression: "(\(value) IS NULL OR \(missing))"),
        Term(expression: "CASE WHEN \(missing) THEN 0 END", direction: "NULLS LAST"),
        Term(expression: value, direction: "DESC"),
      ]
      : [Term(expression: value, direction: "NULLS LAST")]
    if let lists = listKey(of: order.field) {
      terms.append(Term(expression: lists, direction: order.isDescending ? "DESC" : ""))
    }
    return terms
  }

  /// What lists are sorted by among each other; `nil` if no run has one there.
  private mutating func listKey(of field: QueryField) -> String? {
    let contents = field.readings.compactMap { column(of: $0)?.content }
    guard !contents.isEmpty, field.isPlain else { return nil }
    if !functions.contains(where: { $0.name == ListKey.function.name }) {
      functions.append(ListKey.function)
    }
    return "\(ListKey.function.name)((SELECT value FROM content WHERE id = \(content(of: field))))"
  }

  /// The value of an element of a list, whose place SQLite cannot find.
  private mutating func element(of field: QueryField) -> String {
    let call = call(about: [field]) { subject in
      guard let value = subject.value(of: field) else { return nil }
      guard case .list(let elements) = value.queryForm else { return IndexValue(value).stored }
      return DatabaseValue(bytes: [IndexValue.Mark.list.rawValue] + ListKey.bytes(of: elements))
    }
    return "NULLIF(\(call), \(IndexValue.Mark.null.sql))"
  }

  /// Calls a function with all that a run has of some fields.
  private mutating func call(
    about fields: [QueryField],
    _ body: @escaping @Sendable (IndexedSubject) -> DatabaseValue?
  ) -> String {
    var readings: [QueryField.Reading] = []
    var values: [String] = []
    for reading in fields.flatMap(\.readings).flatMap({ [$0] + $0.containers }) {
      guard !readings.contains(reading), let column = column(of: reading) else { continue }
      readings.append(reading)
      let content = column.content.map { "(SELECT value FROM content WHERE id = \($0))" }
      values += [column.value, content ?? "NULL"]
    }
    let name = "grail_ask_\(functions.count)"
    let present = readings
    functions.append(
      DatabaseFunction(name, argumentCount: values.count, pure: true) { arguments in
        var found: [QueryField.Reading: Value] = [:]
        for (place, reading) in present.enumerated() {
          found[reading] = IndexValue.value(arguments[2 * place], content: arguments[2 * place + 1])
        }
        return body(IndexedSubject(values: found))
      })
    return "\(name)(\(values.joined(separator: ", ")))"
  }

  // MARK: - Columns

  /// The value of the first reading that a run has.
  private mutating func value(of field: QueryField) -> String {
    let values = field.readings.compactMap { column(of: $0)?.value }
    if values.isEmpty { return "NULL" }
    return values.count == 1 ? values[0] : "COALESCE(\(values.joined(separator: ", ")))"
  }

  private mutating func content(of field: QueryField) -> String {
    let columns = field.readings.compactMap { column(of: $0) }
    let cases = columns.map { "WHEN \($0.value) IS NOT NULL THEN \($0.content ?? "NULL")" }
    return cases.isEmpty ? "NULL" : "CASE \(cases.joined(separator: " ")) END"
  }

  private mutating func column(of reading: QueryField.Reading) -> Column? {
    if let known = columns[reading] { return known }
    let column = newColumn(of: reading)
    columns[reading] = .some(column)
    return column
  }

  private mutating func newColumn(of reading: QueryField.Reading) -> Column? {
    guard case .metric(let name, let statistic) = reading else {
      guard let path = names.path(of: reading) else { return nil }
      let table = "e\(path.id)"
      joins.append(
        "LEFT JOIN entry \(table) ON \(table).path = \(path.id) AND \(table).run = run.id")
      return Column(
        value: "\(table).value", content: path.hasContent ? "\(table).content" : nil)
    }
    guard let metric = names.metric(name) else { return nil }
    let table = "m\(metric)"
    let join = "LEFT JOIN summary \(table) ON \(table).metric = \(metric) AND \(table).run = run.id"
    if !joins.contains(join) { joins.append(join) }
    let (value, content) = statistic.columns
    return Column(value: "\(table).\(value)", content: content.map { "\(table).\($0)" })
  }

  private mutating func parameter(_ value: DatabaseValue) -> String {
    let name = "p\(arguments.count)"
    arguments[name] = value
    return ":\(name)"
  }
}

extension QueryField {
  /// Whether each of its readings has a row of its own in the index.
  fileprivate var isPlain: Bool { readings.allSatisfy(\.containers.isEmpty) }

  fileprivate var isID: Bool { readings == [.fixed(.id)] }
}

extension QueryCondition {
  /// The ids that a run has one of, if that is all that the condition says.
  fileprivate var ids: [String]? {
    switch self {
    case .compare(let field, .equal, .literal(let literal)) where field.isID: Self.ids([literal])
    case .oneOf(let field, let literals) where field.isID: Self.ids(literals)
    default: nil
    }
  }

  private static func ids(_ literals: [QueryLiteral]) -> [String]? {
    var ids: [String] = []
    for literal in literals {
      switch literal {
      case .value(.int(let number)): ids.append(String(number))
      // A text that is a number is no run's id: that would be the number.
      case .value(.text(let text)): if Value.id(text) == .text(text) { ids.append(text) }
      default: return nil
      }
    }
    return ids
  }
}

extension QueryLiteral {
  /// Whether it is neither a list nor anything else that the index keeps apart.
  fileprivate var isScalar: Bool {
    guard case .value(let value) = self else { return true }
    return IndexValue(value).content == nil
  }
}

/// Reads a query.
///
/// Parentheses and `not` may lie in each other ``depthLimit`` deep, and lists
/// ``listDepthLimit``; all else takes no depth.
struct QueryParser {
  /// How deep parentheses and `not` may lie in each other.
  static let depthLimit = 200
  /// How deep lists may lie in each other.
  static let listDepthLimit = 20

  private(set) var lexer: QueryLexer
  private var token = QueryToken.end
  private var columns = 0..<0
  private var depth = 0
  private var listDepth = 0
  /// The fields of the query and where they stand.
  private(set) var places: [Query.Place] = []

  init(_ query: String) throws(QueryError) {
    lexer = try QueryLexer(query)
    try advance()
  }

  private mutating func advance() throws(QueryError) { (token, columns) = try lexer.next() }

  private mutating func skip(_ word: String) throws(QueryError) -> Bool {
    guard token.isWord(word) else { return false }
    try advance()
    return true
  }

  private func error(_ message: String, at columns: Range<Int>? = nil) -> QueryError {
    lexer.error(message, at: columns ?? self.columns)
  }

  /// The word that comes next, for a message.
  private var found: String { found(columns) }

  private func found(_ columns: Range<Int>) -> String {
    guard !columns.isEmpty else { return "the end of the query" }
    let text = lexer.written(columns)
    let shown = text.unicodeScalars.map { TerminalCharacter.isVisible($0) ? $0 : "\u{FFFD}" }
    var word = String.UnicodeScalarView()
    word.append(contentsOf: shown.prefix(40))
    return "'\(String(word))\(shown.count > 40 ? "…" : "")'"
  }

  /// Reads the whole query; `nil` if it asks nothing.
  mutating func query() throws(QueryError) -> QueryCondition? {
    if token == .end { return nil }
    let condition = try condition()
    guard token == .end else { throw unexpected() }
    return condition
  }

  /// Reads a query that is nothing but the name of a field.
  mutating func onlyField() throws(QueryError) -> QueryField {
    guard case .name(let parts) = token else {
      throw error("\(found) is no field; write a name such as config.layers or metrics.loss.min")
    }
    let field = try field(parts, at: columns)
    try advance()
    guard token == .end else { throw error("\(found) follows the name; a field is one name") }
    return field
  }

  /// What is wrong with a word behind a whole condition.
  private func unexpected() -> QueryError {
    switch token {
    case .close: return error("')' has no '('")
    case .sign("&"), .sign("&&"): return error("\(found) is written 'and'")
    case .sign("|"), .sign("||"): return error("\(found) is written 'or'")
    case .sign where Self.operators.contains(found.dropFirst().dropLast()[...]):
      return error(
        "a comparison has two sides; write 'and' for a second one: 0.1 < x and x < 0.5")
    default:
      return error("\(found) follows a whole condition; between conditions stands 'and' or 'or'")
    }
  }

  private static let operators: [Substring] = [
    "==", "=", "!=", "<", "<=", ">", ">=", "~", "=~", "!~",
  ]

  // MARK: Conditions

  private mutating func deepen() throws(QueryError) {
    depth += 1
    guard depth <= Self.depthLimit else {
      throw error("parentheses and 'not' lie in each other more than \(Self.depthLimit) deep")
    }
  }

  /// Conditions of which not all are read yet: what stands before an opened parenthesis.
  private struct Level {
    /// What stands between `or`, and what between `and` behind the last `or`.
    var choices: [QueryCondition] = []
    var parts: [QueryCondition] = []
    /// How often `not` stands before the part that comes next.
    var negations = 0
    /// Where the parenthesis of the part that comes next is.
    var start = 0..<0
  }

  /// Reads conditions up to the end, or to what can be none.
  ///
  /// The levels are kept here, and not by calling itself, so that depth takes no stack.
  private mutating func condition() throws(QueryError) -> QueryCondition {
    var outer: [Level] = []
    var level = Level()
    while true {
      level.negations = 0
      while try skip("not") {
        try deepen()
        level.negations += 1
      }
      if token == .open {
        level.start = columns
        try deepen()
        try advance()
        outer.append(level)
        level = Level()
        continue
      }
      var part = try test()
      while true {
        depth -= level.negations
        for _ in 0..<level.negations { part = .not(part) }
        level.parts.append(part)
        if try skip("and") { break }
        level.choices.append(level.parts.count == 1 ? level.parts[0] : .all(level.parts))
        level.parts = []
        if try skip("or") { break }
        part = level.choices.count == 1 ? level.choices[0] : .any(level.choices)
        guard let last = outer.popLast() else { return part }
        level = last
        guard token == .close else {
          if token == .end { throw error("'(' has no ')'", at: level.start) }
          throw unexpected()
        }
        try advance()
        depth -= 1
      }
    }
  }

  /// Reads a condition without `and`, `or`, `not` and parentheses.
  private mutating func test() throws(QueryError) -> QueryCondition {
    if try skip("has") {
      guard case .name(let parts) = token else {
        throw error("\(found) follows 'has', which asks for a field: has config.alpha")
      }
      let field = try field(parts, at: columns)
      try advance()
      return .has(field)
    }
    let start = columns
    let left = try operand()
    let side = columns
    switch token {
    case .sign(let sign):
      try advance()
      switch sign {
      case "~", "=~", "!~": return try like(left, at: start, sign, at: side)
      default: return try comparison(left, at: start, sign, at: side)
      }
    case .name where token.isWord("in"):
      try advance()
      return try membership(left, at: start)
    case .name where token.isWord("not"):
      try advance()
      guard try skip("in") else {
        throw error("'not' stands before a condition, or before 'in'", at: side)
      }
      return .not(try membership(left, at: start))
    default:
      return try alone(left, at: start)
    }
  }

  /// A field without a comparison, which asks whether it is true.
  private func alone(
    _ operand: Operand, at place: Range<Int>
  ) throws(QueryError) -> QueryCondition {
    guard case .field(let field) = operand else {
      throw error(
        "\(found(place)) says nothing alone; compare a field with it, as in layers == 7", at: place)
    }
    let kind = field.kind
    guard kind == .flag || kind == .any && field.isRooted else {
      let name = field.description
      throw error(
        "\(found(place)) says nothing alone; write '\(name) == …', or 'has \(name)' to ask whether "
          + "a run has it", at: place)
    }
    return .compare(field, .equal, .literal(.value(.bool(true))))
  }

  // MARK: Comparisons

  private mutating func comparison(
    _ left: Operand, at start: Range<Int>, _ sign: String, at side: Range<Int>
  ) throws(QueryError) -> QueryCondition {
    guard let comparison = QueryComparison(rawValue: sign == "=" ? "==" : sign) else {
      throw error(
        "'\(sign)' compares nothing; there are == != < <= > >=, 'in', '~' and '=~', and 'and', "
          + "'or', 'not' between conditions", at: side)
    }
    let place = columns
    switch (left, try operand(beside: left)) {
    case (.field(let field), .literal(let literal)):
      let literal = try check(field, comparison, literal, at: place)
      return .compare(field, comparison, .literal(literal))
    case (.literal(let literal), .field(let field)):
      let literal = try check(field, comparison.exchanged, literal, at: start)
      return .compare(field, comparison.exchanged, .literal(literal))
    case (.field(let field), .field(let other)):
      if other.kind == .word, !field.isRooted {
        throw error(
          "with '\(other)' on the left its words need no quotes: "
            + "\(other) \(comparison.exchanged.rawValue) \(field)", at: start)
      }
      for (field, place) in [(field, start), (other, place)] where field.kind == .section {
        throw error("'\(field)' is a whole section; name an entry: \(field).NAME", at: place)
      }
      return .compare(field, comparison, .field(other))
    case (.literal, .literal):
      throw error(
        "two values are compared; one of them must be a field, as in layers == 7",
        at: start.lowerBound..<place.upperBound)
    }
  }

  private mutating func like(
    _ left: Operand, at start: Range<Int>, _ sign: String, at side: Range<Int>
  ) throws(QueryError) -> QueryCondition {
    guard case .field(let field) = left else {
      throw error("a field stands to the left of '\(sign)', as in name ~ \"digits*\"", at: start)
    }
    switch field.kind {
    case .any, .text, .texts, .word, .id: break
    default:
      throw error("'\(field)' is no text, and only texts have patterns", at: start)
    }
    guard case .text(let written) = token else {
      throw error("\(found) follows '\(sign)', which asks for a pattern in quotes: \"digits*\"")
    }
    let syntax: QueryPattern.Syntax = sign == "=~" ? .expression : .glob
    let pattern: QueryPattern
    do {
      pattern = try QueryPattern(written, as: syntax, ignoresCase: field.kind == .word)
    } catch {
      let offset = min(columns.lowerBound + 1 + error.offset, columns.upperBound - 1)
      throw self.error(error.message, at: offset..<offset + 1)
    }
    try advance()
    return sign == "!~" ? .not(.like(field, pattern)) : .like(field, pattern)
  }

  private mutating func membership(
    _ left: Operand, at start: Range<Int>
  ) throws(QueryError) -> QueryCondition {
    switch token {
    case .open, .openList:
      guard case .field(let field) = left else {
        throw error("a field stands to the left of 'in (…)'", at: start)
      }
      return .oneOf(field, try choices(for: field))
    case .name(let parts):
      let field = try field(parts, at: columns)
      switch field.kind {
      case .any, .text, .texts, .section: break
      default:
        throw error("'\(field)' holds one value, so nothing is in it; write == instead of 'in'")
      }
      if field.kind == .text || field.kind == .texts, case .literal(let literal) = left {
        guard case .value(.text) = literal else {
          throw error("'\(field)' holds text; write \(found(start)) in quotes", at: start)
        }
      }
      try advance()
      switch left {
      case .field(let other): return .member(.field(other), of: field)
      case .literal(let literal): return .member(.literal(literal), of: field)
      }
    default:
      throw error(
        "\(found) follows 'in', which asks for values in parentheses or for a field: "
          + "status in (completed, running), \"best\" in tags")
    }
  }

  /// Reads the values of `in (…)`.
  private mutating func choices(for field: QueryField) throws(QueryError) -> [QueryLiteral] {
    let start = columns
    let end: QueryToken = token == .open ? .close : .closeList
    try advance()
    var choices: [QueryLiteral] = []
    while token != end {
      if !choices.isEmpty {
        guard token == .comma else {
          if token == .end { throw error("the list that begins here has no end", at: start) }
          throw error("\(found) stands in a list, whose values are parted by commas")
        }
        try advance()
      }
      let place = columns
      guard case .literal(let literal) = try operand(beside: .field(field)) else {
        throw error("a list holds values, not fields; a text is written in quotes", at: place)
      }
      choices.append(try check(field, .equal, literal, at: place))
    }
    guard !choices.isEmpty else {
      throw error("nothing is in an empty list", at: start.lowerBound..<columns.upperBound)
    }
    try advance()
    return choices
  }

  // MARK: Operands

  private typealias Operand = QueryOperand

  private mutating func field(
    _ parts: [QueryField.Part], at columns: Range<Int>
  ) throws(QueryError) -> QueryField {
    if parts.count == 1, !parts[0].isQuoted {
      let word = parts[0].text.lowercased()
      if QueryText.keywords.contains(word) || QueryText.values[word] != nil {
        throw error(
          "'\(parts[0].text)' is a word of the language; an entry of that name is "
            + "'config.\(parts[0].text)'", at: columns)
      }
    }
    do {
      let field = try QueryField(parts: parts)
      places.append(Query.Place(field: field, columns: columns))
      return field
    } catch {
      throw self.error(error.message, at: columns)
    }
  }

  /// Reads a field or a value.
  ///
  /// - Parameter other: What stands on the other side, if that was read before: its words need no
  ///   quotes, and any other word has to say that it is a field.
  /// - Returns: The field or the value.
  /// - Throws: What is wrong.
  private mutating func operand(beside other: Operand? = nil) throws(QueryError) -> Operand {
    let place = columns
    switch token {
    case .name(let parts):
      if let literal = moment(parts) {
        try advance()
        return .literal(try offset(literal))
      }
      if case .field(let field) = other {
        if parts.count == 1, let text = try word(parts[0], beside: field) {
          try advance()
          return .literal(.value(.text(text)))
        }
        let right = try self.field(parts, at: place)
        guard right.isRooted || parts[0].isQuoted else { throw bare(parts, beside: field) }
        try advance()
        return .field(right)
      }
      let field = try field(parts, at: place)
      try advance()
      return .field(field)
    case .text(let written):
      let text = try lexer.unescaped(written, at: columns.lowerBound + 1)
      try advance()
      return .literal(.value(.text(text)))
    case .number(let text):
      let literal = try number(text, at: place)
      try advance()
      return .literal(literal)
    case .openList: return .literal(.value(try list()))
    default:
      throw error("\(found) is found where a field or a value is expected")
    }
  }

  /// A value that is written as a word: `true`, `null`, `today-2d`.
  private func moment(_ parts: [QueryField.Part]) -> QueryLiteral? {
    guard parts.count == 1, !parts[0].isQuoted else { return nil }
    let word = parts[0].text.lowercased()
    return QueryText.values[word] ?? QueryText.moment(word)
  }

  /// Takes the distance behind `now`, `today` or `yesterday`, if one follows.
  private mutating func offset(_ literal: QueryLiteral) throws(QueryError) -> QueryLiteral {
    guard case .moment(var moment) = literal, moment.offset == .zero,
      case .number(let text) = token,
      text.hasPrefix("+") || text.hasPrefix("-")
    else { return literal }
    guard case .value(let offset) = DurationText.read(text) else {
      throw error("\(found) is no distance in time; write one as -2d or +1h30m")
    }
    try advance()
    moment.offset = offset
    return .moment(moment)
  }

  /// The word of a field, such as a status, that needs no quotes beside it.
  private func word(
    _ part: QueryField.Part, beside field: QueryField
  ) throws(QueryError) -> String? {
    let words = field.words
    guard !part.isQuoted, !words.isEmpty else { return nil }
    let word = part.text.lowercased()
    if let known = words.first(where: { $0.lowercased() == word }) { return known }
    if (try? QueryField(parts: [part]))?.isRooted == true { return nil }
    let near = words.closest(to: part.text).map { "; did you mean '\($0)'?" } ?? ""
    throw error(
      "'\(part.text)' is no \(field) that is known: \(words.joined(separator: ", "))\(near) Another "
        + "one is written in quotes")
  }

  /// What is wrong with a word on the right that is neither a value nor says that it is a field.
  private func bare(_ parts: [QueryField.Part], beside field: QueryField) -> QueryError {
    let name = parts.map(\.text).joined(separator: ".")
    var near = ""
    if !field.isRooted, field.parts.count == 1,
      let root = QueryField.roots.sorted().closest(to: field.parts[0].text)
    {
      near = ". Or did you mean '\(root)' on the left?"
    }
    return error(
      "\(found) may be a text or a field: write \(QueryText.quoted(name)) for the text, "
        + "config.\(name) for the entry\(near)")
  }

  /// Reads a list of values.
  private mutating func list() throws(QueryError) -> Value {
    let start = columns
    listDepth += 1
    guard listDepth <= Self.listDepthLimit else {
      throw error("lists lie in each other more than \(Self.listDepthLimit) deep")
    }
    try advance()
    var elements: [Value] = []
    while token != .closeList {
      if !elements.isEmpty {
        guard token == .comma else {
          if token == .end { throw error("the list that begins here has no end", at: start) }
          throw error("\(found) stands in a list, whose values are parted by commas")
        }
        try advance()
      }
      let place = columns
      guard case .literal(.value(let value)) = try operand() else {
        throw error(
          "a list holds numbers, texts, times, true, false and null; a text is written in quotes",
          at: place)
      }
      elements.append(value)
    }
    try advance()
    listDepth -= 1
    return .list(elements)
  }
}

extension Query: CustomStringConvertible {
  /// The query in its one form, which reads as the same query.
  public var description: String { condition?.description ?? "" }
}

extension QueryCondition: CustomStringConvertible {
  /// The condition in its one form, which reads as the same condition.
  package var description: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .all(let parts): write(parts, between: " and ", to: &text)
    case .any(let parts): write(parts, between: " or ", to: &text)
    case .not(let part):
      text += "not "
      write(part, to: &text)
    default: text += test
    }
  }

  private func write(_ parts: [QueryCondition], between word: String, to text: inout String) {
    var isFirst = true
    for part in parts {
      if !isFirst { text += word }
      isFirst = false
      write(part, to: &text)
    }
  }

  /// Adds a part of this condition, in parentheses where it needs them.
  private func write(_ part: QueryCondition, to text: inout String) {
    switch (self, part) {
    case (.any, .any), (.all, .any), (.all, .all), (.not, .any), (.not, .all):
      text += "("
      part.write(to: &text)
      text += ")"
    default: part.write(to: &text)
    }
  }

  /// The condition, if it has no others in it.
  private var test: String {
    switch self {
    case .all, .any, .not: ""
    case .has(let field): "has \(field)"
    case .compare(let field, let comparison, .field(let other)):
      "\(field) \(comparison.rawValue) \(other)"
    case .compare(let field, let comparison, .literal(let literal)):
      "\(field) \(comparison.rawValue) \(literal.text(beside: field))"
    case .oneOf(let field, let literals):
      "\(field) in (" + literals.map { $0.text(beside: field) }.joined(separator: ", ") + ")"
    case .member(.field(let other), of: let field): "\(other) in \(field)"
    case .member(.literal(let literal), of: let field): "\(literal) in \(field)"
    case .like(let field, let pattern): "\(field) \(pattern.syntax.rawValue) \(pattern)"
    }
  }
}

extension QueryField: CustomStringConvertible {
  /// The name as it is written.
  public var description: String {
    parts.enumerated().map { index, part in
      if !part.isQuoted { return part.text }
      return QueryText.quoted(part.text, by: index == 0 ? "`" : "\"")
    }.joined(separator: ".")
  }
}

extension QueryPattern: CustomStringConvertible {
  /// The pattern in quotes, in which only the quote itself needs a backslash.
  package var description: String {
    var result = String.UnicodeScalarView(["\""])
    var rest = Substring(text).unicodeScalars
    while let scalar = rest.popFirst() {
      if scalar == "\"" { result.append("\\") }
      result.append(scalar)
      if scalar == "\\", let next = rest.popFirst() { result.append(next) }
    }
    result.append("\"")
    return String(result)
  }
}

extension QueryLiteral: CustomStringConvertible {
  /// The value as a query holds it.
  package var description: String { text(beside: nil) }

  /// The value as a query holds it beside a field.
  func text(beside field: QueryField?) -> String {
    switch self {
    case .value(.text(let word)) where field?.words.contains(word) == true: return word
    case .value(let value): return value.queryText
    case .duration(let duration):
      let sign = field?.kind == .time && duration >= .zero ? "+" : ""
      return sign + DurationText.text(of: duration)
    case .moment(let moment):
      if moment.offset == .zero { return moment.anchor.rawValue }
      let sign = moment.offset > .zero ? "+" : ""
      return "\(moment.anchor.rawValue) \(sign)\(DurationText.text(of: moment.offset))"
    }
  }
}

extension QueryLiteral {
  /// Whether two values are written alike; nan is the same as nan here.
  package static func == (left: QueryLiteral, right: QueryLiteral) -> Bool {
    switch (left, right) {
    case (.value(let one), .value(let other)):
      one.queryText.utf8.elementsEqual(other.queryText.utf8)
    case (.duration(let one), .duration(let other)): one == other
    case (.moment(let one), .moment(let other)): one == other
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(description) }
}

extension Value {
  /// The value as a query holds it; what a query cannot hold is its shown form in quotes.
  fileprivate var queryText: String {
    switch self {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .int(let number): String(number)
    case .double(let number):
      number.isNaN ? "nan" : number.isInfinite ? (number < 0 ? "-inf" : "inf") : String(number)
    case .text(let text): QueryText.quoted(text)
    case .time(let time): time.description
    case .list(let elements): "[" + elements.map(\.queryText).joined(separator: ", ") + "]"
    case .bytes, .map, .opaque: QueryText.quoted(description)
    }
  }
}

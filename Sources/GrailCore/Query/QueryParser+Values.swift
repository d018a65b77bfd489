extension QueryParser {
  /// Reads what begins like a number: a number, a length of time, a size, a time.
  func number(_ text: String, at columns: Range<Int>) throws(QueryError) -> QueryLiteral {
    let digits = text.drop { $0 == "+" || $0 == "-" }
    if ["inf", "infinity"].contains(digits.lowercased()) {
      return .value(.double(text.hasPrefix("-") ? -.infinity : .infinity))
    }
    if digits.utf8.allSatisfy({ (48...57).contains($0) }) {
      guard let number = Int64(text) else {
        throw lexer.error(
          "'\(text)' is beyond the whole numbers of 64 bits; write it with an exponent, as 1e19",
          at: columns)
      }
      return .value(.int(number))
    }
    let isDecimal = text.utf8.allSatisfy { byte in
      (48...57).contains(byte) || ".eE+-".utf8.contains(byte)
    }
    if isDecimal, let number = Double(text) {
      guard number.isFinite else {
        throw lexer.error("'\(text)' is too great for a number; write inf", at: columns)
      }
      return .value(.double(number))
    }
    switch DurationText.read(text) {
    case .value(let duration): return .duration(duration)
    case .outOfRange:
      throw lexer.error("'\(text)' is too long a time", at: columns)
    case .notADuration: break
    }
    if let time = Timestamp(isoText: text) { return .value(.time(time)) }
    if let byteCount = SizeText.read(text) { return .value(.int(byteCount)) }
    throw lexer.error(
      "'\(text)' is no number (7, 0.1, 1e-3), length of time (90s, 1h30m, -7d), size (64MiB) or "
        + "time (2026-11-01, 2026-11-01T09:30); a text is written in quotes", at: columns)
  }

  /// Sees to it that a field can compare so with a value.
  ///
  /// - Parameters:
  ///   - field: The field.
  ///   - comparison: How they compare.
  ///   - literal: The value as it is written.
  ///   - columns: Where the value stands.
  /// - Returns: The value, in the form that the field needs.
  /// - Throws: Why they do not compare.
  func check(
    _ field: QueryField, _ comparison: QueryComparison, _ literal: QueryLiteral,
    at columns: Range<Int>
  ) throws(QueryError) -> QueryLiteral {
    let written = lexer.written(columns)
    func wrong(_ message: String) -> QueryError { lexer.error(message, at: columns) }
    if comparison.isOrder {
      switch literal {
      case .value(.null), .value(.bool), .value(.list):
        throw wrong("'\(written)' is neither less nor greater than anything; write == or !=")
      case .value(.double(let number)) where number.isNaN:
        throw wrong("nothing is less or greater than nan; write == nan to find it")
      default: break
      }
    }
    if field.kind == .texts, case .value(.list) = literal { return literal }
    switch (field.kind, literal) {
    case (.section, _):
      throw wrong("'\(field)' is a whole section; name an entry: \(field).NAME")
    case (.any, _), (_, .value(.null)): break
    case (.texts, _):
      throw wrong("'\(field)' holds several texts; write \"…\" in \(field), or \(field) ~ \"…\"")
    case (.text, .value(.text)): break
    case (.text, _): throw wrong("'\(field)' is a text; write it in quotes")
    case (.word, .value(.text)):
      if comparison.isOrder { throw wrong("'\(field)' has no order; write == or in (…)") }
    case (.word, _): throw wrong("'\(field)' is a word, such as \(field.words[0])")
    case (.id, .value(.int)): break
    case (.id, .value(.text(let text))):
      // A number in quotes is the same id.
      return Value.id(text) == .text(text) ? literal : .value(Value.id(text))
    case (.id, _): throw wrong("'\(field)' is a whole number, or a name in quotes")
    case (.number, .value(.int)), (.number, .value(.double)), (.number, .duration): break
    case (.number, _): throw wrong("'\(field)' is a number")
    case (.flag, .value(.bool)): break
    case (.flag, _): throw wrong("'\(field)' is true or false")
    case (.duration, .value(.int)), (.duration, .value(.double)), (.duration, .duration): break
    case (.duration, .value(.text(let text))):
      if case .value(let duration) = DurationText.read(text) { return .duration(duration) }
      throw wrong("'\(text)' is no length of time; write 90s, 1h30m or a number of seconds")
    case (.duration, _): throw wrong("'\(field)' is a length of time: 90s, 1h30m")
    case (.time, _): return try checkTime(field, comparison, literal, at: columns)
    }
    return literal
  }

  private func checkTime(
    _ field: QueryField, _ comparison: QueryComparison, _ literal: QueryLiteral,
    at columns: Range<Int>
  ) throws(QueryError) -> QueryLiteral {
    let written = lexer.written(columns)
    func wrong(_ message: String) -> QueryError { lexer.error(message, at: columns) }
    var literal = literal
    if case .value(.text(let text)) = literal {
      guard let time = Timestamp(isoText: text) else {
        throw wrong("'\(text)' is no time; write 2026-11-01 or 2026-11-01T09:30")
      }
      literal = .value(.time(time))
    }
    let isDay: Bool
    switch literal {
    case .value(.time): isDay = !written.contains(":")
    case .moment(let moment): isDay = moment.anchor != .now && moment.offset == .zero
    case .duration:
      guard written.hasPrefix("-") || written.hasPrefix("+") || written.hasPrefix("\"") else {
        throw wrong("'\(written)' is a length of time; write -\(written) for the time so long ago")
      }
      isDay = false
    default:
      throw wrong(
        "'\(field)' is a time; write 2026-11-01, 2026-11-01T09:30, today or, for a week ago, -7d")
    }
    if isDay, !comparison.isOrder {
      throw wrong(
        "'\(written)' is the beginning of a day, which '\(field)' hardly ever is exactly; write "
          + "\(field) >= … and \(field) < …")
    }
    return literal
  }
}

extension Query {
  /// Whether a run is one of those that are asked for.
  ///
  /// A condition holds or it does not; there is no third answer. What a run does not have
  /// compares like null: it equals null alone, and is neither less nor greater than anything.
  ///
  /// - Parameters:
  ///   - subject: The run.
  ///   - now: The present moment, which `now`, `today` and `-7d` count from.
  /// - Returns: Whether the condition holds.
  package func matches(_ subject: some QuerySubject, now: Timestamp) -> Bool {
    condition?.holds(for: subject, now: now) ?? true
  }
}

extension QueryCondition {
  /// Whether the condition holds for a run.
  package func holds(for subject: some QuerySubject, now: Timestamp) -> Bool {
    switch self {
    case .all(let parts): parts.allSatisfy { $0.holds(for: subject, now: now) }
    case .any(let parts): parts.contains { $0.holds(for: subject, now: now) }
    case .not(let part): !part.holds(for: subject, now: now)
    case .has(let field): subject.value(of: field) != nil
    case .compare(let field, let comparison, let operand):
      Self.compare(
        subject.value(of: field) ?? .null, comparison, operand, for: subject, now: now,
        ignoringCase: field.kind == .word)
    case .oneOf(let field, let literals):
      Self.isOne(
        of: literals, subject.value(of: field) ?? .null, now: now,
        ignoringCase: field.kind == .word)
    case .member(let operand, of: let field):
      subject.value(of: field).map { container in
        Self.isMember(operand, of: container, for: subject, now: now)
      } ?? false
    case .like(let field, let pattern):
      subject.value(of: field).map { value in
        value.patternTexts(isID: field.kind == .id).contains { pattern.matches($0) }
      } ?? false
    }
  }

  private static func compare(
    _ left: Value, _ comparison: QueryComparison, _ operand: QueryOperand,
    for subject: some QuerySubject, now: Timestamp, ignoringCase: Bool
  ) -> Bool {
    let right = value(of: operand, beside: left, for: subject, now: now)
    return switch comparison {
    case .equal: left.equals(right, ignoringCase: ignoringCase)
    case .unequal: !left.equals(right, ignoringCase: ignoringCase)
    case .less: left.order(to: right) == .before
    case .lessOrEqual: left.order(to: right).map { $0 != .behind } ?? false
    case .greater: left.order(to: right) == .behind
    case .greaterOrEqual: left.order(to: right).map { $0 != .before } ?? false
    }
  }

  private static func isOne(
    of literals: [QueryLiteral], _ value: Value, now: Timestamp, ignoringCase: Bool
  ) -> Bool {
    literals.contains {
      value.equals($0.value(beside: value, now: now), ignoringCase: ignoringCase)
    }
  }

  /// Whether a list holds an equal element, a text a text, or a map an entry of that name.
  private static func isMember(
    _ operand: QueryOperand, of container: Value, for subject: some QuerySubject, now: Timestamp
  ) -> Bool {
    switch container {
    case .list(let elements):
      return elements.contains { element in
        element.equals(value(of: operand, beside: element, for: subject, now: now))
      }
    case .text(let text):
      let part = value(of: operand, beside: container, for: subject, now: now)
      return part.queryForm.textValue.map { text.holds($0) } ?? false
    case .map:
      let name = value(of: operand, beside: container, for: subject, now: now)
      return name.textValue.map { container.value(at: [$0]) != nil } ?? false
    default: return false
    }
  }

  private static func value(
    of operand: QueryOperand, beside other: Value, for subject: some QuerySubject, now: Timestamp
  ) -> Value {
    switch operand {
    case .field(let field): subject.value(of: field) ?? .null
    case .literal(let literal): literal.value(beside: other, now: now)
    }
  }
}

extension QueryLiteral {
  /// The value that is meant beside another.
  ///
  /// - Parameters:
  ///   - other: The other value; beside a time, a length of time counts from the present.
  ///   - now: The present moment.
  /// - Returns: The value.
  package func value(beside other: Value, now: Timestamp) -> Value {
    switch self {
    case .value(let value): value
    case .duration(let duration):
      if case .time = other {
        .time(now.advanced(by: duration))
      } else {
        .double(duration.secondsForQueries)
      }
    case .moment(let moment):
      .time(moment.anchor.time(at: now).advanced(by: moment.offset))
    }
  }
}

extension QueryLiteral.Moment.Anchor {
  /// The moment that is meant at another.
  fileprivate func time(at now: Timestamp) -> Timestamp {
    let day: Int64 = 86_400_000_000
    let rest = now.microseconds % day
    let sinceMidnight = rest < 0 ? rest + day : rest
    switch self {
    case .now: return now
    case .today: return now.advanced(by: .microseconds(-sinceMidnight))
    case .yesterday: return now.advanced(by: .microseconds(-sinceMidnight - day))
    }
  }
}

extension Timestamp {
  /// The moment so much later, or the last or first there is.
  fileprivate func advanced(by duration: Duration) -> Timestamp {
    let distance = Int64(clamping: duration.attoseconds / 1_000_000_000_000)
    let (sum, overflows) = microseconds.addingReportingOverflow(distance)
    return Timestamp(microseconds: overflows ? (distance < 0 ? .min : .max) : sum)
  }
}

extension Value {
  /// The texts that a pattern is looked for in.
  fileprivate func patternTexts(isID: Bool) -> [String] {
    switch self {
    case .text(let text): [text]
    case .list(let elements): elements.compactMap(\.textValue)
    case .int(let number): isID ? [String(number)] : []
    default: []
    }
  }
}

extension String {
  /// Whether another text stands in this one, character for character.
  ///
  /// - Complexity: O(*n* + *m*) in the lengths of both.
  fileprivate func holds(_ part: String) -> Bool {
    let wanted = Array(part.utf8)
    guard !wanted.isEmpty else { return true }
    // How much of the part's beginning is at its end too, for each of its beginnings.
    var borders = [0]
    var length = 0
    for byte in wanted.dropFirst() {
      while length > 0, wanted[length] != byte { length = borders[length - 1] }
      if wanted[length] == byte { length += 1 }
      borders.append(length)
    }
    length = 0
    for byte in utf8 {
      while length > 0, wanted[length] != byte { length = borders[length - 1] }
      if wanted[length] == byte { length += 1 }
      if length == wanted.count { return true }
    }
    return false
  }
}

import OrderedCollections
import TestSupport
import Testing

@testable import GrailCore

/// A run that has a value for some readings.
struct RandomSubject: QuerySubject {
  var values: [QueryField.Reading: Value]

  func value(of reading: QueryField.Reading) -> Value? { values[reading] }
}

extension QuerySource {
  mutating func subject(for fields: [QueryField]) -> RandomSubject {
    var subject = RandomSubject(values: [:])
    for reading in fields.flatMap(\.readings) where chance(60) { subject.values[reading] = value() }
    return subject
  }
}

extension QueryCondition {
  fileprivate var fields: [QueryField] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.fields)
    case .not(let part): part.fields
    case .has(let field), .oneOf(let field, _), .like(let field, _): [field]
    case .compare(let field, _, .field(let other)), .member(.field(let other), of: let field):
      [field, other]
    case .compare(let field, _, .literal), .member(.literal, of: let field): [field]
    }
  }
}

/// What a query means, said once more in the plainest way.
private enum Reference {
  /// A number's worth: all that matters here are what is told apart by a fraction of 40 bits, or is beyond
  /// any Int64.
  enum Worth: Equatable {
    case nan, number(sign: Int, scaled: Int128)

    init?(_ value: Value) {
      switch value {
      case .int(let number): self = .number(sign: 0, scaled: Int128(number) << 40)
      case .double(let number):
        if number.isNaN {
          self = .nan
        } else if abs(number) > 0x1p70 {
          // Equal to nothing but itself; the test's numbers have one such of each size.
          let size: Int128 = number.isInfinite ? 2 : 1
          self = .number(sign: number < 0 ? -1 : 1, scaled: number < 0 ? -size : size)
        } else {
          self = .number(sign: 0, scaled: Int128((number * 0x1p40).rounded(.down)))
        }
      default: return nil
      }
    }
  }

  /// -1, 0, 1, or `nil` where there is no order.
  static func order(_ left: Value, _ right: Value) -> Int? {
    if let one = Worth(left), let other = Worth(right) {
      guard case .number(let sign, let scaled) = one, case .number(let otherSign, let other) = other
      else { return nil }
      if sign != otherSign { return sign < otherSign ? -1 : 1 }
      return scaled == other ? 0 : scaled < other ? -1 : 1
    }
    if case .text(let one) = left, case .text(let other) = right {
      let (one, other) = (one.unicodeScalars.map(\.value), other.unicodeScalars.map(\.value))
      return one == other ? 0 : one.lexicographicallyPrecedes(other) ? -1 : 1
    }
    if case .time(let one) = left, case .time(let other) = right {
      return one == other ? 0 : one < other ? -1 : 1
    }
    return nil
  }

  static func equals(_ left: Value, _ right: Value) -> Bool {
    if let one = Worth(left), let other = Worth(right) { return one == other }
    if case .list(let one) = left, case .list(let other) = right {
      return one.count == other.count && (0..<one.count).allSatisfy { equals(one[$0], other[$0]) }
    }
    if left.isNull || right.isNull { return left.isNull && right.isNull }
    if case .bool(let one) = left, case .bool(let other) = right { return one == other }
    return order(left, right) == 0
  }

  static func find(_ field: QueryField, in subject: RandomSubject) -> Value? {
    field.readings.lazy.compactMap { subject.values[$0] }.first
  }

  static func holds(_ condition: QueryCondition, for subject: RandomSubject) -> Bool {
    func folded(_ value: Value, _ field: QueryField) -> Value {
      guard field.kind == .word, case .text(let text) = value else { return value }
      return .text(
        String(
          String.UnicodeScalarView(
            text.unicodeScalars.map {
              $0.isASCII ? Character($0).uppercased().unicodeScalars.first ?? $0 : $0
            }
          )))
    }
    func right(_ operand: QueryOperand, _ left: Value) -> Value {
      switch operand {
      case .field(let field): find(field, in: subject) ?? .null
      case .literal(let literal): literal.value(beside: left, now: ExampleRuns.now)
      }
    }
    switch condition {
    case .all(let parts): return !parts.map { holds($0, for: subject) }.contains(false)
    case .any(let parts): return parts.map { holds($0, for: subject) }.contains(true)
    case .not(let part): return holds(part, for: subject) == false
    case .has(let field): return find(field, in: subject) != nil
    case .oneOf(let field, let literals):
      return holds(
        .any(literals.map { .compare(field, .equal, .literal($0)) }), for: subject)
    case .compare(let field, let comparison, let operand):
      let left = find(field, in: subject) ?? .null
      let right = right(operand, left)
      let isEqual = equals(folded(left, field), folded(right, field))
      let order = order(left, right)
      switch comparison {
      case .equal: return isEqual
      case .unequal: return !isEqual
      case .less: return order == -1
      case .lessOrEqual: return order == -1 || order == 0
      case .greater: return order == 1
      case .greaterOrEqual: return order == 1 || order == 0
      }
    case .member(let operand, of: let field):
      switch find(field, in: subject) {
      case .list(let elements)?: return elements.contains { equals($0, right(operand, $0)) }
      case .text(let text)?:
        guard case .text(let part) = right(operand, .text(text)) else { return false }
        let (all, some) = (Array(text.utf8), Array(part.utf8))
        return (0...all.count).contains { all[$0...].starts(with: some) }
      default: return false
      }
    case .like(let field, let pattern):
      switch find(field, in: subject) {
      case .text(let text)?: return pattern.matches(text)
      case .list(let elements)?:
        return elements.contains { $0.textValue.map { pattern.matches($0) } ?? false }
      case .int(let number)?: return field.kind == .id && pattern.matches("\(number)")
      default: return false
      }
    }
  }
}

@Suite struct QueryPropertyTests {
  @Test func `what a tree prints reads as the same tree`() throws {
    var source = QuerySource(seed: 11)
    for _ in 0..<5000 {
      let query = Query(source.condition(depth: 4))
      do {
        let read = try Query(parsing: query.description)
        #expect(read == query, "\(query)")
        #expect(read.description == query.description)
      } catch {
        Issue.record("\(error.rendering)")
      }
    }
  }

  @Test func `a query means what the plain reference means`() {
    var source = QuerySource(seed: 12)
    var matches = 0
    for _ in 0..<5000 {
      let condition = source.condition(depth: 3)
      for _ in 0..<3 {
        let subject = source.subject(for: condition.fields)
        let holds = condition.holds(for: subject, now: ExampleRuns.now)
        #expect(holds == Reference.holds(condition, for: subject), "\(condition) \(subject)")
        #expect(QueryCondition.not(condition).holds(for: subject, now: ExampleRuns.now) == !holds)
        matches += holds ? 1 : 0
      }
    }
    #expect((3000...12_000).contains(matches))
  }

  @Test func `unequal is the opposite of equal, and the sides can be exchanged`() {
    var source = QuerySource(seed: 13)
    for _ in 0..<20_000 {
      let (left, right) = (source.value(), source.value())
      #expect(left.equals(right) == right.equals(left))
      #expect(left.equals(left))
      let exchanged: [QueryOrder: QueryOrder] = [.before: .behind, .behind: .before, .same: .same]
      #expect(left.order(to: right).flatMap { exchanged[$0] } == right.order(to: left))
      if left.order(to: right) == .same { #expect(left.equals(right)) }
    }
  }

  @Test func `any values can be sorted, what is not there last`() {
    var source = QuerySource(seed: 16)
    for _ in 0..<500 {
      let values: [Value?] = (0..<12).map { _ in source.chance(10) ? nil : source.value() }
      let sorted = values.sorted { Value.sorts($0, before: $1) }
      for (index, value) in sorted.enumerated() {
        for later in sorted[index...] { #expect(!Value.sorts(later, before: value)) }
        if value ?? .null == .null {
          #expect(sorted[index...].allSatisfy { $0 ?? .null == .null })
        }
      }
    }
    let order: [Value?] = [
      1, 1.5, 2, "a", .time(ExampleRuns.now), false, true, [1], [1, 0], .double(.nan), nil,
    ]
    for (one, other) in zip(order, order.dropFirst()) {
      #expect(Value.sorts(one, before: other) && !Value.sorts(other, before: one))
    }
  }

  @Test func `no text stops the reader, and what it reads it can write`() {
    var source = QuerySource(seed: 14)
    let words = [
      "a", "config.a", "metrics.loss.min", "tags", "status", "started", "id", "elapsed", "and",
      "or",
      "not", "in", "has", "(", ")", "[", "]", ",", "==", "!=", "<", ">=", "~", "=~", "!~", "=", "!",
      "\"a*\"", "'x'", "`q`", "\"", "\\", ".", "1", "-7d", "2026-11-01", "now", "today-1d", "64MiB",
      "1e999", "nan", "-inf", "null", "true", "completed", "é", "\u{301}", "🎲", "\u{202E}", "\u{0}",
      "\n", "+", "-", "&&", "#", "9223372036854775808", "[0]", "\"[\"",
    ]
    var readable = 0
    for round in 0..<30_000 {
      var text = ""
      for _ in 0..<source.pick([1, 3, 4, 5, 9]) {
        text += source.pick(words)
        if source.chance(70) { text += " " }
      }
      if round.isMultiple(of: 3) {
        let bytes = (0..<12).map { _ in UInt8.random(in: 0...255, using: &source.generator) }
        text = String(decoding: bytes, as: UTF8.self)
      }
      do {
        let query = try Query(parsing: text)
        readable += 1
        #expect((try? Query(parsing: query.description)) == query, "\(text)")
        for run in ExampleRuns.all { _ = query.matches(run, now: ExampleRuns.now) }
      } catch {
        let count = text.unicodeScalars.count
        #expect(error.columns.lowerBound >= 0 && error.columns.upperBound <= count, "\(text)")
        #expect(!error.message.contains("\n") && error.rendering.contains("^"), "\(error)")
      }
    }
    #expect(readable > 200)
  }

  @Test func `a query that is damaged is read or refused, and never stops the reader`() {
    var source = QuerySource(seed: 15)
    for _ in 0..<5000 {
      var scalars = Array(Query(source.condition(depth: 2)).description.unicodeScalars)
      for _ in 0..<source.pick([1, 2]) where !scalars.isEmpty {
        let place = Int.random(in: 0..<scalars.count, using: &source.generator)
        if source.chance(50) {
          scalars.remove(at: place)
        } else {
          scalars.swapAt(place, Int.random(in: 0..<scalars.count, using: &source.generator))
        }
      }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      guard let query = try? Query(parsing: String(text)) else { continue }
      #expect((try? Query(parsing: query.description)) == query, "\(String(text)) \(query)")
    }
  }
}

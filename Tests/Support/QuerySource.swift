package import GrailCore

/// Queries and runs at random, over few names and values so that they often meet.
package struct QuerySource {
  package var generator: SeededGenerator

  /// Noon of 2026-11-10, the present moment of all that comes out.
  package static let now = Timestamp(microseconds: 1_794_312_000_000_000)

  package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  package mutating func pick<Member>(_ members: [Member]) -> Member {
    members[Int.random(in: 0..<members.count, using: &generator)]
  }

  package mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &generator) < percent
  }

  // MARK: Fields

  package static let names = [
    "a", "b", "min", "x y", "", "a.b", "and", "größe", "0", "e\u{301}", "🎲\n",
  ]

  package mutating func field() -> QueryField {
    while true {
      var parts: [QueryField.Part] = []
      if chance(40) {
        parts = [QueryField.Part(pick(["config", "metrics", "info", "result", "host", "meta"]))]
      } else if chance(50) {
        return QueryField(.fixed(pick(QueryField.Fixed.allCases)))
      }
      for _ in 0..<pick([1, 1, 2, 3]) {
        let name = pick(Self.names)
        let isPlain = parts.isEmpty ? QueryText.isPlainStart(name) : QueryText.isPlain(name)
        parts.append(QueryField.Part(name, isQuoted: !isPlain || chance(20)))
      }
      if let field = try? QueryField(parts: parts) { return field }
    }
  }

  // MARK: Values

  /// Numbers that meet at the edges of what a Double can tell.
  package static let numbers: [Value] = [
    0, 1, 2, -1, 0.0, 1.0, 0.5, -0.5, .double(.nan), .double(.infinity), .double(-.infinity),
    9_007_199_254_740_992, 9_007_199_254_740_993, 9_007_199_254_740_992.0, .int(.max), .int(.min),
    0x1p63, -0x1p63, .int(.max - 1), 1e300, -1e300,
  ]
  package static let texts = ["", "a", "b", "ab", "A", "é", "e\u{301}", "\"\\'`\n\u{202E}", "🎲"]

  package mutating func time() -> Timestamp {
    Timestamp(microseconds: Self.now.microseconds + pick([-1, 0, 1, 86_400_000_000]))
  }

  package mutating func value(depth: Int = 2) -> Value {
    switch Int.random(in: 0...(depth > 0 ? 8 : 7), using: &generator) {
    case 0: return .null
    case 1: return .bool(chance(50))
    case 2: return .text(pick(Self.texts))
    case 3: return .time(time())
    case 4...7: return pick(Self.numbers)
    default: return .list((0..<pick([0, 1, 2])).map { _ in value(depth: depth - 1) })
    }
  }

  package mutating func duration() -> Duration {
    pick([.zero, .seconds(1), .seconds(-1), .milliseconds(500), .seconds(-86_400), .nanoseconds(3)])
  }

  /// A value that a field may be compared with, as the parser has it.
  package mutating func literal(for field: QueryField, isOrder: Bool) -> QueryLiteral {
    if !isOrder, chance(10) { return .value(.null) }
    switch field.kind {
    case .any, .section:
      if chance(15) { return .duration(duration()) }
      if chance(10) { return moment() }
      while true {
        let value = value()
        switch value {
        case .null where isOrder, .bool where isOrder, .list where isOrder: continue
        case .double(let number) where isOrder && number.isNaN: continue
        default: return .value(value)
        }
      }
    case .number, .duration:
      if chance(30) { return .duration(duration()) }
      let numbers = Self.numbers.filter { !isOrder || $0.doubleValue?.isNaN == false }
      return .value(pick(numbers))
    case .id: return chance(50) ? .value(pick([1, 2, -7])) : .value(.text(pick(["a", "01"])))
    case .text: return .value(.text(pick(Self.texts)))
    case .texts: return .value(.list((0..<pick([0, 1, 2])).map { _ in .text(pick(Self.texts)) }))
    case .word: return .value(.text(pick(field.words + ["OTHER", "Completed"])))
    case .flag: return .value(.bool(chance(50)))
    case .time:
      switch pick([0, 1, 2]) {
      case 0: return .value(.time(time()))
      case 1: return .duration(duration())
      default:
        let literal = moment()
        if case .moment(let moment) = literal, !isOrder, moment.anchor != .now {
          return .moment(.init(.now, offset: moment.offset))
        }
        return literal
      }
    }
  }

  private mutating func moment() -> QueryLiteral {
    .moment(.init(pick(QueryLiteral.Moment.Anchor.allCases), offset: duration()))
  }

  // MARK: Conditions

  package mutating func condition(depth: Int) -> QueryCondition {
    if depth > 0, chance(60) {
      switch pick([0, 1, 2]) {
      case 0: return .all((0..<pick([2, 3])).map { _ in condition(depth: depth - 1) })
      case 1: return .any((0..<pick([2, 3])).map { _ in condition(depth: depth - 1) })
      default: return .not(condition(depth: depth - 1))
      }
    }
    while true {
      let field = field()
      switch pick([0, 1, 1, 1, 1, 2, 3, 4, 5]) {
      case 0: return .has(field)
      case 1:
        let comparison = pick(QueryComparison.allCases)
        let hasOrder = ![.word, .flag, .texts].contains(field.kind)
        guard field.kind != .section, !comparison.isOrder || hasOrder else { continue }
        let literal = literal(for: field, isOrder: comparison.isOrder)
        return .compare(field, comparison, .literal(literal))
      case 2:
        let other = self.field()
        guard other.isRooted || other.parts[0].isQuoted, other.kind != .section,
          field.kind != .section, other.kind != .word || field.isRooted
        else { continue }
        return .compare(field, pick(QueryComparison.allCases), .field(other))
      case 3:
        guard field.kind != .section, field.kind != .texts else { continue }
        return .oneOf(
          field, (0..<pick([1, 2, 3])).map { _ in literal(for: field, isOrder: false) })
      case 4:
        switch field.kind {
        case .any: return .member(.literal(literal(for: field, isOrder: false)), of: field)
        case .text, .texts: return .member(.literal(.value(.text(pick(Self.texts)))), of: field)
        case .section: return .member(.field(self.field()), of: field)
        default: continue
        }
      default:
        let syntax = pick(QueryPattern.Syntax.allCases)
        guard [.any, .text, .texts, .word, .id].contains(field.kind),
          let pattern = try? QueryPattern(
            pick(["a*", "^a", "\"", "\\\"'", "[ab]", "\\\\", "é|a?", ""]), as: syntax,
            ignoresCase: field.kind == .word)
        else { continue }
        return .like(field, pattern)
      }
    }
  }
}

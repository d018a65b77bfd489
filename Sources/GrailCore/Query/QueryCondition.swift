/// What a query asks of a run: its syntax tree, free of everything about how it was typed.
///
/// `all` and `any` hold two conditions or more, and lie in each other only where there were
/// parentheses, so that a long query is wide and never deep.
package indirect enum QueryCondition: Hashable, Sendable {
  /// Every one of the conditions holds: `a and b and c`.
  case all([QueryCondition])
  /// One of the conditions holds, or several: `a or b or c`.
  case any([QueryCondition])
  /// The condition does not hold.
  case not(QueryCondition)
  /// The run has the field, be it as null: `has config.alpha`.
  case has(QueryField)
  /// The field compares so with a value: `layers == 7`, `loss.last > loss.min`.
  case compare(QueryField, QueryComparison, QueryOperand)
  /// The field equals one of the values: `status in (completed, running)`.
  case oneOf(QueryField, [QueryLiteral])
  /// The value is in what the field holds: `"best" in tags`.
  case member(QueryOperand, of: QueryField)
  /// The field's text, or one of its texts, has the pattern: `name ~ "digits*"`.
  case like(QueryField, QueryPattern)
}

/// How two values compare.
package enum QueryComparison: String, Hashable, Sendable, CaseIterable {
  case equal = "=="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="

  /// Whether it asks which of two values comes first.
  package var isOrder: Bool { self != .equal && self != .unequal }

  /// The comparison that says the same with the sides exchanged.
  package var exchanged: QueryComparison {
    switch self {
    case .equal, .unequal: self
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    }
  }
}

/// What a field is compared with.
package enum QueryOperand: Hashable, Sendable {
  case field(QueryField)
  case literal(QueryLiteral)
}

/// A value that stands in a query.
package enum QueryLiteral: Hashable, Sendable {
  /// Null, a truth value, a number, a text, a time or a list of these.
  case value(Value)
  /// A length of time: beside a time it counts from the present moment, beside anything else it
  /// is its number of seconds.
  case duration(Duration)
  /// A moment that is near to the present: `now`, `today-2d`.
  case moment(Moment)

  /// A moment that is told by its distance.
  package struct Moment: Hashable, Sendable {
    /// Where the distance is counted from.
    package enum Anchor: String, Hashable, Sendable, CaseIterable {
      /// The present moment.
      case now
      /// The beginning of the present day, UTC.
      case today
      /// The beginning of the day before, UTC.
      case yesterday
    }

    package var anchor: Anchor
    package var offset: Duration

    package init(_ anchor: Anchor, offset: Duration = .zero) {
      (self.anchor, self.offset) = (anchor, offset)
    }
  }
}

// MARK: - Fields

/// A value of a run as a query names it: the first of its readings that the run has.
///
/// A name that is written out whole has one reading. `layers` has several, an entry of the
/// configuration before a metric of that name, and so has `metrics.loss.min`, which may be a
/// metric called `loss.min`. Which one counts is decided for each run by itself.
public struct QueryField: Hashable, Sendable {
  /// A part of a name, between dots.
  package struct Part: Hashable, Sendable {
    package var text: String
    /// Whether it was written in quotes, so that it is one name whatever is in it.
    package var isQuoted: Bool

    package init(_ text: String, isQuoted: Bool = false) {
      (self.text, self.isQuoted) = (text, isQuoted)
    }
  }

  /// The name as it is written.
  package let parts: [Part]
  /// What the name may mean, the first that a run has before the others; never empty.
  package let readings: [Reading]
  /// What the field's values are; `any` where its readings differ.
  package let kind: QueryKind

  /// Creates a field; ``init(parts:)`` is what finds the readings of a name.
  init(parts: [Part], readings: [Reading]) {
    (self.parts, self.readings) = (parts, readings)
    let kinds = Set(readings.map(\.kind))
    kind = kinds.count == 1 ? kinds.first ?? .any : .any
  }

  /// Whether two fields are written alike.
  public static func == (left: QueryField, right: QueryField) -> Bool { left.parts == right.parts }

  /// Takes in how the field is written.
  public func hash(into hasher: inout Hasher) { hasher.combine(parts) }
}

extension QueryField {
  /// One thing that a name may mean.
  package enum Reading: Hashable, Sendable {
    /// What every run may have.
    case fixed(Fixed)
    /// An entry of a part of the record, by the names that lead to it; all of it without any.
    case entry(Section, [String])
    /// What is known of a metric.
    case metric(String, Statistic)
  }

  /// A value that every run may have, under the name by which queries know it.
  package enum Fixed: String, Hashable, Sendable, CaseIterable {
    case id, key, name, experiment, command, status, liveness, tags, note, group, parent
    case started, stopped, queued, heartbeat, elapsed
    case error, artifacts, resources, sources, dependencies, arguments, warnings
    case gitCommit = "git.commit"
    case gitDirty = "git.dirty"
    case gitBranch = "git.branch"
    case gitURL = "git.url"
  }

  /// A part of the record that holds entries of any name.
  public enum Section: String, Hashable, Sendable, CaseIterable {
    /// The configuration.
    case config
    /// What the run noted about itself.
    case info
    /// What the run returned.
    case result
    /// The machine.
    case host
    /// How the run was called.
    case meta
  }

  /// What can be asked of a metric.
  package enum Statistic: String, Hashable, Sendable, CaseIterable {
    /// The number of points, those that are not numbers included.
    case count
    case first, last, min, max, mean
    /// The step of the last point.
    case step
    /// The time of the last point.
    case time
    case firstStep = "first.step"
    case firstTime = "first.time"
    case minStep = "min.step"
    case minTime = "min.time"
    case maxStep = "max.step"
    case maxTime = "max.time"
  }
}

package import GrailCore
import OrderedCollections

/// Runs put together by what they have in common, with what their numbers amount to.
package struct RunGroups: Sendable {
  /// Something that each run has a value of, or none.
  package struct Column: Sendable {
    package var name: String
    package var values: [Value?]

    package init(_ name: String, _ values: [Value?]) { (self.name, self.values) = (name, values) }
  }

  /// Some runs that have the same values.
  package struct Group: Sendable {
    /// What they have in common, a value for each name.
    package var key: [Value?]
    /// The number of runs.
    package var count: Int
    /// What each column of numbers amounts to.
    package var summaries: [SampleSummary]
  }

  /// What the runs of a group have in common.
  package let keyNames: [String]
  /// The columns of numbers.
  package let valueNames: [String]
  /// The groups, by their values in ascending order.
  package private(set) var groups: [Group]

  /// Puts runs together; values are the same as queries have it, so `7` and `7.0` are.
  ///
  /// - Parameters:
  ///   - keys: What runs have in common.
  ///   - values: What is summed up; what of it is no number counts as missing.
  ///   - count: The number of runs, as many as each column's values.
  /// - Complexity: O(*n* log *n*) in the number of runs.
  package init(by keys: [Column], of values: [Column], count: Int) {
    (keyNames, valueNames) = (keys.map(\.name), values.map(\.name))
    var members: OrderedDictionary<[Value?], [Int]> = [:]
    for row in 0..<count {
      members[keys.map { $0.values[row]?.comparable }, default: []].append(row)
    }
    groups = members.values.map { rows in
      Group(
        key: keys.map { $0.values[rows[0]] }, count: rows.count,
        summaries: values.map { column in
          SampleSummary(rows.map { column.values[$0]?.queryForm.doubleValue })
        })
    }
    groups.sort { Self.precedes($0.key, $1.key) }
  }

  private static func precedes(_ left: [Value?], _ right: [Value?]) -> Bool {
    for (left, right) in zip(left, right) {
      if Value.sorts(left, before: right) { return true }
      if Value.sorts(right, before: left) { return false }
    }
    return false
  }

  // MARK: - Sorting

  /// What can be asked of a column of numbers.
  package enum Statistic: String, CaseIterable, Sendable {
    case mean, median, sd
  }

  /// What groups can be sorted by.
  private enum Order {
    case key(Int)
    case count
    case summary(Int, Statistic)
  }

  /// The names that ``sort(by:)`` takes.
  package var orderNames: [String] {
    keyNames + ["n"]
      + valueNames.flatMap { name in Statistic.allCases.map { "\(name).\($0.rawValue)" } }
  }

  /// Sorts the groups; of equal ones the order stays.
  ///
  /// - Parameter words: Names of ``orderNames``, the first before the others; a column's name alone
  ///   is its mean, and one behind `-` has the greatest first. What a group does not have comes last.
  /// - Throws: ``CommandFailure`` for a name that is none of these.
  package mutating func sort(by words: [String]) throws {
    let orders = try words.map { word in
      let isDescending = word.hasPrefix("-")
      return (try order(isDescending ? String(word.dropFirst()) : word), isDescending)
    }
    let keyed = groups.map { group in (group, orders.map { value(of: group, $0.0) }) }
    let sorted = keyed.enumerated().sorted { left, right in
      for (position, order) in orders.enumerated() {
        let (first, second) = (left.element.1[position], right.element.1[position])
        let order = RunOrder(QueryField(.fixed(.id)), isDescending: order.1)
        if order.sorts(first, before: second) { return true }
        if order.sorts(second, before: first) { return false }
      }
      return left.offset < right.offset
    }
    groups = sorted.map(\.element.0)
  }

  private func order(_ name: String) throws -> Order {
    if let position = keyNames.firstIndex(of: name) { return .key(position) }
    if name == "n" { return .count }
    if let position = valueNames.firstIndex(of: name) { return .summary(position, .mean) }
    for (position, value) in valueNames.enumerated() {
      for statistic in Statistic.allCases where name == "\(value).\(statistic.rawValue)" {
        return .summary(position, statistic)
      }
    }
    let near = orderNames.closest(to: name).map { "; did you mean '\(DisplayText($0))'?" } ?? ""
    let known = orderNames.prefix(12).map { DisplayText($0).text }.joined(separator: ", ")
    throw CommandFailure.usage(
      "groups cannot be sorted by '\(DisplayText(name))'\(near.isEmpty ? ": there are \(known)" : near)"
    )
  }

  private func value(of group: Group, _ order: Order) -> Value? {
    switch order {
    case .key(let position): group.key[position]
    case .count: .int(Int64(group.count))
    case .summary(let position, let statistic):
      group.summaries[position].value(of: statistic).map(Value.double)
    }
  }

  /// Keeps the first groups alone.
  package mutating func cut(to count: Int) { groups = Array(groups.prefix(count)) }
}

extension SampleSummary {
  package func value(of statistic: RunGroups.Statistic) -> Double? {
    switch statistic {
    case .mean: mean
    case .median: median
    case .sd: deviation
    }
  }
}

extension Value {
  /// A value that is equal, bit for bit, for all values that queries take for the same.
  fileprivate var comparable: Value {
    switch queryForm {
    case .int(let number):
      // A whole number that a Double cannot hold equals no Double.
      return Double(exactly: number).map(Value.double) ?? .int(number)
    case .double(let number):
      // Nan is not equal to itself, and no list that is recorded looks like this one.
      return number.isNaN
        ? .list([.null, .opaque(Opaque(typeName: "nan", raw: .null))])
        : .double(number == 0 ? 0 : number)
    case .list(let elements): return .list(elements.map(\.comparable))
    case .map(let entries):
      let sorted = entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      return .list(sorted.map { .list([.text($0.key), $0.value.comparable]) })
    case let other: return other
    }
  }
}

import OrderedCollections

/// How two values lie to each other.
package enum QueryOrder: Hashable, Sendable {
  case before, same, behind
}

extension Value {
  /// Whether two values are equal as queries have it.
  ///
  /// Numbers are equal by what they are worth, whole or not, exactly; nan equals nan. Texts are
  /// equal character for character, lists element for element, maps entry for entry in any
  /// order. Values of different types are never equal.
  ///
  /// - Parameters:
  ///   - other: The other value.
  ///   - ignoringCase: Whether texts may differ in the case of the letters A to Z.
  /// - Returns: Whether they are equal.
  package func equals(_ other: Value, ignoringCase: Bool = false) -> Bool {
    switch (queryForm, other.queryForm) {
    case (.int(let left), .int(let right)): left == right
    case (.double(let left), .double(let right)): left == right || left.isNaN && right.isNaN
    case (.int(let left), .double(let right)), (.double(let right), .int(let left)):
      Self.order(left, right) == .same
    case (.text(let left), .text(let right)):
      if ignoringCase {
        left.utf8.elementsEqual(right.utf8) { $0.uppercase == $1.uppercase }
      } else {
        left.utf8.elementsEqual(right.utf8)
      }
    case (.list(let left), .list(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.equals($1) }
    case (.map(let left), .map(let right)):
      left.count == right.count
        && left.allSatisfy { name, value in
          Value.map(right).value(at: [name]).map { value.equals($0) } ?? false
        }
    case (let left, let right): left == right
    }
  }

  /// How a value lies to another, if they have an order: two numbers, two texts by their code
  /// points, two times.
  package func order(to other: Value) -> QueryOrder? {
    switch (queryForm, other.queryForm) {
    case (.int(let left), .int(let right)): Self.order(of: left, right)
    case (.int(let left), .double(let right)): Self.order(left, right)
    case (.double(let left), .int(let right)):
      switch Self.order(right, left) {
      case .before: .behind
      case .behind: .before
      case let same: same
      }
    case (.double(let left), .double(let right)):
      left.isNaN || right.isNaN ? nil : Self.order(of: left, right)
    case (.text(let left), .text(let right)):
      if left.utf8.elementsEqual(right.utf8) {
        .same
      } else {
        left.utf8.lexicographicallyPrecedes(right.utf8) ? .before : .behind
      }
    case (.time(let left), .time(let right)): Self.order(of: left, right)
    default: nil
    }
  }

  private static func order<Member: Comparable>(of left: Member, _ right: Member) -> QueryOrder {
    left == right ? .same : left < right ? .before : .behind
  }

  /// How a whole number lies to another number, exactly.
  private static func order(_ left: Int64, _ right: Double) -> QueryOrder? {
    if right.isNaN { return nil }
    if right >= 0x1p63 { return .before }
    if right < -0x1p63 { return .behind }
    let whole = Int64(right.rounded(.down))
    if left != whole { return left < whole ? .before : .behind }
    return right == right.rounded(.down) ? .same : .before
  }
}

// MARK: - Sorting

extension Value {
  /// Whether one value comes before another in a sorted list of runs.
  ///
  /// Numbers come first, then texts, times, truth values and all else; behind them nan, then null
  /// and what a run does not have. All of these have a place, so that any values can be sorted.
  ///
  /// - Parameters:
  ///   - left: A value, `nil` if the run does not have it.
  ///   - right: Another.
  /// - Returns: Whether the first comes before the second.
  package static func sorts(_ left: Value?, before right: Value?) -> Bool {
    let (left, right) = (left ?? .null, right ?? .null)
    let (rank, otherRank) = (left.sortRank, right.sortRank)
    guard rank == otherRank else { return rank < otherRank }
    switch (left.queryForm, right.queryForm) {
    case (.bool(let left), .bool(let right)): return !left && right
    case (.list(let left), .list(let right)):
      return left.lexicographicallyPrecedes(right) { sorts($0, before: $1) }
    default: return left.order(to: right) == .before
    }
  }

  private var sortRank: Int {
    switch queryForm {
    case .int: 0
    case .double(let number): number.isNaN ? 6 : 0
    case .text: 1
    case .time: 2
    case .bool: 3
    case .list: 4
    case .bytes, .map, .opaque: 5
    case .null: 7
    }
  }
}

extension UInt8 {
  /// The letter in upper case, if it is one of a to z.
  fileprivate var uppercase: UInt8 {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) ? self & 0xDF : self
  }
}

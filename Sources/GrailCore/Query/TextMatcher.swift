/// Tells whether a text has a pattern, in time that grows with the text's length alone.
///
/// The pattern becomes a machine of at most ``sizeLimit`` states, all of which are followed at
/// once, so that each character of the text costs at most one visit of each state, whatever the
/// pattern. Nothing is tried again.
///
/// - SeeAlso: Ken Thompson, “Regular Expression Search Algorithm”, CACM 11 (1968).
struct TextMatcher: Sendable {
  /// The most states of a machine, each member of a set counted as one.
  static let sizeLimit = 5000

  /// What a state does.
  private enum State: Sendable {
    /// Takes one character out of a set.
    case take(ScalarSet)
    /// Takes one certain character; a faster `take`.
    case takeOne(Unicode.Scalar)
    /// Goes on in both states.
    case split(Int, Int)
    /// Goes on elsewhere.
    case jump(Int)
    /// Goes on only at such a place.
    case check(TextPattern.Place)
    /// The pattern has been found.
    case found
  }

  private var states: [State] = []
  /// The number of states, with the members of their sets.
  private var size = 0
  /// Whether the pattern must begin where the text does.
  private let isAnchored: Bool

  /// Creates a machine.
  ///
  /// - Parameters:
  ///   - pattern: The pattern.
  ///   - wholeText: Whether the text must be the pattern as a whole, not only hold it.
  /// - Throws: That the pattern is too large, at offset 0.
  init(_ pattern: TextPattern, wholeText: Bool) throws(TextPatternError) {
    isAnchored = wholeText
    try add(pattern)
    if wholeText { try add(.check(.textEnd)) }
    try add(.found)
  }

  private mutating func add(_ state: State) throws(TextPatternError) {
    size += 1
    if case .take(let set) = state { size += set.members.count }
    guard size <= Self.sizeLimit else {
      throw TextPatternError(
        message: "the pattern is too large: its repetitions come to more than "
          + "\(Self.sizeLimit) characters", offset: 0)
    }
    states.append(state)
  }

  private mutating func add(_ pattern: TextPattern) throws(TextPatternError) {
    switch pattern {
    case .empty: break
    case .set(let set):
      if !set.isNegated, !set.ignoresCase, set.members.count == 1,
        case .range(let range) = set.members[0], range.lowerBound == range.upperBound
      {
        try add(.takeOne(range.lowerBound))
      } else {
        try add(.take(set))
      }
    case .place(let place): try add(.check(place))
    case .sequence(let parts):
      for part in parts { try add(part) }
    case .choice(let choices):
      var ends: [Int] = []
      for choice in choices.dropLast() {
        let split = states.count
        try add(.split(split + 1, split + 1))
        try add(choice)
        ends.append(states.count)
        try add(.jump(0))
        states[split] = .split(split + 1, states.count)
      }
      if let last = choices.last { try add(last) }
      for end in ends { states[end] = .jump(states.count) }
    case .repetition(let part, let least, let most):
      // What has no states, such as `()`, would be copied for nothing.
      let count = states.count
      for _ in 0..<least {
        try add(part)
        if states.count == count { return }
      }
      guard let most else {
        let split = states.count
        try add(.split(split + 1, split + 1))
        try add(part)
        try add(.jump(split))
        states[split] = .split(split + 1, states.count)
        return
      }
      var splits: [Int] = []
      for _ in least..<max(least, most) {
        splits.append(states.count)
        try add(.split(states.count + 1, states.count + 1))
        try add(part)
      }
      for split in splits { states[split] = .split(split + 1, states.count) }
    }
  }

  /// Whether a text has the pattern.
  func matches(_ text: String) -> Bool {
    var steps = 0
    return matches(text, steps: &steps)
  }

  /// Whether a text has the pattern, and how many states were visited to find out.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - steps: What the number of visited states is added to.
  /// - Returns: Whether the text has the pattern.
  func matches(_ text: String, steps: inout Int) -> Bool {
    var current = Places(count: states.count)
    var next = Places(count: states.count)
    var previous: Unicode.Scalar?
    let scalars = text.unicodeScalars
    var index = scalars.startIndex
    while true {
      let scalar = index == scalars.endIndex ? nil : scalars[index]
      if previous == nil || !isAnchored { current.insert(0) }
      // Follows all that takes no character; the list grows while it is gone through.
      var position = 0
      while position < current.list.count {
        let state = current.list[position]
        position += 1
        steps += 1
        switch states[state] {
        case .take, .takeOne: break
        case .found: return true
        case .jump(let target): current.insert(target)
        case .split(let one, let other):
          current.insert(one)
          current.insert(other)
        case .check(let place):
          if Self.isAt(place, previous, scalar) { current.insert(state + 1) }
        }
      }
      guard let scalar else { return false }
      next.removeAll()
      for state in current.list {
        switch states[state] {
        case .takeOne(let wanted) where wanted == scalar: next.insert(state + 1)
        case .take(let set) where set.contains(scalar): next.insert(state + 1)
        default: break
        }
      }
      swap(&current, &next)
      if isAnchored && current.list.isEmpty { return false }
      previous = scalar
      index = scalars.index(after: index)
    }
  }

  /// Whether the place between two characters is such; `nil` is the text's start or end.
  private static func isAt(
    _ place: TextPattern.Place, _ previous: Unicode.Scalar?, _ next: Unicode.Scalar?
  ) -> Bool {
    let isEdge = previous.map(ScalarSet.isWord) ?? false != next.map(ScalarSet.isWord) ?? false
    return switch place {
    case .textStart: previous == nil
    case .textEnd: next == nil
    case .lineStart: previous == nil || previous == "\n"
    case .lineEnd: next == nil || next == "\n"
    case .wordEdge: isEdge
    case .wordInside: !isEdge
    }
  }

  /// A set of states in the order of their coming.
  private struct Places {
    private(set) var list: [Int] = []
    private var isMember: [Bool]

    init(count: Int) { isMember = Array(repeating: false, count: count) }

    mutating func insert(_ state: Int) {
      guard !isMember[state] else { return }
      isMember[state] = true
      list.append(state)
    }

    mutating func removeAll() {
      for state in list { isMember[state] = false }
      list.removeAll(keepingCapacity: true)
    }
  }
}

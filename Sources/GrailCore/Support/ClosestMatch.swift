extension Sequence<String> {
  /// The member that most likely was meant by a mistyped word, if one is near enough.
  ///
  /// Nearness is the number of letters to insert, delete, replace or swap; up to a third of the
  /// word's letters, and at least one, may differ. Upper and lower case count as one. Of two that
  /// are equally near, the first wins.
  ///
  /// - Complexity: O(*n* · *w* · *m*) for *n* members of *m* letters and a word of *w* letters.
  /// - SeeAlso: The optimal string alignment distance.
  package func closest(to word: String) -> String? {
    let wanted = Array(word.lowercased())
    let limit = Swift.max(1, wanted.count / 3)
    var best: (distance: Int, member: String)?
    for member in self {
      let letters = Array(member.lowercased())
      guard abs(letters.count - wanted.count) <= limit else { continue }
      let distance = wanted.editDistance(to: letters)
      if distance <= limit, distance < best?.distance ?? .max { best = (distance, member) }
    }
    return best?.member
  }

  /// What is said behind a word that is none of the members: the one that most likely was meant, or
  /// those that there are.
  package func suggestion(for word: String) -> String {
    if let near = closest(to: word) { return "; did you mean '\(near.visible)'?" }
    let shown = prefix(8).map { "'\($0.visible)'" }
    guard !shown.isEmpty else { return ", or any other" }
    return "; it has \(shown.joined(separator: ", "))"
      + (dropFirst(8).contains { _ in true } ? ", …" : "")
  }
}

extension [Character] {
  fileprivate func editDistance(to other: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array<Int>(0...other.count)
    for (row, letter) in enumerated() {
      var current = [row + 1]
      for (column, otherLetter) in other.enumerated() {
        var cost = Swift.min(
          previous[column + 1] + 1, current[column] + 1,
          previous[column] + (letter == otherLetter ? 0 : 1))
        if row > 0, column > 0, letter == other[column - 1], self[row - 1] == otherLetter {
          cost = Swift.min(cost, beforePrevious[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforePrevious, previous) = (previous, current)
    }
    return previous[other.count]
  }
}

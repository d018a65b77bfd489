/// Short names for some paths: what they have in common at their beginnings and ends is left out.
package struct PathNames: Sendable {
  /// The names, no two the same, in the order of the paths.
  package let names: [String]

  /// Shortens paths.
  ///
  /// - Parameter paths: Absolute paths, no two the same.
  package init(_ paths: [String]) {
    let parts = paths.map { $0.split(separator: "/") }
    // Of each path something is left.
    let rest = { (taken: Int) in max(0, (parts.map(\.count).min() ?? 0) - 1 - taken) }
    let start = Self.commonCount(of: parts, atMost: rest(0))
    let end = Self.commonCount(of: parts.map { $0.reversed() }, atMost: rest(start))
    names = parts.map { $0.dropFirst(start).dropLast(end).joined(separator: "/") }
  }

  /// The number of parts at the beginning that are the same everywhere.
  private static func commonCount(of lists: [[Substring]], atMost limit: Int) -> Int {
    (0..<limit).first { place in Set(lists.map { $0[place] }).count > 1 } ?? limit
  }
}

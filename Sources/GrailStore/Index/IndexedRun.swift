import GrailCore
import OrderedCollections

/// A run as it goes into the index: one row for each thing that a query can name.
struct IndexedRun {
  var subject: RunSubject
  /// Whether the run is over and nothing about it will change, so that it is never read again.
  var isSettled: Bool

  /// Paths that are longer are looked up in the content of their beginning.
  static let deepestPath = 16

  /// The values under the names that lead to them, but those of metrics.
  func forEachEntry(_ body: (QueryField.Reading, Value) throws -> Void) rethrows {
    for fixed in QueryField.Fixed.allCases {
      let reading = QueryField.Reading.fixed(fixed)
      if let value = subject.value(of: reading) { try body(reading, value) }
    }
    for section in QueryField.Section.allCases {
      guard let root = subject.value(of: .entry(section, [])) else { continue }
      var path: [String] = []
      try Self.forEachEntry(of: root, in: section, at: &path, body)
    }
  }

  private static func forEachEntry(
    of value: Value, in section: QueryField.Section, at path: inout [String],
    _ body: (QueryField.Reading, Value) throws -> Void
  ) rethrows {
    let value = value.queryForm
    try body(.entry(section, path), value)
    guard case .map(let entries) = value, path.count < deepestPath else { return }
    for (name, value) in entries {
      path.append(name)
      try forEachEntry(of: value, in: section, at: &path, body)
      path.removeLast()
    }
  }
}

extension QueryField.Reading {
  /// The beginnings of the path under which the index may keep what this leads to, the longest
  /// first; none if it has a row of its own wherever it is.
  ///
  /// A number may be an index into a list, whose elements have no rows.
  var containers: [QueryField.Reading] {
    guard case .entry(let section, let path) = self else { return [] }
    return path.indices.reversed().filter { place in
      place >= IndexedRun.deepestPath || Int64(path[place]) != nil
    }
    .map { .entry(section, Array(path.prefix(min($0, IndexedRun.deepestPath)))) }
  }
}

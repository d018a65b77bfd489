import OrderedCollections

/// The names that the runs of a store have, by which a mistyped one is found.
public struct QueryNames: Sendable {
  /// The paths of the entries of each part of the record; of a part that is not here nothing is
  /// known, so that any name may be right.
  public var entries: [QueryField.Section: [[String]]]
  /// The names of the metrics.
  public var metrics: [String]

  /// Creates a set of names.
  ///
  /// - Parameters:
  ///   - entries: The paths of the entries of each part of the record.
  ///   - metrics: The names of the metrics.
  public init(entries: [QueryField.Section: [[String]]], metrics: [String]) {
    (self.entries, self.metrics) = (entries, metrics)
  }
}

extension QueryNames {
  /// Gathers the names that some runs have.
  public init(of subjects: some Sequence<RunSubject>) {
    var entries: [QueryField.Section: Set<[String]>] = [:]
    for section in QueryField.Section.allCases { entries[section] = [] }
    var metrics: Set<String> = []
    for subject in subjects {
      metrics.formUnion(subject.metrics.keys)
      for section in QueryField.Section.allCases {
        guard let root = subject.value(of: .entry(section, [])) else { continue }
        Self.gather(root, at: [], into: &entries[section, default: []])
      }
    }
    self.init(entries: entries.mapValues { Array($0) }, metrics: Array(metrics))
  }

  private static func gather(_ value: Value, at path: [String], into paths: inout Set<[String]>) {
    if !path.isEmpty { paths.insert(path) }
    guard case .map(let entries) = value.queryForm else { return }
    for (name, value) in entries { gather(value, at: path + [name], into: &paths) }
  }
}

extension Query {
  /// What the query asks for that no run has, with the nearest name that there is.
  ///
  /// Such a query is not wrong, and matches as it says; but its author should hear of it.
  ///
  /// - Parameter names: The names that there are.
  /// - Returns: A line for each field that no run has, in the order of the query.
  package func unknownFields(among names: QueryNames) -> [QueryError] {
    places.compactMap { place in
      names.absence(of: place.field).map { message in
        QueryError(message: message, columns: place.columns, query: text)
      }
    }
  }
}

extension QueryNames {
  /// Says that no run has a field, and the nearest name that there is; `nil` if one may have it.
  package func absence(of field: QueryField) -> String? {
    guard !field.readings.contains(where: knows) else { return nil }
    let near = nearest(to: field).map { "; did you mean '\($0)'?" } ?? ""
    return "no run has '\(field)'\(near)"
  }

  /// Whether a run may have something.
  fileprivate func knows(_ reading: QueryField.Reading) -> Bool {
    switch reading {
    case .fixed: true
    case .metric(let name, _): metrics.contains(name)
    case .entry(let section, let path):
      // A result may be no map, and has no names then.
      path.isEmpty || entries[section].map { $0.contains { Self.leads(path, to: $0) } } ?? true
    }
  }

  /// Whether a path is the beginning of another, or goes on in its list.
  private static func leads(_ path: [String], to entry: [String]) -> Bool {
    entry.starts(with: path)
      || path.starts(with: entry) && path.dropFirst(entry.count).allSatisfy { Int($0) != nil }
  }

  /// The name that was meant most likely.
  fileprivate func nearest(to field: QueryField) -> String? {
    for reading in field.readings {
      switch reading {
      case .fixed: break
      case .entry(let section, let path):
        let known = (entries[section] ?? []).map { $0.joined(separator: ".") }
        guard let near = known.closest(to: path.joined(separator: ".")) else { continue }
        return field.isRooted ? "\(section.rawValue).\(near)" : near
      case .metric(let name, let statistic):
        let root = field.isRooted ? "metrics." : ""
        if let near = metrics.closest(to: name) {
          return root + near + (statistic == .last ? "" : "." + statistic.rawValue)
        }
        // What follows the longest known name must be a mistyped statistic.
        let known = metrics.filter { name.hasPrefix($0 + ".") }.max { $0.count < $1.count }
        if let known,
          let near = QueryField.Statistic.allCases.map(\.rawValue).closest(
            to: String(name.dropFirst(known.count + 1)))
        {
          return "\(root)\(known).\(near)"
        }
      }
    }
    return nil
  }
}

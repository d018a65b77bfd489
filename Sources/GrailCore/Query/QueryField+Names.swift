/// What a field's values are, where its name alone says so.
package enum QueryKind: Hashable, Sendable {
  /// Anything: it depends on the run.
  case any
  /// A number, or the number of the run's directory; a name where it has one.
  case number, id
  /// A text; a text whose case does not count; several texts.
  case text, word, texts
  /// A moment; a length of time in seconds.
  case time, duration
  /// A truth value.
  case flag
  /// All entries of a part of the record.
  case section
}

extension QueryField {
  /// The words that the field holds by custom and that need no quotes beside it.
  package var words: [String] {
    switch readings.first {
    case .fixed(.status):
      ["queued", "running", "completed", "failed", "interrupted", "timeout"]
    case .fixed(.liveness): ["alive", "dead", "probablyDead", "unknown", "notExpected"]
    default: []
    }
  }

  /// Whether the name begins with what tells where the value is: no run can have it elsewhere.
  package var isRooted: Bool {
    guard let root = parts.first, !root.isQuoted else { return false }
    return Self.roots.contains(root.text)
  }
}

extension QueryField.Reading {
  /// What the values are.
  package var kind: QueryKind {
    switch self {
    case .fixed(let fixed): fixed.kind
    case .entry(.result, _): .any
    case .entry(_, let path): path.isEmpty ? .section : .any
    case .metric(_, let statistic): statistic.kind
    }
  }
}

extension QueryField.Fixed {
  var kind: QueryKind {
    switch self {
    case .id: .id
    case .status, .liveness: .word
    case .tags, .artifacts, .resources, .sources, .dependencies, .arguments, .warnings: .texts
    case .started, .stopped, .queued, .heartbeat: .time
    case .elapsed: .duration
    case .gitDirty: .flag
    case .key, .name, .experiment, .command, .note, .group, .parent, .error, .gitCommit,
      .gitBranch, .gitURL:
      .text
    }
  }
}

extension QueryField.Statistic {
  var kind: QueryKind {
    switch self {
    case .first, .last: .any
    case .time, .firstTime, .minTime, .maxTime: .time
    case .count, .min, .max, .mean, .step, .firstStep, .minStep, .maxStep: .number
    }
  }
}

// MARK: - From a name to its readings

/// What is wrong with a name, without its place.
package struct QueryNameError: Error {
  var message: String
  /// The part that is meant.
  var part: Int
}

extension QueryField {
  private static let metrics = "metrics"
  private static let git = "git"

  /// Short names of entries that many ask for.
  private static let shortNames: [String: Reading] = [
    "seed": .entry(.config, ["seed"]), "comment": .entry(.meta, ["comment"]),
    "hostname": .entry(.host, ["hostname"]),
  ]

  /// What a name can begin with to be one name only.
  static let roots: Set<String> = Set(
    Fixed.allCases.map(\.rawValue).filter { !$0.contains(".") }
      + Section.allCases.map(\.rawValue) + shortNames.keys + [metrics, git])

  /// Finds what a name may mean.
  ///
  /// - Parameter parts: The parts of the name as they are written, between its dots.
  /// - Throws: What is wrong with the name.
  package init(parts: [Part]) throws(QueryNameError) {
    guard let root = parts.first else {
      throw QueryNameError(message: "a name is missing", part: 0)
    }
    let path = parts.dropFirst().map(\.text)
    if root.isQuoted {
      self.init(parts: parts, readings: Self.readings(anywhere: parts))
    } else if let section = Section(rawValue: root.text) {
      self.init(parts: parts, readings: [.entry(section, path)])
    } else if root.text == Self.metrics {
      guard parts.count > 1 else {
        throw QueryNameError(
          message: "'metrics' needs the name of a metric: write metrics.NAME or metrics.NAME.min",
          part: 0)
      }
      let readings = Self.readings(metric: parts.dropFirst())
      guard !readings.isEmpty else {
        let known = Statistic.allCases.map(\.rawValue)
        throw QueryNameError(
          message: "'\(path.dropFirst().joined(separator: "."))' is nothing that is known of a "
            + "metric; known are \(known.joined(separator: ", "))", part: 2)
      }
      self.init(parts: parts, readings: readings)
    } else if root.text == Self.git {
      let name = parts.map(\.text).joined(separator: ".")
      guard let fixed = Fixed(rawValue: name) else {
        let known = Fixed.allCases.map(\.rawValue).filter { $0.hasPrefix("git.") }
        let near = known.closest(to: name).map { "; did you mean '\($0)'?" } ?? ""
        throw QueryNameError(
          message: "'\(name)' is no field; there are \(known.joined(separator: ", "))\(near)",
          part: parts.count > 1 ? 1 : 0)
      }
      self.init(parts: parts, readings: [.fixed(fixed)])
    } else if let reading = Fixed(rawValue: root.text).map(Reading.fixed)
      ?? Self.shortNames[root.text]
    {
      guard path.isEmpty else {
        let name = parts.map(\.text).joined(separator: ".")
        throw QueryNameError(
          message: "'\(root.text)' has no parts; an entry of that name is 'config.\(name)'", part: 1
        )
      }
      self.init(parts: parts, readings: [reading])
    } else {
      self.init(parts: parts, readings: Self.readings(anywhere: parts))
    }
  }

  /// Creates the field that has one reading alone.
  package init(_ reading: Reading) {
    var parts: [Part]
    switch reading {
    case .fixed(let fixed): parts = fixed.rawValue.split(separator: ".").map { Part(String($0)) }
    case .entry(let section, let path):
      parts = [Part(section.rawValue)] + path.map { Part($0, isQuoted: !QueryText.isPlain($0)) }
    case .metric(let name, let statistic):
      parts = [Part(Self.metrics), Part(name, isQuoted: true)]
      if statistic != .last {
        parts += statistic.rawValue.split(separator: ".").map { Part(String($0)) }
      }
    }
    self.init(parts: parts, readings: [reading])
  }

  /// What a name without a root may mean: the configuration, then metrics, then the info.
  private static func readings(anywhere parts: [Part]) -> [Reading] {
    let path = parts.map(\.text)
    return [.entry(.config, path)] + readings(metric: parts[...]) + [.entry(.info, path)]
  }

  /// What a name may mean among the metrics, the longest name of a metric first.
  ///
  /// A quoted part at the front is all of the metric's name.
  private static func readings(metric parts: ArraySlice<Part>) -> [Reading] {
    (0...2).compactMap { length in
      let name = parts.dropLast(length)
      let word = parts.suffix(length).map(\.text).joined(separator: ".")
      guard let first = name.first, !first.isQuoted || name.count == 1,
        let statistic = length == 0 ? .last : Statistic(rawValue: word),
        length == 0 || !parts.suffix(length).contains(where: \.isQuoted)
      else { return nil }
      return .metric(name.map(\.text).joined(separator: "."), statistic)
    }
  }
}

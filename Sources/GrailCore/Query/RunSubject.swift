import OrderedCollections

/// A run's record, with what is known beside it, as a query sees it.
public struct RunSubject: QuerySubject, Sendable {
  /// All that is known of the run but its points.
  public var record: RunRecord
  /// What is known of the metrics, by their names.
  public var metrics: [String: QueryMetric]
  /// The tags that people gave it.
  public var tags: [String]
  /// What somebody noted about it.
  public var note: String?
  /// The name that the run was given later.
  public var name: String?
  /// Whether the run's process still lives, where somebody looked.
  public var liveness: Liveness?

  /// Creates what queries know of a run.
  ///
  /// - Parameters:
  ///   - record: All that is known of the run but its points.
  ///   - metrics: What is known of the metrics, by their names.
  ///   - tags: The tags that people gave it.
  ///   - note: What somebody noted about it.
  ///   - name: The name that it was given later.
  ///   - liveness: Whether its process still lives, where somebody looked.
  public init(
    _ record: RunRecord, metrics: [String: QueryMetric] = [:], tags: [String] = [],
    note: String? = nil, name: String? = nil, liveness: Liveness? = nil
  ) {
    (self.record, self.metrics, self.tags) = (record, metrics, tags)
    (self.note, self.name, self.liveness) = (note, name, liveness)
  }

  package func value(of reading: QueryField.Reading) -> Value? {
    switch reading {
    case .fixed(let fixed): value(of: fixed)
    case .entry(.result, let path): record.result.isNull ? nil : record.result.value(at: path)
    case .entry(let section, let path): value(at: path, in: entries(of: section))
    case .metric(let name, let statistic): metric(name)?.value(of: statistic)
    }
  }

  private func value(at path: [String], in entries: Value.Entries) -> Value? {
    // A copy of the map costs nothing; it is never empty and there.
    entries.isEmpty ? nil : Value.map(entries).value(at: path)
  }

  private func metric(_ name: String) -> QueryMetric? {
    guard let index = metrics.index(forKey: name),
      metrics[index].key.utf8.elementsEqual(name.utf8)
    else { return nil }
    return metrics[index].value
  }

  private func entries(of section: QueryField.Section) -> Value.Entries {
    switch section {
    case .config: record.config
    case .info: record.info
    case .host: record.host
    case .meta: record.meta
    case .result: [:]
    }
  }

  private func value(of fixed: QueryField.Fixed) -> Value? {
    switch fixed {
    case .id: .id(record.id)
    case .key: record.key.map { .text($0.description) }
    case .name: .text(name ?? record.experiment.name)
    case .experiment: .text(record.experiment.name)
    case .command: .text(record.command)
    case .status: .text(record.status.rawValue)
    case .liveness: liveness.map { .text($0.rawValue) }
    case .tags: .texts(tags)
    case .note: note.map(Value.text)
    case .group: record.group.map(Value.text)
    case .parent: record.parent.map(Value.text)
    case .started: record.startTime.map(Value.time)
    case .stopped: record.stopTime.map(Value.time)
    case .queued: record.queueTime.map(Value.time)
    case .heartbeat: record.heartbeat.map(Value.time)
    case .elapsed: record.elapsed.map { .double($0.secondsForQueries) }
    case .error: record.failTrace.isEmpty ? nil : .text(record.failTrace.joined())
    case .artifacts: .texts(record.artifacts.map(\.name))
    case .resources: .texts(record.resources.map(\.path))
    case .sources: .texts(record.experiment.sources.map(\.path))
    case .dependencies: .texts(record.experiment.dependencies)
    case .arguments: .texts(record.arguments)
    case .warnings: .texts(record.warnings.map(\.message))
    case .gitCommit: repository("commit") ?? record.workingTrees.first?.commit.map(Value.text)
    case .gitURL: repository("url") ?? (record.workingTrees.first?.url).map(Value.text)
    case .gitBranch: record.workingTrees.first?.branch.map(Value.text)
    case .gitDirty: isDirty.map(Value.bool)
    }
  }

  /// What is known of the first repository.
  private func repository(_ name: String) -> Value? {
    record.experiment.repositories.first?[name].flatMap { $0.isNull ? nil : $0 }
  }

  /// Whether one of the repositories differs from its commit, if there are any.
  private var isDirty: Bool? {
    let flags =
      record.experiment.repositories.compactMap { $0["dirty"]?.boolValue }
      + record.workingTrees.map(\.isDirty)
    return flags.isEmpty ? nil : flags.contains(true)
  }
}

extension Value {
  /// A list of texts; `nil` if there are none.
  fileprivate static func texts(_ texts: [String]) -> Value? {
    texts.isEmpty ? nil : .list(texts.map(Value.text))
  }
}

extension Duration {
  /// The length in seconds, the nearest number to it where it is whole microseconds.
  package var secondsForQueries: Double {
    let (microseconds, rest) = attoseconds.quotientAndRemainder(dividingBy: 1_000_000_000_000)
    return rest == 0 ? Double(microseconds) / 1e6 : Double(attoseconds) / 1e18
  }
}

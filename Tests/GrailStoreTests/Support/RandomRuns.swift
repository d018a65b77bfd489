import GrailCore
import OrderedCollections
import TestSupport

/// Runs at random, of values and names that the random queries ask for.
extension QuerySource {
  mutating func run(id: String) -> RunSubject {
    var record = RunRecord(
      key: chance(50) ? key() : nil, id: id, experiment: ExperimentRecord(name: text()),
      command: text(),
      status: pick([.completed, .failed, .running, .queued, RunStatus(rawValue: "OTHER")]))
    record.config = entries()
    record.info = entries()
    record.host = entries()
    record.meta = entries()
    if chance(60) { record.result = nested(depth: 2) }
    record.group = chance(40) ? text() : nil
    record.parent = chance(40) ? text() : nil
    record.startTime = chance(70) ? time() : nil
    record.stopTime = chance(50) ? time() : nil
    record.heartbeat = chance(50) ? time() : nil
    record.queueTime = chance(30) ? time() : nil
    record.failTrace = chance(30) ? [text(), text()] : []
    record.arguments = texts()
    record.experiment.dependencies = texts()
    record.warnings = texts().map { RunWarning(time: Self.now, message: $0) }
    if chance(50) {
      record.experiment.repositories = [
        ["url": .text(text()), "commit": .text(text()), "dirty": .bool(chance(50))]
      ]
    }
    var metrics: [String: QueryMetric] = [:]
    for name in ["a", "b", "a.b", "min", "x y", "größe"] where chance(40) {
      metrics[name] = metric()
    }
    return RunSubject(
      record, metrics: metrics, tags: Array(Set(texts())).sorted(),
      note: chance(30) ? text() : nil, name: chance(30) ? text() : nil,
      liveness: pick([nil, .alive, .dead, .notExpected]))
  }

  private mutating func key() -> RunKey { RunKey(time: Self.now, using: &generator) }

  private mutating func text() -> String {
    if case .text(let text) = pick(
      ["a", "b", "ab", "A", "é", "", "completed", "\u{0}", "🎲\n"] as [Value])
    {
      text
    } else {
      ""
    }
  }

  private mutating func texts() -> [String] { (0..<pick([0, 1, 2])).map { _ in text() } }

  private mutating func entries() -> Value.Entries {
    guard chance(80) else { return [:] }
    var entries: Value.Entries = [:]
    for name in Self.names where chance(40) { entries[name] = nested(depth: 2) }
    return entries
  }

  mutating func nested(depth: Int) -> Value {
    guard depth > 0, chance(40) else {
      if chance(5) {
        return .opaque(Value.Opaque(typeName: "py/tuple", raw: ["py/tuple": [1, "a"]]))
      }
      return value()
    }
    if chance(30) { return .list((0..<pick([0, 1, 2])).map { _ in nested(depth: depth - 1) }) }
    var entries: Value.Entries = [:]
    for name in Self.names where chance(25) { entries[name] = nested(depth: depth - 1) }
    return .map(entries)
  }

  private mutating func metric() -> QueryMetric {
    let count = pick([1, 2, 3])
    let values: MetricValues =
      switch pick([0, 1, 2]) {
      case 0: .ints((0..<count).map { _ in pick([0, 1, -1, .max, 9_007_199_254_740_993]) })
      case 1: .doubles((0..<count).map { _ in pick([0, 0.5, .nan, .infinity, -.infinity, 1]) })
      default: .values((0..<count).map { _ in value() })
      }
    return QueryMetric(
      MetricSeries(
        descriptor: MetricDescriptor(name: "", kind: .value),
        steps: (0..<count).map { _ in Int64.random(in: -2...2, using: &generator) },
        timestamps: (0..<count).map { _ in time() }, values: values))
  }
}

public import GrailCore
import Synchronization

/// A store that keeps runs in memory: for tests of what reads runs, and the plainest example of the
/// contract.
///
/// ```swift
/// var run = ObservedRun(key: key)
/// run.record.id = "1"
/// run.record.config = ["layers": 7]
/// let store = InMemoryRunStore([run])
/// ```
public final class InMemoryRunStore: RunAnnotating {
  /// The word `memory:`.
  public let location: String = "memory:"
  private let runs: Mutex<[String: InMemoryRun]>

  /// Creates a store of some runs.
  ///
  /// - Parameter runs: The runs, each under its record's id; of several with one id the last counts.
  public init(_ runs: some Sequence<ObservedRun> = []) {
    self.runs = Mutex(
      Dictionary(runs.map { ($0.record.id, InMemoryRun($0)) }) { _, later in later })
  }

  /// Finds runs, and returns of each what is asked for.
  public func select(_ selection: RunSelection) async throws -> RunTable {
    selection.table(of: runs.withLock { $0.values.map(\.subject) })
  }

  /// Opens one run.
  public func run(_ id: String) async throws -> any StoredRun {
    guard let run = runs.withLock({ $0[id] }) else { throw NoSuchRun(id: id, location: location) }
    return run
  }

  /// The names that the runs have.
  public func names() async throws -> QueryNames {
    QueryNames(of: runs.withLock { $0.values.map(\.subject) })
  }

  /// Changes what was added to runs.
  public func edit(_ ids: [String], _ edits: [RunEdit]) async throws {
    try runs.withLock { runs in
      for id in ids where runs[id] == nil { throw NoSuchRun(id: id, location: location) }
      for id in ids {
        for edit in edits { runs[id]?.annotations.apply(edit) }
      }
    }
  }
}

/// A run in memory.
private struct InMemoryRun: StoredRun {
  let run: ObservedRun
  var annotations = RunAnnotations()

  init(_ run: ObservedRun) { self.run = run }

  var record: RunRecord { run.record }
  var notes: [String] { [] }
  var liveness: Liveness { record.status == .running ? .unknown : .notExpected }
  var metrics: [MetricDescriptor] {
    run.series.values.map(\.descriptor).sorted { $0.name < $1.name }
  }

  /// The run as a query sees it.
  var subject: RunSubject {
    RunSubject(
      record, metrics: run.series.mapValues { QueryMetric($0) }, tags: annotations.tags,
      note: annotations.note, name: annotations.name, liveness: liveness)
  }

  func refresh() {}

  func statistics(_ name: String) -> QueryMetric? { run.series[name].map { QueryMetric($0) } }

  func series(_ name: String) -> MetricSeries? { run.series[name] }

  func view(_ name: String, window: MetricWindow, buckets: Int) -> [MetricSummary]? {
    guard let series = run.series[name] else { return nil }
    let places = series.steps.indices.filter { place in
      switch window {
      case .all: true
      case .steps(let range): range.contains(series.steps[place])
      case .times(let range): range.contains(series.timestamps[place])
      }
    }
    // As many parts as there are points: a store may cut them as it likes, and loses nothing.
    return places.map { place in
      let number = series.values[place].doubleValue ?? .nan
      return MetricSummary(
        count: 1, numberCount: number.isNaN ? 0 : 1, min: number, max: number, mean: number,
        steps: series.steps[place]...series.steps[place],
        times: series.timestamps[place]...series.timestamps[place])
    }
  }

  func read(_ file: RunFile, into write: ([UInt8]) throws -> Void) throws {
    guard let contents = file.storedPath.flatMap({ run.files[$0] }) else {
      throw NotKept(name: file.name)
    }
    try write(contents)
  }

  /// A content that nobody put into the store.
  private struct NotKept: Error, CustomStringConvertible {
    let name: String
    var description: String { "'\(name)' cannot be read: the store does not keep it" }
  }

  func readOutput(_ stream: StandardStream?, into write: ([UInt8]) throws -> Void) throws {
    // Events do not say which stream output came on.
    if stream == nil, !run.output.isEmpty { try write(run.output) }
  }
}

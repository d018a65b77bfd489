import GrailStore
import GrailTesting
import Synchronization
import Testing

// Scripts/check-package builds this in a package of its own, which sees what is public alone.

@Suite struct OwnStoreTests {
  @Test(arguments: RunStoreChecks.allCases)
  func `a store of one's own keeps the contract`(_ check: RunStoreChecks) async throws {
    try await check.run(on: OwnStore(RunStoreChecks.runs))
  }

  @Test(arguments: RunAnnotatingChecks.allCases)
  func `and that of edits`(_ check: RunAnnotatingChecks) async throws {
    try await check.run(on: OwnStore(RunStoreChecks.runs))
  }

  @Test func `one that forgets the order is caught`() async throws {
    let store = OwnStore(RunStoreChecks.runs, forgetsOrder: true)
    await #expect(throws: RunStoreCheckFailure.self) {
      try await RunStoreChecks.findsAndSorts.run(on: store)
    }
  }

  @Test func `one that keeps no edits is caught`() async throws {
    let store = OwnStore(RunStoreChecks.runs, forgetsEdits: true)
    await #expect(throws: RunStoreCheckFailure.self) {
      try await RunAnnotatingChecks.keepsEdits.run(on: store)
    }
  }

  @Test func `what reads runs is tested with runs in memory`() async throws {
    var run = try #require(RunStoreChecks.runs.first)
    run.record.config = ["rate": 0.5]
    let store = InMemoryRunStore([run])
    #expect(try await bestRate(in: store) == 0.5)
    try await store.edit(run.record.id, .tag("best"))
    #expect(try await store.runs(where: "\"best\" in tags").count == 1)
  }

  private struct Settings: Decodable { var rate: Double }

  private func bestRate(in store: some RunStore) async throws -> Double? {
    try await store.runs(sortedBy: "metrics.loss.min", limit: 1).first?.config(as: Settings.self)
      .rate
  }
}

/// A store as somebody else would write one.
private final class OwnStore: RunAnnotating {
  let location = "own:"
  private let runs: [String: ObservedRun]
  private let added = Mutex<[String: RunAnnotations]>([:])
  private let forgetsOrder: Bool
  private let forgetsEdits: Bool

  init(_ runs: [ObservedRun], forgetsOrder: Bool = false, forgetsEdits: Bool = false) {
    self.runs = Dictionary(uniqueKeysWithValues: runs.map { ($0.record.id, $0) })
    (self.forgetsOrder, self.forgetsEdits) = (forgetsOrder, forgetsEdits)
  }

  private var subjects: [RunSubject] {
    added.withLock { added in
      runs.values.map { run in
        let annotations = added[run.record.id] ?? RunAnnotations()
        return RunSubject(
          run.record, metrics: run.series.mapValues { QueryMetric($0) }, tags: annotations.tags,
          note: annotations.note, name: annotations.name)
      }
    }
  }

  func select(_ selection: RunSelection) async throws -> RunTable {
    var selection = selection
    if forgetsOrder { selection.order = [] }
    return selection.table(of: subjects)
  }

  func run(_ id: String) async throws -> any StoredRun {
    guard let run = runs[id] else { throw NoSuchRun(id: id, location: location) }
    return OwnRun(run: run, annotations: added.withLock { $0[id] } ?? RunAnnotations())
  }

  func names() async throws -> QueryNames { QueryNames(of: subjects) }

  func edit(_ ids: [String], _ edits: [RunEdit]) async throws {
    for id in ids where runs[id] == nil { throw NoSuchRun(id: id, location: location) }
    guard !forgetsEdits else { return }
    added.withLock { added in
      for id in ids {
        for edit in edits { added[id, default: RunAnnotations()].apply(edit) }
      }
    }
  }
}

private struct OwnRun: StoredRun {
  let run: ObservedRun
  let annotations: RunAnnotations

  var record: RunRecord { run.record }
  var notes: [String] { [] }
  var liveness: Liveness { .notExpected }
  var metrics: [MetricDescriptor] { run.series.values.map(\.descriptor) }

  func refresh() {}
  func statistics(_ name: String) -> QueryMetric? { run.series[name].map { QueryMetric($0) } }
  func series(_ name: String) -> MetricSeries? { run.series[name] }

  func view(_ name: String, window: MetricWindow, buckets: Int) -> [MetricSummary]? {
    guard let series = run.series[name], let least = series.steps.min(),
      let greatest = series.steps.max(), let start = series.timestamps.min(),
      let end = series.timestamps.max()
    else { return nil }
    let numbers = series.values.doubles
    return [
      MetricSummary(
        count: series.count, numberCount: series.count, min: numbers.min() ?? .nan,
        max: numbers.max() ?? .nan, mean: numbers.reduce(0, +) / Double(series.count),
        steps: least...greatest, times: start...end)
    ]
  }

  func read(_ file: RunFile, into write: ([UInt8]) throws -> Void) throws {
    try write(run.files[file.storedPath ?? ""] ?? [])
  }

  func readOutput(_ stream: StandardStream?, into write: ([UInt8]) throws -> Void) throws {
    try write(run.output)
  }
}

import Foundation
import GrailCore
import GrailRecord
import GrailTesting
import OrderedCollections
import Testing

@testable import GrailStore

/// The stores keep the contract that `GrailTesting` publishes.
@Suite struct RunStoreContractTests {
  @Test(arguments: RunStoreChecks.allCases)
  func `the store in memory`(check: RunStoreChecks) async throws {
    try await check.run(on: InMemoryRunStore(RunStoreChecks.runs))
  }

  @Test(arguments: RunAnnotatingChecks.allCases)
  func `edits in memory`(check: RunAnnotatingChecks) async throws {
    try await check.run(on: InMemoryRunStore(RunStoreChecks.runs))
  }

  @Test(arguments: RunStoreChecks.allCases, [true, false])
  func `the file store`(check: RunStoreChecks, usesIndex: Bool) async throws {
    try await withStore(usesIndex: usesIndex) { try await check.run(on: $0) }
  }

  @Test(arguments: RunAnnotatingChecks.allCases, [true, false])
  func `edits in the file store`(check: RunAnnotatingChecks, usesIndex: Bool) async throws {
    try await withStore(usesIndex: usesIndex) { try await check.run(on: $0) }
  }

  private func withStore(
    usesIndex: Bool, _ body: (FileStore) async throws -> Void
  ) async throws {
    let sample = SampleStore()
    for run in RunStoreChecks.runs { try write(run, to: sample.folder) }
    let store = try FileStore(sample.folder, usesIndex: usesIndex)
    try await body(store)
    if usesIndex, let path = IndexPlace.file(for: sample.folder) {
      RunIndex.delete(path)
      try? FileManager.default.removeItem(atPath: path + ".lock")
    }
  }

  /// Records a run as an experiment does.
  private func write(_ run: ObservedRun, to store: StoreFolder) throws {
    try store.prepare()
    let directory = try store.claimRun(id: run.record.id).directory
    let key = try #require(run.record.key)
    let start = try #require(run.record.startTime)
    let journal = try JournalWriter(
      path: "\(directory)/journal.1", key: key, session: 1, time: start)
    var first = run.record
    (first.status, first.result, first.stopTime, first.failTrace) = (.running, .null, nil, [])
    (first.info, first.artifacts) = ([:], [])
    #expect(journal.append(.started(first), time: start))
    for (name, value) in run.record.info {
      #expect(journal.append(.info(name: name, value: value), time: start))
    }
    for series in run.series.values {
      let metric = journal.metric(
        series.descriptor.name, unit: nil, kind: series.descriptor.kind)
      for place in series.steps.indices {
        let time = series.timestamps[place].microseconds
        switch series.values[place] {
        case .int(let number): metric.append(number, step: series.steps[place], time: time)
        case .double(let number): metric.append(number, step: series.steps[place], time: time)
        case let value: metric.append(value, step: series.steps[place], time: time)
        }
      }
    }
    if !run.record.result.isNull {
      #expect(journal.append(.result(run.record.result), time: start))
    }
    for artifact in run.record.artifacts {
      #expect(journal.append(.artifact(artifact), time: start))
      let file = URL(filePath: directory).appending(path: artifact.storedPath)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(run.files[artifact.storedPath] ?? []).write(to: file)
    }
    try Data(run.output).write(to: URL(filePath: "\(directory)/cout.txt"))
    try journal.close(
      RunEnding(
        status: run.record.status, time: run.record.stopTime, failTrace: run.record.failTrace),
      time: start)
  }
}

import GrailCore
import GrailTesting
import Testing

@Suite struct ObserverChecksTests {
  @Test(arguments: ObserverChecks.allCases)
  func `the observer in memory keeps the contract`(_ check: ObserverChecks) async throws {
    let observer = InMemoryObserver()
    try await check.run(on: observer) { key in await observer.run(key) }
  }

  @Test(arguments: [
    ObserverChecks.keepsARepeatedBatchOnce, .keepsOnlyWhatIsNew,
  ])
  func `an observer that keeps everything twice is caught`(_ check: ObserverChecks) async {
    let observer = ForgetfulObserver()
    await #expect(throws: ObserverCheckFailure.self) {
      try await check.run(on: observer) { key in await observer.inner.run(key) }
    }
  }

  @Test func `an observer that loses points is caught`() async {
    let observer = DroppingObserver()
    await #expect(throws: ObserverCheckFailure.self) {
      try await ObserverChecks.keepsTheWholeRun.run(on: observer) { key in
        await observer.inner.run(key)
      }
    }
  }
}

/// Takes every batch for a new one.
private actor ForgetfulObserver: RunObserver {
  let inner = InMemoryObserver()
  private var count: [RunKey: Int64] = [:]

  func record(_ batch: RunEventBatch) async {
    var batch = batch
    batch.offset = count[batch.key] ?? 0
    count[batch.key] = batch.offset + Int64(batch.events.count)
    await inner.record(batch)
  }
}

/// Drops the points.
private actor DroppingObserver: RunObserver {
  let inner = InMemoryObserver()

  func record(_ batch: RunEventBatch) async {
    var batch = batch
    batch.events = batch.events.map { event in
      if case .points(let series) = event {
        return .points(MetricSeries(descriptor: series.descriptor))
      }
      return event
    }
    await inner.record(batch)
  }
}

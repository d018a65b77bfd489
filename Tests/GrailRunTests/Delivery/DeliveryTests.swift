import Foundation
import GrailCore
import GrailRecord
import GrailRun
import GrailTesting
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct DeliveryTests {
  let folder = TestFolder()

  /// Logs, notes and prints a little, with pauses, so that observers see it in pieces.
  private func work(
    _ program: ObservedProgram, _ run: Run, _ recorder: Recorder,
    pause: () async throws -> Void = { try await Task.sleep(for: .milliseconds(5)) }
  ) async throws {
    for index in 0..<40 {
      for step in 0..<25 { run.log("loss", Double(index * 25 + step)) }
      run.log("label", "n\(index)")
      run.info["index"] = index
      try program.print("line \(index): ü\n", recorder)
      if index % 4 == 0 { try await pause() }
    }
    try recorder.addBytes("content", as: "a.txt")
    run.warn("that was all")
    run.result = 0.5
  }

  @Test func `observers are told all, once, in one order, the end last`() async throws {
    let (quick, slow) = (WatchedObserver(), WatchedObserver())
    // Each of its calls takes as long as several of the other's.
    await slow.behave { call, _ in
      for _ in 0..<300 where await quick.calls.count < 4 * call {
        if await quick.events.last?.isEnd == true { return }
        try await Task.sleep(for: .milliseconds(10))
      }
    }
    let program = ObservedProgram(in: folder, ["quick": quick, "slow": slow])
    let record = try await program.run { run, recorder in
      try await work(program, run, recorder) {
        // However busy the machine is, one of them is told of what was done up to here.
        let known = await quick.calls.count
        for _ in 0..<1000 where await quick.calls.count == known {
          try await Task.sleep(for: .milliseconds(5))
        }
      }
    }
    let truth = try await program.truth()
    for observer in [quick, slow] {
      let events = await observer.events
      #expect(await observer.mismatches == 0)
      let told = try #require(await observer.memory.runs.values.first)
      #expect(told.comparable == truth.comparable)
      #expect(events.last?.isEnd == true && events.filter(\.isEnd).count == 1)
      #expect(told.output.count == 470)
      // Batches follow each other.
      var next: Int64 = 0
      for call in await observer.calls {
        #expect(call.offset == next)
        next = call.offset + Int64(call.events.count)
      }
    }
    #expect(await quick.events == slow.events)
    let quickCount = await quick.calls.count
    #expect(await slow.calls.count < quickCount)
    let count = Int64(await quick.events.count)
    #expect(
      record.deliveries == ["quick", "slow"].map { DeliveryRecord(observer: $0, offset: count) })
    let delivery = try program.json()["delivery"]?.listValue ?? []
    #expect(delivery.map { $0["offset"] } == [.int(count), .int(count)])
    #expect(delivery.map { $0["error"] } == [.null, .null])
    #expect(program.lines.all == ["that was all"])
    #expect(try await program.sync() == .delivered(0))
  }

  @Test func `an observer reads the files, and the record as the batch leaves it`() async throws {
    let observer = WatchedObserver { _, batch in
      for case .artifact(let artifact) in batch.events {
        let content = try batch.contents(artifact.storedPath)
        #expect(content == Array("content".utf8))
        #expect(batch.record.artifacts.contains(artifact))
        #expect(throws: (any Error).self) { try batch.contents("../2/run.json") }
      }
      if case .ended? = batch.events.last { #expect(batch.record.status == .completed) }
    }
    let program = ObservedProgram(in: folder, ["o": observer])
    let record = try await program.run { run, recorder in
      try recorder.addBytes("content", as: "a.txt")
    }
    #expect(record.deliveries.first?.undelivered == 0 && record.deliveries.first?.error == nil)
  }

  // MARK: - Observers that fail

  @Test func `what fails comes again, the same, and is said once`() async throws {
    let observer = WatchedObserver()
    // Every other call fails, some of them after the batch was stored.
    await observer.behave { call, batch in
      if call % 3 == 2 { await observer.store(batch) }
      if call % 3 != 0 { throw Unreachable() }
    }
    let program = ObservedProgram(in: folder, ["o": observer])
    let record = try await program.run { run, recorder in
      try await work(program, run, recorder)
    }
    let truth = try await program.truth()
    #expect(try #require(await observer.memory.runs.values.first).comparable == truth.comparable)
    #expect(await observer.mismatches == 0)
    for (first, second) in zip(await observer.calls, await observer.calls.dropFirst())
    where first.offset == second.offset {
      #expect(first.events == second.events)
    }
    let delivery = try #require(record.deliveries.first)
    #expect(delivery.undelivered == 0 && delivery.error == nil && delivery.failingSince == nil)
    let failures = program.lines.all.filter { $0.contains("' does not take what happens") }
    #expect(
      failures.first
        == "observer 'o' does not take what happens in run 1: no route to https://example.org second line. It is kept and tried again"
    )
    let again = program.lines.all.filter { $0.contains("' takes what happens") }
    #expect(again.first?.hasPrefix("observer 'o' takes what happens in run 1 again after ") == true)
    #expect(again.first?.hasSuffix(", 2 tries failed") == true)
  }

  @Test func `a run of a broken observer ends in time, and says what to type`() async throws {
    let broken = WatchedObserver { _, _ in throw Unreachable() }
    let intact = WatchedObserver()
    var program = ObservedProgram(in: folder, ["broken": broken, "intact": intact])
    program.settings.observerTimeout = .milliseconds(300)
    let start = ContinuousClock.now
    let record = try await program.run { run, recorder in
      try await work(program, run, recorder)
    }
    // Other tests keep the threads busy that this one is resumed on.
    #expect(ContinuousClock.now - start < .seconds(60))
    #expect(record.status == .completed)
    let count = Int64(await intact.events.count)
    #expect(record.deliveries[1] == DeliveryRecord(observer: "intact", offset: count))
    let delivery = record.deliveries[0]
    #expect(delivery.offset == 0 && delivery.undelivered == count && delivery.failingSince != nil)
    let reason = "no route to https://example.org second line"
    #expect(delivery.error == reason)
    let lines = program.lines.all.filter { $0.contains("broken") }
    #expect(lines.count == 2)
    #expect(
      lines.last?.hasPrefix(
        "run 1: observer 'broken' lacks \(count) events (\(reason)). To deliver it later, type: ")
        == true)
    #expect(lines.last?.contains(" sync 1 -F ") == true)
    #expect(try RunReader(directory: program.directory()).record.deliveries == record.deliveries)

    guard case .undelivered(let left) = try await program.sync(limit: .milliseconds(100)) else {
      Issue.record("it was delivered")
      return
    }
    #expect(left.map(\.undelivered) == [count, 0])
    await broken.behave { _, _ in }
    #expect(try await program.sync() == .delivered(count))
    #expect(await broken.events == intact.events)
    let json = try program.json()
    let states = json["delivery"]?.listValue ?? []
    #expect(states.map { $0["undelivered"] } == [0, 0])
    #expect(states.map { $0["error"] } == [.null, .null])
    #expect(json["metrics"]?.listValue?.count == 2)
  }

  @Test func `an observer that hangs is called again, and no other waits for it`() async throws {
    let sleeper = WatchedObserver { call, _ in
      if call < 3 { try await Task.sleep(for: .seconds(100)) }
    }
    // This one does not hear that it is cancelled.
    let blocker = WatchedObserver()
    let intact = WatchedObserver()
    var program = ObservedProgram(
      in: folder, ["sleeper": sleeper, "intact": intact, "blocker": Blocking(observer: blocker)])
    program.settings.delivery.callLimit = .milliseconds(200)
    let record = try await program.run { run, recorder in
      let start = ContinuousClock.now
      try await work(program, run, recorder)
      while await intact.calls.count < 3, ContinuousClock.now - start < .seconds(10) {
        run.log("loss", 1)
        try await Task.sleep(for: .milliseconds(2))
      }
      #expect(await intact.calls.count >= 3)
    }
    #expect(record.deliveries.allSatisfy { $0.undelivered == 0 })
    #expect(await sleeper.events == intact.events)
    #expect(await blocker.events == intact.events)
    #expect(program.lines.all.contains { $0.contains("'sleeper'") && $0.contains("no answer in") })
  }

  @Test func `what is refused for good is given up, and the rest goes on`() async throws {
    let observer = WatchedObserver { call, batch in
      if batch.offset == 0 { throw DeliveryError("400: no such channel", isFinal: true) }
    }
    let program = ObservedProgram(in: folder, ["o": observer])
    let record = try await program.run { run, _ in
      while await observer.calls.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
      run.log("loss", 1)
    }
    let given = try #require(await observer.calls.first).events.count
    let delivery = try #require(record.deliveries.first)
    #expect(delivery.givenUp == given && delivery.undelivered == 0)
    #expect(delivery.error == "400: no such channel" && delivery.failingSince == nil)
    #expect(
      program.lines.all.first
        == "observer 'o' refuses \(given) event\(given == 1 ? "" : "s") of run 1 for good: 400: no such channel"
    )
    let last = try #require(program.lines.all.dropFirst().first)
    #expect(program.lines.all.count == 2 && last.hasPrefix("run 1: observer 'o' refused \(given) "))
    #expect(await observer.calls.last?.events.last?.isEnd == true)
  }

  @Test func `an observer that asks to be left alone is left alone`() async throws {
    let observer = WatchedObserver { call, _ in
      if call == 1 { throw DeliveryError("429", retryAfter: .milliseconds(700)) }
    }
    let program = ObservedProgram(in: folder, ["o": observer])
    try await program.run { _, _ in
      while await observer.calls.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    }
    let calls = await observer.calls
    #expect(calls[1].time - calls[0].time >= .milliseconds(700))
    #expect(await observer.events.last?.isEnd == true)
  }

  @Test func `pauses grow, are drawn, and have a limit`() {
    let settings = DeliverySettings()
    for failures in 1...40 {
      let whole = min(settings.firstDelay * (1 << min(failures - 1, 20)), settings.longestDelay)
      let drawn = (0..<50).map { _ in settings.delay(afterFailures: failures, requested: nil) }
      #expect(drawn.allSatisfy { $0 >= whole / 2 && $0 <= whole } && Set(drawn).count > 10)
    }
    for _ in 0..<50 {
      let delay = settings.delay(afterFailures: 1, requested: .seconds(300))
      #expect(delay >= .seconds(300) && delay <= .seconds(340))
    }
    #expect(settings.delay(afterFailures: .max, requested: .seconds(Int64.max)) > .zero)
  }

  // MARK: - Much, little and none

  @Test func `what piles up while an observer is away comes in bounded batches`() async throws {
    let observer = WatchedObserver { call, _ in
      if call <= 3 { throw Unreachable() }
    }
    let program = ObservedProgram(in: folder, ["o": observer])
    try await program.run { run, _ in
      let metric = run.metric("loss")
      for index in 0..<400_000 { metric.log(Double(index)) }
    }
    let calls = await observer.calls
    for call in calls {
      #expect(call.events.count <= 1100)
      for case .points(let series) in call.events { #expect(series.count <= 10_000) }
    }
    let run = try #require(await observer.memory.runs.values.first)
    #expect(run.series["loss"]?.values == .doubles((0..<400_000).map(Double.init)))
  }

  @Test func `beats are told at most as often as the heart beats`() async throws {
    let observer = WatchedObserver()
    var program = ObservedProgram(in: folder, ["o": observer])
    program.settings.beatInterval = .milliseconds(50)
    let start = ContinuousClock.now
    try await program.run { _, _ in try await Task.sleep(for: .milliseconds(400)) }
    let most = Int((ContinuousClock.now - start) / .milliseconds(50)) + 2
    let beats = await observer.events.filter { if case .heartbeat = $0 { true } else { false } }
    #expect(beats.count > 1 && beats.count <= most && Set(beats).count == beats.count)
  }

  @Test func `a run that is not observed tells nobody`() async throws {
    let observer = WatchedObserver()
    var program = ObservedProgram(in: folder, ["o": observer])
    program.settings.isObserved = false
    let record = try await program.run { run, _ in run.log("loss", 1) }
    #expect(await observer.calls.isEmpty && record.deliveries.isEmpty)
    #expect(program.lines.all.isEmpty)
  }

  @Test(arguments: ["", "a/b", ".hidden", "ü", "a b", String(repeating: "x", count: 101)])
  func `a name that is no file's is refused before anything begins`(name: String) throws {
    let program = ObservedProgram(in: folder, [name: WatchedObserver()])
    let error = #expect(throws: RunStartError.self) { try program.begin() }
    #expect(error?.code == .invalidObserver)
    #expect(error?.message.hasPrefix("'\(name)' cannot be an observer's name: ") == true)
    #expect(!FileManager.default.fileExists(atPath: folder.path("runs")))
  }
}

/// Blocks the thread that it is called on.
private final class Blocking: RunObserver {
  private let observer: WatchedObserver
  private let callCount = Atomic<Int>(0)

  init(observer: WatchedObserver) { self.observer = observer }

  func record(_ batch: RunEventBatch) async throws {
    if callCount.add(1, ordering: .relaxed).newValue < 3 { usleep(600_000) }
    try await observer.record(batch)
  }
}

extension RunEvent {
  var isEnd: Bool { if case .ended = self { true } else { false } }
}

extension Recorder {
  func addBytes(_ text: String, as name: String) throws {
    _ = try Run(recorder: self, inputs: RunInputs(seed: 1))
      .addArtifact(text.utf8, name: name, contentType: nil)
  }
}

import Foundation
import GrailCore
import GrailRecord
import GrailRun
import GrailTesting
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct DeliverySyncTests {
  let folder = TestFolder()

  /// A run whose observer was away the whole time.
  private func makeRun(_ observer: WatchedObserver) async throws -> ObservedProgram {
    await observer.behave { _, _ in throw Unreachable() }
    var program = ObservedProgram(in: folder, ["o": observer])
    program.settings.observerTimeout = .milliseconds(50)
    try await program.run { run, recorder in
      for index in 0..<30 {
        run.log("loss", Double(index))
        run.info["index"] = index
        try program.print("line\n", recorder)
        if index % 10 == 0 { try await Task.sleep(for: .milliseconds(30)) }
      }
    }
    await observer.behave { _, _ in }
    return program
  }

  private func statePath(_ name: String = "o.json") -> String {
    folder.path("runs/1/delivery/\(name)")
  }

  // MARK: - Who delivers

  @Test func `a run that goes on delivers by itself`() async throws {
    let observer = WatchedObserver()
    let program = ObservedProgram(in: folder, ["o": observer])
    try await program.run { run, _ in
      let outcome = try await program.sync()
      #expect(outcome == .isAlive)
      run.log("loss", 1)
    }
    #expect(try await program.sync() == .delivered(0))
    #expect(await observer.mismatches == 0)
  }

  @Test func `while a run's end waits for its observers nobody else delivers`() async throws {
    let observer = WatchedObserver { _, _ in try await Task.sleep(for: .milliseconds(150)) }
    let program = ObservedProgram(in: folder, ["o": observer])
    let recorder = try program.begin()
    _ = recorder.finish(.completed)
    async let record = recorder.finishDelivery()
    // It waits for its turn, and then there is nothing left.
    #expect(try await program.sync() == .delivered(0))
    #expect(await record.deliveries.first?.undelivered == 0)
    #expect(await observer.mismatches == 0)
  }

  @Test func `of two that deliver at once one does it`() async throws {
    let observer = WatchedObserver()
    let program = try await makeRun(observer)
    await observer.behave { _, _ in try await Task.sleep(for: .milliseconds(50)) }
    let outcomes = try await withThrowingTaskGroup(of: DeliverySync.Outcome.self) { group in
      for _ in 0..<4 { group.addTask { try await program.sync() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let count = Int64(await observer.events.count)
    #expect(outcomes.filter { $0 == .delivered(count) }.count == 1)
    // Whoever came later than the end of the first finds nothing to do.
    #expect(outcomes.filter { $0 == .isDelivered || $0 == .delivered(0) }.count == 3)
    #expect(await observer.mismatches == 0)
    #expect(await observer.events.filter(\.isEnd).count == 1)
  }

  @Test func `what was refused comes again from its first event, and only where it is asked for`()
    async throws
  {
    let observer = WatchedObserver()
    let program = try await makeRun(observer)
    let away = await observer.calls.count
    await observer.behave { _, batch in
      if batch.offset > 0 { throw DeliveryError("404", isFinal: true) }
    }
    guard case .undelivered(let records) = try await program.sync(isAsked: false) else {
      return #expect(Bool(false), "nothing was refused")
    }
    await observer.behave { _, _ in }
    let calls = await observer.calls.count
    #expect(try await program.sync(isAsked: false) == .delivered(0))
    #expect(await observer.calls.count == calls)
    let accepted = try #require(await observer.calls.dropFirst(away).first).events.count
    let refused = try #require(records.first).givenUp
    #expect(try await program.sync() == .delivered(refused))
    #expect(await observer.calls.dropFirst(calls).first?.offset == Int64(accepted))
    #expect(try await program.sync() == .delivered(0))
  }

  @Test func `what is wanting is known without being asked for`() async throws {
    let observer = WatchedObserver()
    let program = try await makeRun(observer)
    func wanting(_ experiment: String, _ names: String...) -> Bool {
      DeliverySync(
        experiment: experiment,
        observers: .init(names.map { ($0, observer) }) { first, _ in first },
        limit: .seconds(1), settings: DeliverySettings(), logger: program.lines.logger
      ).isWanting(ofRun: program.directory())
    }
    #expect(wanting("observed", "o", "other"))
    #expect(!wanting("observed", "other"))
    #expect(!wanting("another", "o"))
    #expect(try await program.sync(isAsked: false) != .delivered(0))
    #expect(!wanting("observed", "o"))
  }

  // MARK: - What is told

  @Test func `an observer that was added later is told all from the start`() async throws {
    let (first, second) = (WatchedObserver(), WatchedObserver())
    let program = try await makeRun(first)
    // Nobody is told who was not told of the start, unless the run is asked for.
    #expect(try await program.sync(["o": first, "new": second], isAsked: false) != .delivered(0))
    #expect(await second.calls.isEmpty)
    let count = Int64(await first.events.count)
    #expect(try await program.sync(["o": first, "new": second]) == .delivered(count))
    #expect(await second.events == first.events)
    let truth = try await program.truth()
    #expect(
      try #require(await second.memory.runs.values.first).comparable == truth.comparable)
  }

  @Test(arguments: ["missing", "torn", "nonsense", "negative"])
  func `an observer whose place is lost is told the same again`(damage: String) async throws {
    let observer = WatchedObserver()
    let program = try await makeRun(observer)
    _ = try await program.sync()
    let events = await observer.events
    let text = try String(contentsOfFile: statePath(), encoding: .utf8)
    switch damage {
    case "missing": try FileManager.default.removeItem(atPath: statePath())
    case "torn":
      try text.prefix(text.count / 2).write(toFile: statePath(), atomically: true, encoding: .utf8)
    case "negative":
      try text.replacing("\"offset\": ", with: "\"offset\": -")
        .write(toFile: statePath(), atomically: true, encoding: .utf8)
    default: try "[1, 2]".write(toFile: statePath(), atomically: true, encoding: .utf8)
    }
    #expect(try await program.sync() == .delivered(Int64(events.count)))
    #expect(await observer.events == events)
    #expect(await observer.mismatches == 0)
    let isSaid = program.lines.all.contains { line in
      line.hasPrefix("what observer 'o' received of run 1 cannot be read (")
        && line.hasSuffix("); it is told all again, from the start")
    }
    #expect(isSaid == (damage != "missing"))
  }

  @Test func `what a newer version wrote is left as it is`() async throws {
    let observer = WatchedObserver()
    let program = try await makeRun(observer)
    let text = try String(contentsOfFile: statePath(), encoding: .utf8)
      .replacing("\"version\": 1", with: "\"version\": 2")
    try text.write(toFile: statePath(), atomically: true, encoding: .utf8)
    guard case .undelivered(let records) = try await program.sync() else {
      Issue.record("it was delivered")
      return
    }
    #expect(records[0].error == "what it received was written by a newer version of Grail")
    #expect(try String(contentsOfFile: statePath(), encoding: .utf8) == text)
    #expect(await observer.events.isEmpty)
  }

  @Test func `an order that was lost is decided again, and it is said`() async throws {
    let observer = WatchedObserver()
    let program = try await makeRun(observer)
    _ = try await program.sync()
    let count = await observer.events.count
    try Data().write(to: URL(filePath: statePath("order")))
    // The run is told as over, so that somebody must ask for it.
    let fresh = WatchedObserver()
    #expect(try await program.sync(["o": observer, "fresh": fresh]) != .isAlive)
    #expect(
      program.lines.all.contains {
        $0.hasPrefix("the order of the events of run 1 is damaged; observer 'o' is told again")
      })
    let truth = try await program.truth()
    #expect(
      try #require(await fresh.memory.runs.values.first).comparable == truth.comparable)
    #expect(count > 3)
  }

  @Test func `a batch that may have arrived comes again as it was`() async throws {
    let observer = WatchedObserver()
    await observer.behave { call, batch in
      // It arrives, and the answer does not.
      if call == 2 {
        await observer.store(batch)
        try await Task.sleep(for: .seconds(100))
      }
    }
    var program = ObservedProgram(in: folder, ["o": observer])
    program.settings.observerTimeout = .milliseconds(1)
    program.settings.delivery.callLimit = .seconds(100)
    try await program.run { run, _ in
      while await observer.calls.count < 2 {
        run.log("loss", 1)
        try await Task.sleep(for: .milliseconds(5))
      }
      for _ in 0..<1000 { run.log("loss", 2) }
    }
    #expect(try await program.sync() != .delivered(0))
    let calls = await observer.calls
    #expect(calls[1].offset == calls[2].offset && calls[1].events == calls[2].events)
    #expect(await observer.mismatches == 0)
    #expect(await observer.events.last?.isEnd == true)
  }

  @Test func `a queued run is told, and what another process makes of it`() async throws {
    let directory = folder.path("runs/7")
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    let now = SystemClock.now()
    var generator = SystemRandomNumberGenerator()
    let key = RunKey(time: now, using: &generator)
    var record = RunRecord(
      key: key, id: "7", experiment: ExperimentRecord(name: "observed"), command: "run",
      status: .queued)
    let first = try JournalWriter(
      path: "\(directory)/journal.1", key: key, session: 1, time: now)
    first.append(.queued(record), time: now)
    try first.close(nil, time: now)
    try RunFiles(directory: directory).writeRun(record)
    let observer = WatchedObserver()
    let program = ObservedProgram(in: folder, ["o": observer])
    #expect(try await program.sync(id: "7") == .delivered(1))
    #expect(await observer.events == [.queued(record)])
    #expect(try await program.sync(id: "7", isAsked: false) == .delivered(0))
    #expect(try RunReader(directory: directory).record.status == .queued)

    record.status = .running
    let second = try JournalWriter(
      path: "\(directory)/journal.2", key: key, session: 2, time: now)
    second.append(.started(record), time: now)
    try second.close(RunEnding(status: .completed, time: now), time: now)
    #expect(try await program.sync(id: "7", isAsked: false) == .delivered(2))
    #expect(
      await observer.events == [
        .queued(record.queued), .started(record),
        .ended(RunEnding(status: .completed, time: now)),
      ])
  }
}

extension RunRecord {
  fileprivate var queued: RunRecord {
    var record = self
    record.status = .queued
    return record
  }
}

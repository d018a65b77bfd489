import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite struct StatusCommandTests {
  private func time(secondsAgo seconds: Int64) -> Value {
    .text(Timestamp(microseconds: SystemClock.now().microseconds - seconds * 1_000_000).isoText)
  }

  /// A store with one run of each kind.
  private func store() throws -> (TestStore, [LiveRun]) {
    let store = TestStore()
    let live = try LiveRun("4", in: store)
    live.note(
      .progress(
        ProgressRecord(
          label: "epochs", completed: 25, total: 100,
          startTime: Timestamp(microseconds: SystemClock.now().microseconds - 100_000_000),
          time: SystemClock.now())))
    live.log(0.5, "loss", step: 1)
    let dead = try LiveRun("5", in: store, process: .gone)
    let far = try LiveRun("6", in: store, process: .elsewhere)
    try store.add(
      "7", name: "later\u{1B}[2J",
      record: [
        "status": "QUEUED", "start_time": .null, "stop_time": .null, "heartbeat": .null,
        "meta": ["queue_time": time(secondsAgo: 300)],
      ])
    for (id, status, ago) in [
      ("1", "FAILED", Int64(10)), ("2", "FAILED", 20), ("3", "COMPLETED", 60),
      ("0", "COMPLETED", 90_000),
    ] {
      try store.add(
        id,
        record: [
          "status": .text(status), "start_time": time(secondsAgo: ago + 1),
          "stop_time": time(secondsAgo: ago),
        ])
    }
    return (store, [live, dead, far])
  }

  @Test func `what runs, died, waits and ended is on a page`() async throws {
    let (store, runs) = try store()
    for words in [["status"], ["status", "--no-index"]] {
      let end = try await GrailProgram.run(words, in: store)
      #expect(end.exitCode == 0 && end.errors.isEmpty)
      let lines = end.lines
      let titles = ["Running", "Died", "Queued", "Ended"]
      #expect(lines.map { String($0.prefix { $0 != " " }) }.filter { !$0.isEmpty } == titles)
      let live = try #require(lines.first { $0.hasPrefix("   4  live") })
      #expect(
        live.contains("██░░░░░░") && live.contains("25%") && live.contains("25 of 100 epochs"))
      #expect(live.contains("m 00s") || live.contains("m 5"))
      #expect(live.hasSuffix("loss 0.5"))
      #expect(lines.contains { $0.hasPrefix("   6  live") && $0.contains("not seen from here") })
      #expect(lines.contains("  5  live  last heard of just now"))
      #expect(lines.contains("  7  later\\u{1b}[2J  5 min ago"))
      #expect(lines.suffix(2) == ["  2  FAILED     1, 2", "  1  COMPLETED"])
    }
    withExtendedLifetime(runs) {}
  }

  @Test func `programs get all of it as one strict object`() async throws {
    let (store, runs) = try store()
    let end = try await GrailProgram.run(["status", "--json"], in: store)
    #expect(end.exitCode == 0 && end.lines.count == 1)
    let value = try JSONParser.parse(Array(end.output.utf8))
    let running = value["running"]?.listValue ?? []
    #expect(Set(running.compactMap { $0["id"]?.intValue }) == [4, 6])
    let live = try #require(running.first { $0["id"] == 4 })
    let loop = try #require(live["progress"]?.listValue?.first)
    #expect(loop["completed"] == 25 && loop["total"] == 100)
    let remaining = try #require(loop["remaining"]?.doubleValue)
    #expect(remaining > 200 && remaining < 301)
    #expect(live["metrics"] == ["loss": 0.5] && live["liveness"] == "alive")
    #expect(value["died"]?.listValue?.map { $0["id"] } == [5])
    #expect(value["queued"]?.listValue?.map { $0["name"] } == ["later\u{1B}[2J"])
    #expect(value["ended"] == ["FAILED": 2, "COMPLETED": 1])
    withExtendedLifetime(runs) {}
  }

  @Test func `where nothing runs it says so`() async throws {
    let store = TestStore()
    let end = try await GrailProgram.run(["status"], in: store)
    #expect(end.exitCode == 0 && end.output == "Nothing runs  in \(store.runs)\n")
  }
}

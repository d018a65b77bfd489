import Foundation
import GrailCore
import TestSupport
import Testing

@testable import GrailRecord

@Suite struct JournalFollowerTests {
  let folder = TemporaryFolder()

  private func makeJournal(mode: JournalMode? = nil) throws -> JournalWriter {
    try JournalWriter(
      path: folder.path("journal.1"), key: .sample, session: 1, time: .sample,
      keepsMicroseconds: true, mode: mode)
  }

  private func makeFollower() throws -> JournalFollower {
    try JournalFollower(path: folder.path("journal.1"))
  }

  /// What polls have told so far.
  private struct News {
    var events: [RunEvent] = []
    var steps: [String: [Int64]] = [:]
    var timestamps: [String: [Timestamp]] = [:]
    var values: [String: [Double]] = [:]
    var kinds: [String: [MetricKind]] = [:]

    mutating func take(_ news: [RunEvent]) {
      for event in news {
        guard case .points(let series) = event else {
          events.append(event)
          continue
        }
        #expect(series.count > 0)
        let name = series.descriptor.name
        steps[name, default: []] += series.steps
        timestamps[name, default: []] += series.timestamps
        values[name, default: []] += series.values.doubles
        kinds[name, default: []].append(series.descriptor.kind)
      }
    }
  }

  @Test(arguments: [JournalMode.mapped, .written], 0..<4)
  func `tells all that is new, once and in order`(mode: JournalMode, round: Int) throws {
    var generator = SeededGenerator(seed: UInt64(round))
    let journal = try makeJournal(mode: mode)
    var follower = try makeFollower()
    let names = ["a", "b", "c"]
    let metrics = names.map { journal.metric($0, unit: nil, kind: .int) }
    var news = News()
    var expected: [String: [Double]] = [:]
    var expectedEvents: [RunEvent] = []
    for index in 0..<400 {
      for _ in 0..<Int.random(in: 0...200, using: &generator) {
        let which = Int.random(in: 0..<3, using: &generator)
        // The second metric becomes one of doubles, the third in the end one of any values.
        let value: Value =
          switch which {
          case 1 where index > 100: .double(Double.random(in: 0...1, using: &generator))
          case 2 where index > 200: .text("\(index)")
          default: .int(Int64(index))
          }
        metrics[which].append(value, step: nil, time: Int64(index))
        expected[names[which], default: []].append(value.doubleValue ?? .infinity)
      }
      if Int.random(in: 0..<3, using: &generator) == 0 {
        let event = RunEvent.info(name: "n\(index)", value: .int(Int64(index)))
        journal.append(event, time: .sample)
        expectedEvents.append(event)
      }
      guard Int.random(in: 0..<4, using: &generator) == 0 else { continue }
      news.take(try follower.poll())
      #expect(try follower.poll().isEmpty)
      #expect(news.events == expectedEvents)
      #expect(news.values.mapValues(\.count) == expected.mapValues(\.count))
    }
    let ending = RunEvent.ended(RunEnding(status: .completed, time: .sample))
    try journal.close(RunEnding(status: .completed, time: .sample), time: .sample)
    let last = try follower.poll()
    #expect(last.last == ending)
    news.take(last)
    for _ in 0..<3 { #expect(try follower.poll().isEmpty) }

    #expect(news.events == expectedEvents + [ending])
    #expect(follower.damages.isEmpty && follower.reader.damages.isEmpty)
    let reader = try JournalReader(path: folder.path("journal.1"))
    var late = News()
    var lateFollower = JournalFollower(reader)
    late.take(try lateFollower.poll())
    #expect(try lateFollower.poll().isEmpty)
    #expect(late.events == news.events)
    for name in names {
      let values = news.values[name]?.map { $0.isNaN ? .infinity : $0 }
      #expect(values == expected[name])
      #expect(news.steps[name] == (0..<Int64(expected[name]?.count ?? 0)).map { $0 })
      var damages: [JournalDamage] = []
      let series = try #require(try reader.series(name, damages: &damages))
      #expect(series.timestamps == news.timestamps[name] && series.steps == late.steps[name])
      #expect(series.timestamps == late.timestamps[name])
    }
    #expect(late.kinds == ["a": [.int], "b": [.int, .double], "c": [.int, .value]])
  }

  @Test func `follows writers on many threads to the end`() async throws {
    let journal = try makeJournal()
    let follower = try makeFollower()
    let count = 150_000
    let news = try await withThrowingTaskGroup(of: News?.self) { group in
      group.addTask {
        var follower = follower
        var news = News()
        while !news.events.contains(where: { if case .ended = $0 { true } else { false } }) {
          news.take(try follower.poll())
        }
        #expect(try follower.poll().isEmpty)
        #expect(follower.damages.isEmpty && follower.reader.damages.isEmpty)
        return news
      }
      group.addTask {
        let shared = journal.metric("shared", unit: nil, kind: .double)
        await withTaskGroup(of: Void.self) { group in
          for task in 0..<2 {
            group.addTask {
              let own = journal.metric("own \(task)", unit: nil, kind: .double)
              for index in 0..<count {
                own.append(Double(index), step: nil, time: Int64(index))
                shared.append(Double(task), step: nil, time: Int64(index))
                guard index % 100 == 0 else { continue }
                journal.append(.info(name: "\(task)", value: .int(Int64(index))), time: .sample)
                await Task.yield()
              }
            }
          }
        }
        try journal.close(RunEnding(status: .completed, time: nil), time: .sample)
        return nil
      }
      return try await group.reduce(nil) { $0 ?? $1 }
    }
    let all = try #require(news)
    for task in 0..<2 { #expect(all.values["own \(task)"] == (0..<count).map(Double.init)) }
    #expect(all.steps["shared"] == (0..<Int64(2 * count)).map { $0 })
    #expect(all.values["shared"]?.reduce(0, +) == Double(count))
    #expect(all.events.count == 2 * count / 100 + 1)
  }

  @Test func `a lost block is passed over, and said`() throws {
    let journal = try makeJournal()
    let metric = journal.metric("m", unit: nil, kind: .double)
    for index in 0..<5_000 { metric.append(Double(index), step: nil, time: 0) }
    let whole = try JournalReader(path: folder.path("journal.1"))
    let lost = try #require(whole.streams.values.first?.blocks[2])
    let file = try FileHandle(forUpdating: URL(filePath: folder.path("journal.1")))
    try file.seek(toOffset: UInt64(lost.offset))
    try file.write(contentsOf: Data(repeating: 1, count: JournalFormat.Block.plainLength))
    var follower = try makeFollower()
    var news = News()
    for _ in 0..<3 { news.take(try follower.poll()) }
    let count = try #require(lost.summary?.count)
    #expect(news.steps["m"]?.count == 5_000 - Int(count))
    #expect(!follower.reader.damages.isEmpty)
    metric.append(1.0, step: nil, time: 0)
    news.take(try follower.poll())
    #expect(news.steps["m"]?.last == 5_000)
    try journal.close(nil, time: .sample)
  }
}

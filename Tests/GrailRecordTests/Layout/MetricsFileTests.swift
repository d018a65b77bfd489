import Foundation
import GrailCore
import Testing

@testable import GrailRecord

@Suite struct MetricsFileTests {
  let folder = TemporaryFolder()

  /// Writes values as one metric and returns what a file of at most so many points holds of it.
  private func thinned(
    _ values: [Double], to limit: Int
  ) throws -> (steps: [Int], values: [Double], content: MetricsFile.Content) {
    let journal = try JournalWriter(
      path: folder.path("journal.1"), key: .sample, session: 1, time: .sample)
    let metric = journal.metric("loss", unit: nil, kind: .double)
    for (step, value) in values.enumerated() { metric.append(value, step: Int64(step), time: 0) }
    try journal.close(RunEnding(status: .completed, time: nil), time: .sample)
    let contents = try MetricsFile.write(
      [JournalReader(path: folder.path("journal.1"))], to: folder.path("metrics.json"),
      pointLimit: limit)
    let json = try JSONParser.parse(WholeFile.read(folder.path("metrics.json")))
    let steps = try #require(json["loss"]?["steps"]?.listValue).compactMap(\.intValue)
    let kept = try #require(json["loss"]?["values"]?.listValue).compactMap(\.doubleValue)
    return (steps.map(Int.init), kept, try #require(contents.first))
  }

  @Test(
    arguments: [
      [.nan, 3, 1, 2], [3, .nan, 1, 2], [.nan, .nan, 3, 1], [1, 2, 3, .nan], [1, 3],
      [.infinity, 0, -.infinity, .nan], [-0.0, 0.0, 5, -5],
    ] as [[Double]])
  func `what is kept are points in order, and no extreme of a stretch is lost`(pattern: [Double])
    throws
  {
    // The pattern grows, so that every stretch has extremes of its own.
    let all = (0..<2000).map { pattern[$0 % pattern.count] * Double($0 / pattern.count + 1) }
    let (steps, values, content) = try thinned(all, to: 1000)
    #expect(content.count == all.count && content.kept == values.count)
    // A block's last stretch may be short.
    #expect((500...1100).contains(values.count) && steps.count == values.count)
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(steps, values).allSatisfy { all[$0] == $1 || (all[$0].isNaN && $1.isNaN) })
    for start in stride(from: 0, to: all.count, by: 50) {
      let stretch = all[start..<min(start + 50, all.count)].filter { !$0.isNaN }
      let kept = zip(steps, values).filter { step, value in
        (start - 4..<start + 54).contains(step) && !value.isNaN
      }.map(\.1)
      #expect(try #require(kept.max()) >= (try #require(stretch.max())))
      #expect(try #require(kept.min()) <= (try #require(stretch.min())))
    }
  }

  @Test func `a metric without numbers keeps a part of its points`() throws {
    let (_, values, content) = try thinned(Array(repeating: .nan, count: 3000), to: 1000)
    #expect(values.allSatisfy(\.isNaN) && (300...1000).contains(values.count))
    #expect(content.kept == values.count)
  }

  @Test func `up to the limit all points are there`() throws {
    let (steps, _, content) = try thinned((0..<1000).map(Double.init), to: 1000)
    #expect(steps == Array(0..<1000) && content.kept == 1000)
  }

  @Test(.timeLimit(.minutes(1)), arguments: [1_000_000, 10])
  func `the columns have one length also while points are logged`(limit: Int) async throws {
    let journal = try JournalWriter(
      path: folder.path("journal.1"), key: .sample, session: 1, time: .sample)
    let metric = journal.metric("loss", unit: nil, kind: .double)
    // Writing these takes long enough for more to come.
    for _ in 0..<10_000 { metric.append(0.5, step: nil, time: 0) }
    let logging = Task { @concurrent in
      for _ in 0..<10_000 {
        metric.append(0.5, step: nil, time: 0)
        usleep(10)
      }
    }
    for _ in 0..<20 {
      _ = try MetricsFile.write(
        [JournalReader(path: folder.path("journal.1"))], to: folder.path("metrics.json"),
        pointLimit: limit)
      let lengths = try String(contentsOfFile: folder.path("metrics.json"), encoding: .utf8)
        .split(separator: "\n").filter { $0.hasPrefix("    ") }
        .map { $0.utf8.count { $0 == UInt8(ascii: ",") } - ($0.hasSuffix(",") ? 1 : 0) }
      #expect(Set(lengths).count <= 1)
    }
    await logging.value
  }
}

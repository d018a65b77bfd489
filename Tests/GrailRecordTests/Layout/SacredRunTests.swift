import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import Testing

/// Every fact about the runs that Sacred itself wrote, read through `RunReader`.
@Suite struct SacredRunTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/sacred")
  static let store = folder.appending(path: "filestorage")
  static let facts: [Value] = {
    guard let bytes = try? Array(Data(contentsOf: folder.appending(path: "facts.json"))),
      let facts = try? JSONParser.parse(bytes)
    else { return [] }
    return facts["filestorage"]?.listValue?.map(JSONPickle.decode) ?? []
  }()
  static let ids = facts.compactMap { $0["id"]?.textValue }

  private func open(_ id: String) throws -> (facts: Value, reader: RunReader) {
    let facts = try #require(Self.facts.first { $0["id"]?.textValue == id })
    return (facts, try RunReader(directory: Self.store.appending(path: id).path))
  }

  /// A value in the form in which the facts have it.
  private func text(_ value: Value) -> String {
    String(
      decoding: JSONWriter.bytes(JSONPickle.encode(value), style: .sacred), as: UTF8.self)
  }

  private func map(_ entries: Value.Entries) -> String { text(.map(entries)) }

  @Test func `all sixteen runs are there`() { #expect(Self.ids.count == 16) }

  @Test(arguments: ids)
  func `reads what the run is`(id: String) throws {
    let (facts, reader) = try open(id)
    let record = reader.record
    #expect(record.id == id)
    #expect(record.key == nil)
    #expect(record.experiment.name == facts["experiment"]?.textValue)
    #expect(record.command == facts["command"]?.textValue)
    #expect(record.status.rawValue == facts["status"]?.textValue)
    #expect(text(record.result) == text(facts["result"] ?? .null))
    #expect(record.meta["comment"]?.textValue == facts["comment"]?.textValue)
    #expect(text(record.meta["named_configs"] ?? []) == text(facts["named_configs"] ?? []))
    #expect(text(record.meta["options"]?["UPDATE"] ?? []) == text(facts["updates"] ?? []))
    #expect(record.failTrace.last?.trimmingCharacters(in: .newlines) == facts["fail"]?.textValue)
    #expect(text(record.host["gpus"] ?? .null) == text(facts["gpus"] ?? .null))
    let isDirty = record.experiment.repositories.contains { $0["dirty"]?.boolValue == true }
    #expect(isDirty == facts["dirty"]?.boolValue)
    #expect(reader.notes.isEmpty)
  }

  @Test(arguments: ids)
  func `reads the whole configuration`(id: String) throws {
    let (facts, reader) = try open(id)
    // The facts are strict JSON, so they hold NaN and infinities as text.
    let config = map(reader.record.config)
      .replacing(": NaN", with: ": \"NaN\"").replacing(": -Infinity", with: ": \"-Infinity\"")
    #expect(config == text(facts["config"] ?? .null))
  }

  @Test(arguments: ids)
  func `reads every metric`(id: String) throws {
    let (facts, reader) = try open(id)
    let expected = facts["metrics"]?.mapValue ?? [:]
    #expect(Set(reader.metrics.map(\.name)) == Set(expected.keys))
    for (name, fact) in expected {
      let series = try #require(try reader.series(name))
      #expect(series.count == fact["count"]?.intValue.map(Int.init))
      #expect(series.timestamps.count == series.count && series.values.count == series.count)
      #expect(series.steps.first == fact["first_step"]?.intValue)
      #expect(series.steps.last == fact["last_step"]?.intValue)
      #expect(text(series.values[series.count - 1]) == text(fact["last_value"] ?? .null))
      let summary = try #require(try reader.summary(name))
      #expect(summary.count == series.count)
    }
  }

  @Test(arguments: ids)
  func `reads every artifact and resource`(id: String) throws {
    let (facts, reader) = try open(id)
    let expected = facts["artifacts"]?.mapValue ?? [:]
    #expect(Set(reader.record.artifacts.map(\.name)) == Set(expected.keys))
    for artifact in reader.record.artifacts {
      let bytes = try Array(Data(contentsOf: URL(filePath: reader.path(of: artifact))))
      let digest = FileDigest(of: bytes)
      #expect(digest.sha256 == expected[artifact.name]?["sha256"]?.textValue)
      #expect(digest.byteCount == expected[artifact.name]?["bytes"]?.intValue)
    }
    let names = reader.record.resources.map { URL(filePath: $0.storedPath).lastPathComponent }
    #expect(
      names.sorted() == (facts["resources"]?.listValue ?? []).compactMap(\.textValue).sorted())
    for resource in reader.record.resources {
      #expect(FileManager.default.fileExists(atPath: reader.path(of: resource)))
    }
  }

  @Test(arguments: ids)
  func `finds the content of every source`(id: String) throws {
    let (_, reader) = try open(id)
    #expect(!reader.record.experiment.sources.isEmpty)
    for source in reader.record.experiment.sources {
      let path = try #require(reader.path(of: source))
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func `what was killed is probably dead, what is queued is not expected to live`() throws {
    #expect(try open("12").reader.liveness() == .probablyDead)
    #expect(try open("11").reader.liveness() == .notExpected)
    #expect(try open("1").reader.liveness() == .notExpected)
  }

  @Test func `the time of queueing is read from its tagged form`() throws {
    let queueTime = try #require(try open("11").reader.record.queueTime)
    #expect(queueTime.isoText == "2026-11-24T00:07:48.525358")
  }

  @Test func `odd values keep their bits`() throws {
    let series = try #require(try open("2").reader.series("odd.values"))
    let expected: [Double] = [
      1, .nan, .infinity, -.infinity, -0.0, Double(bitPattern: 2024), 1e308,
    ]
    #expect(series.values.doubles.map(\.bitPattern) == expected.map(\.bitPattern))
    let steps = try #require(try open("2").reader.series("odd.steps")).steps
    #expect(steps == [5, 3, 3, 100, 101])
    let mixed = try #require(try open("2").reader.series("from.numpy"))
    #expect(mixed.values == .values([.double(0.10000000149011612), 7, true]))
  }

  @Test func `a view of a metric has all its points and both extremes`() throws {
    let reader = try open("2").reader
    let view = try #require(try reader.view("training.loss", buckets: 10))
    let numbers = try #require(try reader.series("training.loss")).values.doubles
    #expect(view.count == 10)
    #expect(view.map(\.count).reduce(0, +) == 103)
    #expect(view.map(\.min).min() == numbers.min() && view.map(\.max).max() == numbers.max())
    let window = MetricWindow.steps(20...29)
    #expect(
      try reader.view("training.loss", window: window, buckets: 3)?.map(\.count) == [4, 3, 3])
    #expect(try reader.view("nothing", buckets: 3) == nil)
  }

  @Test(arguments: ids)
  func `a replay tells the run again`(id: String) async throws {
    let (_, reader) = try open(id)
    var again: RunRecord?
    var points: [String: Int] = [:]
    try await reader.replay(key: .sample) { batch in
      for event in batch.events {
        switch event {
        case .started(let record), .queued(let record): again = record
        case .points(let series): points[series.descriptor.name, default: 0] += series.count
        default: again?.apply(event)
        }
      }
      // The record comes along as the batch leaves it, for observers that saw no batch before.
      #expect(again.map { "\($0)" } == "\(batch.record)")
    }
    let record = try #require(again)
    #expect(text(record.result) == text(reader.record.result))
    #expect(map(record.config) == map(reader.record.config))
    #expect(map(record.info) == map(reader.record.info))
    #expect(record.status == reader.record.status)
    #expect(record.stopTime == reader.record.stopTime)
    #expect(record.artifacts == reader.record.artifacts)
    for metric in reader.metrics {
      #expect(try reader.series(metric.name)?.count == points[metric.name] ?? 0)
    }
  }
}

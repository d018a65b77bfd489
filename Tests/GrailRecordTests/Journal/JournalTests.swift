import Foundation
import GrailCore
import TestSupport
import Testing

@testable import GrailRecord

@Suite struct JournalTests {
  let folder = TemporaryFolder()

  private func makeJournal(
    mode: JournalMode? = nil, keepsMicroseconds: Bool = true
  ) throws -> JournalWriter {
    try JournalWriter(
      path: folder.path("journal.1"), key: .sample, session: 1,
      time: Timestamp(microseconds: 1_700_000_000_000_000), keepsMicroseconds: keepsMicroseconds,
      mode: mode)
  }

  private func reader() throws -> JournalReader {
    try JournalReader(path: folder.path("journal.1"))
  }

  @Test func `nothing of a journal stays when it is closed and nobody holds it`() throws {
    weak var held: JournalWriter?
    do {
      let journal = try makeJournal()
      held = journal
      journal.metric("loss", unit: nil, kind: .double).append(0.5, step: nil, time: 0)
      try journal.close(nil, time: .sample)
      journal.metric("late", unit: nil, kind: .double).append(0.5, step: nil, time: 0)
      #expect(held != nil && journal.losses.points == 1)
    }
    #expect(held == nil)
  }

  @Test(arguments: [JournalMode.mapped, .written])
  func `reads back every bit of every value, step and time`(mode: JournalMode) throws {
    var generator = SeededGenerator(seed: 7)
    let journal = try makeJournal(mode: mode)
    let metric = journal.metric("loss", unit: "nats", kind: .double)
    var expected = MetricSeries(
      descriptor: MetricDescriptor(name: "loss", unit: "nats", kind: .double))
    var values: [Double] = []
    var time: Int64 = 1_700_000_000_000_000
    for index in 0..<20_000 {
      let value = Double.sample(index, using: &generator)
      let step = Int64.sampleStep(index, using: &generator)
      time += Int64.random(in: -50...5_000, using: &generator)
      if index % 1000 == 999 { time += 86_400_000_000 * 400 }
      metric.append(value, step: step, time: time)
      values.append(value)
      expected.steps.append(step)
      expected.timestamps.append(Timestamp(microseconds: time))
    }
    for phase in 0..<2 {
      if phase == 1 { try journal.close(RunEnding(status: .completed, time: nil), time: .sample) }
      let reader = try reader()
      var damages: [JournalDamage] = []
      let series = try #require(try reader.series("loss", damages: &damages))
      #expect(series.steps == expected.steps)
      #expect(series.timestamps == expected.timestamps)
      #expect(series.values.doubles.map(\.bitPattern) == values.map(\.bitPattern))
      #expect(series.descriptor == expected.descriptor)
      #expect(damages.isEmpty && reader.damages.isEmpty)
      #expect(reader.isClosed == (phase == 1))
    }
  }

  @Test func `a step left out is the one before plus one`() throws {
    let journal = try makeJournal()
    let metric = journal.metric("m", unit: nil, kind: .double)
    for step in [nil, nil, 10, nil, 3, nil] as [Int64?] {
      metric.append(1.0, step: step, time: 0)
    }
    var damages: [JournalDamage] = []
    #expect(try reader().series("m", damages: &damages)?.steps == [0, 1, 10, 11, 3, 4])
  }

  @Test func `whole numbers keep their bits`() throws {
    var generator = SeededGenerator(seed: 3)
    let journal = try makeJournal()
    let metric = journal.metric("count", unit: nil, kind: .int)
    var numbers: [Int64] = [.min, .max, 0, -1, 1, 5, 10, 15, 20, 25, 25, 25]
    numbers += (0..<5000).map { _ in
      Int64(bitPattern: generator.next() >> UInt64.random(in: 0...63, using: &generator))
    }
    for number in numbers { metric.append(number, step: nil, time: 1_000) }
    try journal.close(nil, time: .sample)
    var damages: [JournalDamage] = []
    #expect(try reader().series("count", damages: &damages)?.values == .ints(numbers))
  }

  @Test func `a metric takes values of any kind and keeps them in order`() throws {
    let journal = try makeJournal()
    let metric = journal.metric("mixed", unit: nil, kind: .int)
    metric.append(1 as Int64, step: nil, time: 0)
    metric.append(2.5, step: nil, time: 0)
    metric.append(3 as Int64, step: nil, time: 0)
    metric.append(["a": [1, nil]] as Value, step: nil, time: 0)
    metric.append(["a": [1, nil]] as Value, step: nil, time: 0)
    metric.append(0.5, step: nil, time: 0)
    metric.append("text" as Value, step: nil, time: 0)
    try journal.close(nil, time: .sample)
    var damages: [JournalDamage] = []
    let series = try #require(try reader().series("mixed", damages: &damages))
    #expect(series.steps == [0, 1, 2, 3, 4, 5, 6])
    #expect(
      series.values
        == .values([1, 2.5, 3.0, ["a": [1, nil]], ["a": [1, nil]], 0.5, "text"]))
    #expect(series.descriptor.kind == .value)
  }

  @Test(arguments: [JournalMode.mapped, .written])
  func `events come back in order, great ones too`(mode: JournalMode) throws {
    let journal = try makeJournal(mode: mode)
    var events: [RunEvent] = []
    for index in 0..<300 {
      events.append(.info(name: "n\(index)", value: .int(Int64(index))))
    }
    let great = String(repeating: "x", count: 3_000_000)
    events.append(.info(name: "great", value: .text(great)))
    events.append(.warning(RunWarning(time: .sample, message: "behind the great one")))
    events.append(.info(name: "gone", value: nil))
    for event in events { #expect(journal.append(event, time: .sample)) }
    #expect(try reader().events == events)
    try journal.close(RunEnding(status: .completed, time: .sample), time: .sample)
    let ending = RunEvent.ended(RunEnding(status: .completed, time: .sample))
    #expect(try reader().events == events + [ending])
    #expect(try reader().damages.isEmpty)
  }

  @Test func `a reader of a growing journal finds what is new`() throws {
    let journal = try makeJournal()
    let metric = journal.metric("m", unit: nil, kind: .double)
    var reader = try reader()
    for round in 0..<200 {
      for _ in 0..<97 { metric.append(Double(round), step: nil, time: Int64(round)) }
      journal.append(.info(name: "round", value: .int(Int64(round))), time: .sample)
      try reader.refresh()
      var damages: [JournalDamage] = []
      #expect(try reader.series("m", damages: &damages)?.count == (round + 1) * 97)
      #expect(reader.events.count == round + 1)
    }
  }

  @Test func `threads on one metric and on many lose nothing`() async throws {
    let journal = try makeJournal()
    let shared = journal.metric("shared", unit: nil, kind: .double)
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<4 {
        group.addTask {
          let own = journal.metric("own \(task)", unit: nil, kind: .double)
          for index in 0..<50_000 {
            own.append(Double(index), step: nil, time: Int64(index))
            shared.append(Double(task), step: nil, time: Int64(index))
          }
        }
      }
    }
    try journal.close(nil, time: .sample)
    let reader = try reader()
    var damages: [JournalDamage] = []
    for task in 0..<4 {
      let series = try #require(try reader.series("own \(task)", damages: &damages))
      #expect(series.values == .doubles((0..<50_000).map(Double.init)))
    }
    let series = try #require(try reader.series("shared", damages: &damages))
    #expect(series.steps == Array(0..<200_000))
    for task in 0..<4 { #expect(series.values.doubles.count { $0 == Double(task) } == 50_000) }
    #expect(damages.isEmpty)
  }

  @Test func `what comes after the end is counted, not recorded`() throws {
    let journal = try makeJournal()
    let metric = journal.metric("m", unit: nil, kind: .double)
    metric.append(1.0, step: nil, time: 0)
    try journal.close(nil, time: .sample)
    metric.append(2.0, step: nil, time: 0)
    #expect(!journal.append(.result(1), time: .sample))
    #expect(journal.losses == Losses(points: 1, events: 1))
    #expect(try reader().summary("m")?.count == 1)
  }

  @Test(arguments: [500, 507, 508, 509, 520, 2000])
  func `a value that is nested too deep is cut, and costs nothing else`(depth: Int) throws {
    let journal = try makeJournal()
    let metric = journal.metric("m", unit: nil, kind: .value)
    var nested: Value = .time(.sample)
    for _ in 0..<depth { nested = [.opaque(Value.Opaque(typeName: "box", raw: [nested]))] }
    metric.append(nested, step: nil, time: 0)
    metric.append("behind" as Value, step: nil, time: 0)
    journal.append(.info(name: "deep", value: nested), time: .sample)
    journal.append(.info(name: "behind", value: 1), time: .sample)
    try journal.close(nil, time: .sample)
    let reader = try reader()
    var damages: [JournalDamage] = []
    let series = try #require(try reader.series("m", damages: &damages))
    #expect(damages.isEmpty && reader.damages.isEmpty)
    #expect(series.count == 2 && series.values[1] == "behind")
    #expect(reader.events.count == 2)
  }

  @Test func `is refused where another journal is`() throws {
    _ = try makeJournal()
    #expect(throws: JournalError.self) { try makeJournal() }
  }

  @Test func `the end is found in the segment of a great event`() throws {
    let journal = try makeJournal()
    let great = RunEvent.result(.text(String(repeating: "x", count: 1_100_000)))
    journal.append(great, time: .sample)
    var growing = try reader()
    let ending = RunEnding(status: .completed, time: .sample)
    try journal.close(ending, time: .sample)
    try growing.refresh()
    #expect(growing.events == [great, .ended(ending)])
    #expect(growing.damages.isEmpty && growing.tornEnd == nil)
  }

  @Test func `values that are equal but not the same are kept apart`() throws {
    let values: [Value] = [.double(0), .double(-0.0), .text("\u{E9}"), .text("e\u{301}"), [1], [1]]
    let journal = try makeJournal()
    let metric = journal.metric("any", unit: nil, kind: .value)
    for value in values { metric.append(value, step: nil, time: 0) }
    var damages: [JournalDamage] = []
    let series = try #require(try reader().series("any", damages: &damages))
    #expect(
      (0..<series.count).map { ValueCoding.encode(series.values[$0]) }
        == values.map(ValueCoding.encode))
  }
}

import Foundation
import GrailCore
import TestSupport
import Testing

@testable import GrailRecord

@Suite struct JournalViewTests {
  let folder = TemporaryFolder()

  /// How the steps, times and values of a metric go.
  enum Course: String, CaseIterable {
    case steady, jumping, epochs, extreme, notNumbers, whole, mixed
  }

  private func makeJournal(_ course: Course, count: Int, isClosed: Bool) throws -> JournalReader {
    var generator = SeededGenerator(seed: UInt64(count))
    let journal = try JournalWriter(
      path: folder.path("journal.1"), key: .sample, session: 1, time: .sample)
    let kind: MetricKind = course == .whole || course == .mixed ? .int : .double
    let metric = journal.metric("m", unit: nil, kind: kind)
    var time = Timestamp.sample.microseconds
    for index in 0..<count {
      time += .random(in: 0...3_000, using: &generator)
      if index % 3_000 == 2_999 { time -= 2_000_000 }
      let step: Int64 =
        switch course {
        case .jumping: .random(in: -100_000...100_000, using: &generator)
        case .epochs: Int64(index % 700)
        case .extreme: .sampleStep(index, using: &generator)
        default: Int64(index)
        }
      switch course {
      case .whole:
        metric.append(Int64.random(in: -1000...1000, using: &generator), step: step, time: time)
      case .mixed:
        let values: [Value] = [.int(Int64(index)), .double(0.5), .text("t"), .null]
        metric.append(values[index * 4 / count], step: step, time: time)
      case .notNumbers where index % 2500 < 2000: metric.append(.nan, step: step, time: time)
      default: metric.append(Double.random(in: -1...1, using: &generator), step: step, time: time)
      }
    }
    if isClosed { try journal.close(nil, time: .sample) }
    let reader = try JournalReader(path: folder.path("journal.1"))
    #expect(reader.isClosed == isClosed)
    return reader
  }

  @Test(arguments: Course.allCases, [true, false])
  func `is what the points of its parts sum up to`(course: Course, isClosed: Bool) throws {
    let reader = try makeJournal(course, count: 5_000, isClosed: isClosed)
    var generator = SeededGenerator(seed: 5)
    let first = Timestamp.sample.microseconds
    for round in 0..<18 {
      let buckets = [1, 2, 7, 100, 1500, 100_000, .max, 0, -1][round % 9]
      let steps: [Int64] = [
        .sampleStep(round, using: &generator), .random(in: 0...5_000, using: &generator),
        .random(in: 0...5_000, using: &generator), round % 8 == 1 ? .max : 700,
      ].sorted()
      let times = (0..<2).map { _ in first + .random(in: -100...9_000_000, using: &generator) }
      let window: MetricWindow =
        switch round % 4 {
        case 0: .all
        case 1: .steps(steps[0]...steps[3])
        case 2: .steps(steps[1]...steps[2])
        default:
          .times(
            Timestamp(
              microseconds: times.min() ?? 0)...Timestamp(
                microseconds: times.max() ?? 0))
        }
      let view = try #require(try reader.view("m", window: window, buckets: buckets))
      let model = try Model(reader, window: window, buckets: buckets)
      #expect(view.count == model.parts.count, "\(window) \(buckets)")
      let same = zip(view, model.summaries).count { $0.isSame(as: $1) }
      #expect(same == view.count, "\(window) \(buckets)")
    }
  }

  @Test func `few blocks are read of a long metric`() throws {
    let reader = try makeJournal(.steady, count: 100_000, isClosed: true)
    let whole = try #require(try reader.view("m", window: .all, buckets: 50))
    #expect(whole.count == 50 && whole.map(\.count).reduce(0, +) == 100_000)
    let part = try #require(try reader.view("m", window: .steps(1000...1009), buckets: 10))
    #expect(part.map(\.steps) == (1000...1009).map { $0...$0 })
    #expect(part.allSatisfy { $0.count == 1 && $0.min == $0.max && $0.mean == $0.min })
  }

  @Test func `there is none of a metric that is not there, and an empty one of no points`() throws {
    let reader = try makeJournal(.steady, count: 10, isClosed: true)
    #expect(try reader.view("other", window: .all, buckets: 10) == nil)
    #expect(try reader.view("m", window: .steps(10...20), buckets: 10) == [])
  }

  @Test func `equal parts are equal for all ranges`() {
    let ends: [Int64] = [.min, .min + 1, -7, -1, 0, 1, 9, 1 << 40, .max - 1, .max]
    for (first, last) in ends.flatMap({ one in ends.map { (one, $0) } }) where first <= last {
      for count in [1, 2, 3, 10, 1500, Int.max] {
        let parts = EqualParts(of: first...last, count: count)
        for number in ends + [first / 2 + last / 2] where (first...last).contains(number) {
          let part = Model.part(of: number, in: first...last, count: count)
          #expect(parts.part(of: number) == part)
        }
      }
    }
  }
}

/// A view made the long way: from all points, block by block.
private struct Model {
  private(set) var parts: [Int: [(step: Int64, time: Int64, value: Double)]] = [:]

  static func part(of number: Int64, in range: ClosedRange<Int64>, count: Int) -> Int {
    let offset = Int128(number) - Int128(range.lowerBound)
    let length = Int128(range.upperBound) - Int128(range.lowerBound) + 1
    return Int(UInt128(offset) * UInt128(max(1, count)) / UInt128(length))
  }

  init(_ reader: JournalReader, window: MetricWindow, buckets: Int) throws {
    typealias Point = (step: Int64, time: Int64, value: Double)
    var blocks: [[Point]] = []
    for (_, stream) in reader.streams.sorted(by: { $0.key < $1.key }) {
      for block in stream.blocks {
        var damages: [JournalDamage] = []
        var series = MetricSeries(descriptor: stream.descriptor)
        series.append(
          try reader.readBlock(block, of: stream, damages: &damages), unit: block.unit)
        let values = series.values.doubles
        blocks.append(
          values.indices.map {
            (series.steps[$0], series.timestamps[$0].microseconds, values[$0])
          })
      }
    }
    let steps = blocks.joined().map(\.step)
    let range: ClosedRange<Int64>
    var place = { (point: Point) in point.step }
    switch window {
    case .all: range = (steps.min() ?? 0)...(steps.max() ?? 0)
    case .steps(let steps): range = steps
    case .times(let times):
      range = times.lowerBound.microseconds...times.upperBound.microseconds
      place = { $0.time }
    }
    for block in blocks where !block.isEmpty {
      let places = block.map(place)
      let (first, last) = (places.min() ?? 0, places.max() ?? 0)
      func part(_ number: Int64) -> Int { Self.part(of: number, in: range, count: buckets) }
      if range.contains(first), range.contains(last), part(last) - part(first) <= 4 {
        let middle = Int128(first) + (Int128(last) - Int128(first)) / 2
        parts[part(Int64(middle)), default: []] += block
      } else {
        for point in block where range.contains(place(point)) {
          parts[part(place(point)), default: []].append(point)
        }
      }
    }
  }

  var summaries: [MetricSummary] {
    parts.sorted { $0.key < $1.key }.map { _, points in
      let numbers = points.map(\.value).filter { !$0.isNaN }
      let (steps, times) = (points.map(\.step), points.map(\.time))
      return MetricSummary(
        count: points.count, numberCount: numbers.count, min: numbers.min() ?? .nan,
        max: numbers.max() ?? .nan, mean: numbers.reduce(0, +) / Double(numbers.count),
        steps: (steps.min() ?? 0)...(steps.max() ?? 0),
        times: Timestamp(
          microseconds: times.min() ?? 0)...Timestamp(microseconds: times.max() ?? 0))
    }
  }
}

extension MetricSummary {
  /// Whether all is the same but for the rounding of the mean.
  fileprivate func isSame(as other: MetricSummary) -> Bool {
    func same(_ one: Double, _ other: Double) -> Bool { one == other || one.isNaN && other.isNaN }
    return count == other.count && numberCount == other.numberCount && same(min, other.min)
      && same(max, other.max) && steps == other.steps && times == other.times
      && (same(mean, other.mean)
        || abs(mean - other.mean) <= 1e-9 * Swift.max(1, abs(min), abs(max)))
  }
}

import Foundation
import Grail
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct RunMetricsTests {
  let folder = TestFolder()

  /// The columns of a metric in `metrics.json`.
  private func columns(_ name: String) throws -> (steps: Value?, values: Value?) {
    let metric = try folder.json("runs/1/metrics.json")[name]
    return (metric?["steps"], metric?["values"])
  }

  @Test func `a metric has three columns, as in Sacred's files`() async throws {
    let record = try await folder.record { run in
      let loss = run.metric("train.loss", unit: "nats")
      for step in 0..<3 { loss.log(1 / Double(step + 1), step: step) }
    }
    let metric = try #require(try folder.json("runs/1/metrics.json")["train.loss"])
    #expect(metric.mapValue?.keys.elements == ["steps", "timestamps", "values"])
    #expect(metric["steps"] == [0, 1, 2])
    #expect(metric["values"] == [1.0, 0.5, 0.3333333333333333])
    let times = try #require(metric["timestamps"]?.listValue).map { time in
      try #require(time.textValue.flatMap { Timestamp(isoText: $0) })
    }
    let (start, stop) = (try #require(record.startTime), try #require(record.stopTime))
    // The coarse clock may be a few milliseconds behind.
    let tolerance: Int64 = 20_000
    #expect(
      times.allSatisfy {
        $0.microseconds >= start.microseconds - tolerance && $0 <= stop
      })
    #expect(
      try folder.json("runs/1/run.json")["grail"]?["metrics"] == [
        ["count": 3, "kind": "double", "name": "train.loss", "unit": "nats"]
      ])
  }

  @Test func `a run without metrics has an empty map of them`() async throws {
    try await folder.record { _ in }
    #expect(try folder.text("runs/1/metrics.json") == "{}")
  }

  @Test func `steps are left out, skip, repeat and go back`() async throws {
    try await folder.record { run in
      for step in [nil, nil, 10, nil, 10, 3, nil, -5, nil] as [Int?] {
        run.log("loss", 1.0, step: step)
      }
      run.log("ends", 1, step: .max)
      run.log("ends", 2)
      run.log("ends", 3, step: .min)
    }
    #expect(try columns("loss").steps == [0, 1, 10, 11, 10, 3, 4, -5, -4])
    let ends = try #require(try folder.reader().series("ends"))
    #expect(ends.steps.first == .max && ends.steps.last == .min && ends.count == 3)
  }

  @Test func `numbers that are none or without bound are values`() async throws {
    let values: [Double] = [
      .nan, .infinity, -.infinity, -0.0, 0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1,
    ]
    try await folder.record { run in for value in values { run.log("loss", value) } }
    let text = try folder.text("runs/1/metrics.json")
    #expect(
      text.contains(
        "[NaN, Infinity, -Infinity, -0.0, 0.0, 5e-324, 1.7976931348623157e+308, 0.1]"))
    let series = try #require(try folder.reader().series("loss"))
    #expect(series.values.doubles.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func `whole numbers keep every digit`() async throws {
    try await folder.record { run in
      for value in [Int.min, -1, 0, .max] { run.log("count", value) }
      run.log("single", Float(0.1))
    }
    #expect(
      try columns("count").values == [-9_223_372_036_854_775_808, -1, 0, 9_223_372_036_854_775_807])
    #expect(try columns("single").values == [.double(Double(Float(0.1)))])
    #expect(try folder.reader().metrics.map(\.kind) == [.int, .double])
  }

  struct Score: Encodable {
    var name: String
    var value: Double
  }

  struct Unwilling: Encodable {
    struct Refusal: Error, CustomStringConvertible { let description = "will not be written" }
    func encode(to encoder: any Encoder) throws { throw Refusal() }
  }

  @Test func `one metric takes values of several kinds`() async throws {
    try await folder.record { run in
      run.log("mixed", 1)
      run.log("mixed", 2.5)
      run.log("mixed", "three")
      run.log("mixed", Score(name: "four", value: .nan))
      run.log("mixed", [5, nil])
      run.log("mixed", true)
      run.log("mixed", Unwilling())
      run.log("mixed", 8)
    }
    let (steps, values) = try columns("mixed")
    #expect(steps == [0, 1, 2, 3, 4, 5, 6, 7])
    let found = try #require(values?.listValue)
    #expect(found.count == 8)
    #expect(found[0] == 1 && found[1] == 2.5 && found[2] == "three" && found[7] == 8)
    #expect(found[3]["name"] == "four" && found[3]["value"]?.doubleValue?.isNaN == true)
    #expect(found[4] == [5, nil] && found[5] == true)
    #expect(found[6].textValue?.contains("will not be written") == true)
    let reader = try folder.reader()
    #expect(reader.metrics.map(\.kind) == [.value])
    #expect(try reader.summary("mixed")?.numberCount == 3)
  }

  @Test func `names of any kind are kept apart`() async throws {
    let names = [
      "", "a", "A", "a.b", "a/b", "\"quoted\"", "ü", "\u{1F600}", "line\nbreak", "py/object",
    ]
    try await folder.record { run in
      for (index, name) in names.enumerated() { run.log(name, index) }
    }
    let reader = try folder.reader()
    #expect(reader.metrics.map(\.name) == names)
    for (index, name) in names.enumerated() {
      #expect(try reader.series(name)?.values == .ints([Int64(index)]))
      #expect(try columns(name).values == [.int(Int64(index))])
    }
  }

  @Test func `many tasks log to one metric and to their own`() async throws {
    try await folder.record { run in
      await withTaskGroup { group in
        for task in 0..<8 {
          group.addTask {
            for step in 0..<500 {
              run.log("shared", task)
              run.log("own.\(task)", step, step: step)
            }
          }
        }
      }
    }
    let reader = try folder.reader()
    #expect(try reader.series("shared")?.steps == Array(0..<4000))
    for task in 0..<8 {
      #expect(try reader.series("own.\(task)")?.values == .ints(Array(0..<500)))
    }
    #expect(reader.record.losses.isEmpty)
  }

  @Test func `what is logged after the end is counted and changes nothing`() async throws {
    let kept = Kept()
    try await folder.record { run in
      run.log("loss", 1.0)
      kept.run = run
    }
    let before = try folder.text("runs/1/metrics.json")
    let run = try #require(kept.run)
    run.log("loss", 2.0)
    run.log("late", 2.0)
    run.info["late"] = true
    run.warn("late")
    #expect(try folder.text("runs/1/metrics.json") == before)
    let reader = try folder.reader()
    #expect(reader.metrics.map(\.name) == ["loss"] && reader.record.info.isEmpty)
    #expect(reader.record.status == .completed && reader.notes.isEmpty)
  }

  /// Holds a run beyond its end; used by one task at a time.
  // Written once in the run and read after it is over, never at the same time.
  final class Kept: @unchecked Sendable { var run: Run? }
}

import GrailCore
import OrderedCollections
import TestSupport

/// The run of which Sacred's observers sent the messages in the fixture.
enum SampleRun {
  static let start = Timestamp(microseconds: 1_772_357_400_250_000)
  static let stop = Timestamp(microseconds: start.microseconds + 3_661_500_000)
  static let trace = [
    "Traceback (most recent call last):\n", "  at row 7\n", "DataError: row 7 has 3 columns \n",
  ]

  static func key(_ number: UInt64 = 1) -> RunKey {
    var generator = SeededGenerator(seed: number)
    return RunKey(time: start, using: &generator)
  }

  static func record(_ number: UInt64 = 1) -> RunRecord {
    var experiment = ExperimentRecord(
      name: "digits", baseDirectory: "/work", mainFile: "main.swift")
    experiment.sources = [SourceRecord(path: "main.swift", storedPath: "_sources/main_1.swift")]
    experiment.dependencies = ["swift-log==1.16.2"]
    var record = RunRecord(
      key: key(number), id: "17", experiment: experiment, command: "run", status: .running)
    record.startTime = start
    record.host = ["hostname": "node7", "os": ["Linux", "6.1"]]
    record.config = [
      "layers": 7, "rate": 0.001,
      "data": ["path": "a b.csv", "sizes": [1, "two", nil, true]],
    ]
    return record
  }

  /// A batch of events of the run.
  ///
  /// - Parameters:
  ///   - events: The events.
  ///   - offset: The number of events before.
  ///   - number: Which run.
  ///   - change: Makes the record before the events another one.
  /// - Returns: The batch.
  static func batch(
    _ events: [RunEvent], offset: Int64 = 0, number: UInt64 = 1,
    _ change: (inout RunRecord) -> Void = { _ in }
  ) -> RunEventBatch {
    var record = record(number)
    change(&record)
    for event in events { record.apply(event) }
    return RunEventBatch(
      key: key(number), offset: offset, events: events, record: record, contents: { _ in [] })
  }

  static func started(_ number: UInt64 = 1) -> RunEvent { .started(record(number)) }

  static func ended(_ status: RunStatus, trace: [String] = []) -> RunEvent {
    .ended(RunEnding(status: status, time: stop, failTrace: trace))
  }

  /// The end of a run, as a batch of its own.
  static func end(_ event: String, number: UInt64 = 1) -> RunEventBatch {
    switch event {
    case "completed":
      batch([.result(0.9749303621169917), ended(.completed)], offset: 5, number: number)
    case "failed": batch([ended(.failed, trace: trace)], offset: 5, number: number)
    case "started": batch([started()], number: number)
    default: batch([ended(.interrupted)], offset: 5, number: number)
    }
  }
}

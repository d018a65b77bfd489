public import GrailCore
import OrderedCollections

/// The contract of ``RunStore`` as checks that any store can be held to.
///
/// The store is to hold the runs of ``runs`` and no other.
///
/// ```swift
/// @Test(arguments: RunStoreChecks.allCases)
/// func `keeps the contract`(_ check: RunStoreChecks) async throws {
///   let store = MyStore()
///   for run in RunStoreChecks.runs { store.add(run) }
///   try await check.run(on: store)
/// }
/// ```
public enum RunStoreChecks: String, CaseIterable, Sendable {
  /// A query finds the runs that it is about, sorted, and returns what is asked of them.
  case findsAndSorts
  /// Of many runs no more than the limit are returned, the latest first, and all are counted.
  case keepsToTheLimit
  /// A run is opened with its record, its metrics and their points.
  case opensRuns
  /// An id that is not there is told.
  case saysThatThereIsNone
  /// The names of entries and metrics are known.
  case knowsNames
  /// The content of files and what was printed are read as they were.
  case readsFilesAndOutput

  /// The runs that the store is to hold.
  public static let runs: [ObservedRun] = (1...5).map { sample($0) }

  /// Holds a store to this part of the contract.
  ///
  /// - Parameter store: The store, with ``runs`` in it.
  /// - Throws: ``RunStoreCheckFailure`` if the store breaks the contract; else what it throws.
  public func run(on store: some RunStore) async throws {
    switch self {
    case .findsAndSorts: try await checkSelections(store)
    case .keepsToTheLimit:
      let table = try await store.select(RunSelection(limit: 2, now: Self.now))
      try expect(table.ids == ["5", "4"] && table.total == 5, "\(table)")
    case .opensRuns: try await checkRuns(store)
    case .saysThatThereIsNone:
      for id in ["9", "", "../1", "1/", "."] {
        do {
          _ = try await store.run(id)
          try expect(false, "a run '\(id)' was opened")
        } catch is NoSuchRun {}
      }
    case .knowsNames:
      let names = try await store.names()
      try expect(Set(names.metrics) == ["loss", "count"], "metrics \(names.metrics)")
      let entries = Set(names.entries[.config] ?? [])
      try expect(
        entries.isSuperset(of: [["layers"], ["optimizer"], ["optimizer", "rate"]]), "\(entries)")
    case .readsFilesAndOutput: try await checkContents(store)
    }
  }

  static let now = Timestamp(microseconds: 1_800_000_000_000_000)

  private func expect(_ holds: Bool, _ message: @autoclosure () -> String) throws {
    if !holds { throw RunStoreCheckFailure(check: rawValue, message: message()) }
  }

  private func checkSelections(_ store: some RunStore) async throws {
    let subjects = Self.runs.map { run in
      RunSubject(
        run.record, metrics: run.series.mapValues { QueryMetric($0) }, liveness: .notExpected)
    }
    let fields = try [
      "id", "layers", "metrics.loss.min", "metrics.loss.min.step", "result", "config",
    ]
    .map { try QueryField(parsing: $0) }
    for text in [
      "", "layers == 3", "layers > 2 and metrics.loss.min < 0.3", "not optimizer.name == \"sgd\"",
      "status == failed or result == null", "name ~ \"sample*\" and id in (1, 4)",
      "widths == [3, 3]", "3 in widths", "metrics.count.last == config.layers",
      "started > 2023-11-14",
    ] {
      for order in ["metrics.loss.min", "layers", "optimizer.name", "result"] {
        for isDescending in [false, true] {
          let selection = RunSelection(
            try Query(parsing: text),
            order: [RunOrder(try QueryField(parsing: order), isDescending: isDescending)],
            fields: fields, now: Self.now)
          let (found, expected) = (try await store.select(selection), selection.table(of: subjects))
          try expect(
            found.ids == expected.ids && found.total == expected.total,
            "'\(text)' by \(order) gives \(found.ids), expected \(expected.ids)")
          for (one, other) in zip(found.columns.joined(), expected.columns.joined()) {
            try expect(
              (one ?? .null).equals(other ?? .null) && (one == nil) == (other == nil),
              "'\(text)': \(String(describing: one)), expected \(String(describing: other))")
          }
        }
      }
    }
  }

  private func checkRuns(_ store: some RunStore) async throws {
    for expected in Self.runs {
      let run = try await store.run(expected.record.id)
      let (record, wanted) = (run.record, expected.record)
      try expect(record.key == wanted.key && record.id == wanted.id, "\(record)")
      try expect(record.config == wanted.config && record.status == wanted.status, "\(record)")
      try expect(record.result == wanted.result && record.info == wanted.info, "\(record)")
      try expect(record.failTrace == wanted.failTrace, "\(record.failTrace)")
      try expect(Set(run.metrics.map(\.name)) == Set(expected.series.keys), "\(run.metrics)")
      for (name, series) in expected.series {
        let found = try run.series(name)
        try expect(found?.steps == series.steps && found?.values == series.values, "\(name)")
        let statistics = try run.statistics(name)
        try expect(statistics == QueryMetric(series), "\(String(describing: statistics))")
        let view = try run.view(name, window: .all, buckets: 2) ?? []
        try expect(view.reduce(0) { $0 + $1.count } == series.count, "\(view)")
        try expect(view.map(\.min).min() == series.values.doubles.min(), "\(view)")
      }
      try expect(try run.series("nothing") == nil, "a metric 'nothing'")
    }
  }

  private func checkContents(_ store: some RunStore) async throws {
    for expected in Self.runs {
      let run = try await store.run(expected.record.id)
      let names = expected.record.artifacts.map(\.name)
      try expect(run.artifacts.map(\.name) == names, "artifacts \(run.artifacts.map(\.name))")
      for artifact in run.artifacts {
        var content: [UInt8] = []
        try artifact.read { content += $0 }
        let wanted = artifact.storedPath.flatMap { expected.files[$0] }
        try expect(content == wanted, "'\(artifact.name)' holds \(content)")
      }
      var output: [UInt8] = []
      try run.readOutput(nil) { output += $0 }
      try expect(output == expected.output, "the output \(output)")
    }
    let ids = ["2", "9", "5"]
    try expect(try await store.runs(ids: ids).map(\.id) == ["2", "5"], "the runs \(ids)")
  }

  private static func sample(_ number: Int) -> ObservedRun {
    let start = Timestamp(microseconds: 1_700_000_000_000_000 + Int64(number) * 1_000_000)
    var generator = SystemRandomNumberGenerator()
    var run = ObservedRun(key: RunKey(time: start, using: &generator))
    run.record.id = "\(number)"
    run.record.experiment.name = number == 2 ? "other" : "sample"
    run.record.command = "run"
    run.record.status = number == 4 ? .failed : .completed
    (run.record.startTime, run.record.stopTime) = (start, start)
    run.record.failTrace = number == 4 ? ["it broke\n"] : []
    run.record.config = [
      "layers": .int(Int64(number % 4)), "widths": [.int(3), .int(Int64(number))],
      "optimizer": ["name": .text(number < 3 ? "sgd" : "adam"), "rate": .double(0.1)],
    ]
    run.record.info = ["device": "gpu"]
    run.record.result = number == 5 ? .null : .double(Double(number) / 2)
    run.series["loss"] = MetricSeries(
      descriptor: MetricDescriptor(name: "loss", kind: .double), steps: [0, 2, 1],
      timestamps: [start, start, start], values: .doubles([1, 1 / Double(number), 0.5]))
    run.series["count"] = MetricSeries(
      descriptor: MetricDescriptor(name: "count", kind: .int), steps: [0], timestamps: [start],
      values: .ints([Int64(number)]))
    run.record.artifacts = [
      ArtifactRecord(name: "notes/\(number).txt", storedPath: "notes/\(number).txt")
    ]
    run.files["notes/\(number).txt"] = Array("note \(number)\n".utf8) + [0, 0xFF]
    run.output = number == 3 ? [] : Array("step \(number)\rdone\n".utf8)
    return run
  }
}

/// A part of the contract that a store breaks.
public struct RunStoreCheckFailure: Error, CustomStringConvertible {
  /// The name of the check.
  public var check: String
  /// What was found and what was expected.
  public var message: String

  /// The failure in one line.
  public var description: String { "\(check): \(message)" }
}

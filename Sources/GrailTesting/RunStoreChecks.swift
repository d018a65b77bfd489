package import GrailCore
import OrderedCollections

/// The contract of ``RunStore`` and ``RunAnnotating`` as checks that any store can be held to.
///
/// The store is to hold the runs of ``runs`` and no other.
package enum RunStoreChecks: String, CaseIterable, Sendable {
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
  /// Tags, notes and names are kept, found again, and taken away.
  case keepsEdits

  /// The runs that the store is to hold.
  package static let runs: [ObservedRun] = (1...5).map { sample($0) }

  /// Holds a store to this part of the contract.
  ///
  /// - Parameter store: The store, with ``runs`` in it, which the check may annotate.
  /// - Throws: ``RunStoreCheckFailure`` if the store breaks the contract; else what it throws.
  package func run(on store: some RunAnnotating) async throws {
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
    case .keepsEdits: try await checkEdits(store)
    }
  }

  private static let now = Timestamp(microseconds: 1_800_000_000_000_000)

  private func expect(_ holds: Bool, _ message: @autoclosure () -> String) throws {
    if !holds { throw RunStoreCheckFailure(check: self, message: message()) }
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

  private func checkEdits(_ store: some RunAnnotating) async throws {
    func found(_ text: String) async throws -> [String] {
      try await store.select(RunSelection(try Query(parsing: text), now: Self.now)).ids
    }
    try await store.edit(["1", "3"], [.tag("best"), .tag("a b"), .note("two\nlines")])
    try await store.edit(["3"], [.untag("best"), .name("third")])
    try expect(try await found("\"best\" in tags") == ["1"], "tags")
    try expect(try await found("\"a b\" in tags and note =~ \"lines\"") == ["3", "1"], "notes")
    try expect(try await found("name == \"third\"") == ["3"], "names")
    let annotations = try await store.run("3").annotations
    try expect(annotations.tags == ["a b"] && annotations.name == "third", "\(annotations)")
    try await store.edit(["1", "3"], [.untag("a b"), .untag("best"), .note(nil), .name(nil)])
    try expect(try await found("has tags or has note or name == \"third\"") == [], "taken away")
    do {
      try await store.edit(["1", "9"], [.tag("x")])
      try expect(false, "a run '9' was edited")
    } catch is NoSuchRun {}
    try expect(try await found("\"x\" in tags") == [], "an edit that failed")
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
    return run
  }
}

/// A part of the contract that a store breaks.
package struct RunStoreCheckFailure: Error, CustomStringConvertible {
  /// The check.
  package var check: RunStoreChecks
  /// What was found and what was expected.
  package var message: String

  /// The failure in one line.
  package var description: String { "\(check.rawValue): \(message)" }
}

import OrderedCollections

@testable import GrailCore

/// The runs of the examples in `docs/query.md`.
enum ExampleRuns {
  /// Noon of 2026-11-10.
  static let now = time("2026-11-10T12:00:00")

  static func time(_ text: String) -> Timestamp {
    Timestamp(isoText: text) ?? Timestamp(microseconds: 0)
  }

  static let all: [RunSubject] = [
    run(
      "1", "digits", .completed, started: "2026-11-01T08:00:00",
      config: ["layers": 7, "optimizer": "sgd", "widths": [32, 32]],
      metric: ("loss", [0.5, 0.25, 0.05]), tags: ["best"]),
    run(
      "2", "digits-2", .failed, started: "2026-11-09T08:00:00",
      config: ["layers": 7.0, "optimizer": "adam", "alpha": nil], metric: ("loss", [0.5, .nan])),
    run(
      "3", "words", .running, started: "2026-11-10T11:00:00",
      config: ["layers": 3, "optimizer": "Adam", "debug": true],
      metric: ("train.loss", [2, 1]), tags: ["best", "slow"]),
    run(
      "4", "words", .queued, started: nil, config: ["layers": "7", "big": 9_007_199_254_740_993]),
  ]

  private static func run(
    _ id: String, _ name: String, _ status: RunStatus, started: String?, config: Value.Entries,
    metric: (name: String, values: [Double])? = nil, tags: [String] = []
  ) -> RunSubject {
    var record = RunRecord(
      key: nil, id: id, experiment: ExperimentRecord(name: name), command: "run", status: status)
    record.startTime = started.map(time)
    record.config = config
    var metrics: [String: QueryMetric] = [:]
    if let metric {
      let start = record.startTime ?? now
      metrics[metric.name] = QueryMetric(
        MetricSeries(
          descriptor: MetricDescriptor(name: metric.name, kind: .double),
          steps: metric.values.indices.map(Int64.init),
          timestamps: metric.values.indices.map { index in
            Timestamp(microseconds: start.microseconds + Int64(index) * 1_000_000)
          },
          values: .doubles(metric.values)))
    }
    return RunSubject(record, metrics: metrics, tags: tags)
  }

  /// A run as a row of the page's table.
  static func row(_ run: RunSubject, values: [Double]) -> String {
    let metric = run.metrics.keys.first.map { name in
      "\(name): " + values.map { "\($0)" }.joined(separator: ", ")
    }
    let cells = [
      run.record.id, run.record.experiment.name, run.record.status.rawValue,
      run.record.startTime?.description ?? "", Value.map(run.record.config).description,
      metric ?? "", run.tags.joined(separator: ", "),
    ]
    return "|" + cells.map { $0.isEmpty ? " |" : " \($0) |" }.joined()
  }
}

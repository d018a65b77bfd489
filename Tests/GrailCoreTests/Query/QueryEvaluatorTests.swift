import OrderedCollections
import Testing

@testable import GrailCore

@Suite struct QueryEvaluatorTests {
  private static let now = ExampleRuns.now

  /// A run of which every field is known.
  private static let subject: RunSubject = {
    var record = RunRecord(
      key: RunKey("01890a5d-ac96-774b-bcce-b302099a8057"), id: "17",
      experiment: ExperimentRecord(name: "digits"), command: "train",
      status: RunStatus(rawValue: "OUT_OF_LUCK"))
    (record.group, record.parent) = ("sweep", "16")
    record.queueTime = ExampleRuns.time("2026-11-10T09:00:00")
    record.startTime = ExampleRuns.time("2026-11-10T10:00:00")
    record.heartbeat = ExampleRuns.time("2026-11-10T10:59:59")
    record.stopTime = ExampleRuns.time("2026-11-10T11:00:00.1")
    record.config = [
      "seed": 42, "name": "mine", "none": nil, "flag": true, "text": "größe", "nfd": "e\u{301}",
      "data": ["path": "/x", "a.b": 1, "deep": [["x": 5]]], "nan": .double(.nan),
      "when": .time(ExampleRuns.time("2026-11-09")), "wait": 90.0, "bytes": .bytes([1]),
      "tuple": .opaque(.init(typeName: "tuple", raw: ["py/tuple": [1, 2]])),
      "scalar": .opaque(
        .init(
          typeName: "numpy.float64",
          raw: ["py/object": "numpy.float64", "dtype": "float64", "value": 0.5])),
      "huge": .opaque(.init(typeName: "json.number", raw: "9223372036854775808")),
      "object": .opaque(.init(typeName: "Thing", raw: ["py/object": "Thing"])),
      "min": .int(.min), "max": .int(.max), "zero": -0.0, "both": 1,
    ]
    record.info = ["both": 2, "noted": "yes"]
    record.host = ["hostname": "box", "cpu": "fast"]
    record.meta = ["comment": "first try"]
    record.result = ["accuracy": 0.9]
    record.failTrace = ["Traceback\n", "MemoryError: OOM\n"]
    record.artifacts = [ArtifactRecord(name: "model.bin", storedPath: "model.bin")]
    record.resources = [ResourceRecord(path: "/data/x.csv", storedPath: "y")]
    record.experiment.sources = [SourceRecord(path: "train.py")]
    record.experiment.dependencies = ["numpy==1.26.0", "sacred==0.8.7"]
    record.arguments = ["train.py", "with", "seed=42"]
    record.warnings = [RunWarning(time: now, message: "the disk is full")]
    record.experiment.repositories = [
      ["url": "git@x", "commit": "abc", "dirty": false],
      ["url": "git@y", "commit": "def", "dirty": true],
    ]
    let series = MetricSeries(
      descriptor: MetricDescriptor(name: "loss", kind: .double), steps: [10, 20, 30, 40],
      timestamps: (0..<4).map { Timestamp(microseconds: now.microseconds + $0 * 1_000_000) },
      values: .doubles([3, 1, .nan, 2]))
    var metrics = ["loss": QueryMetric(series), "both": QueryMetric(series)]
    metrics["loss.min"] = nil
    metrics["val.min"] = QueryMetric(
      MetricSummary(
        count: 3, numberCount: 0, min: .nan, max: .nan, mean: .nan, steps: 0...2, times: now...now),
      last: .init(value: "text", step: 2, time: now))
    metrics["val"] = QueryMetric(
      MetricSummary(
        count: 3, numberCount: 3, min: 1, max: 3, mean: 2, steps: 0...2, times: now...now))
    return RunSubject(
      record, metrics: metrics, tags: ["best"], note: "look again", name: "given",
      liveness: .probablyDead)
  }()

  @Test(arguments: [
    "id == 17", "id == \"17\"", "id > 9", "id ~ \"1?\"", "id in (1, 17)", "id != 16",
    "key == \"01890a5d-ac96-774b-bcce-b302099a8057\"", "name == \"given\"",
    "experiment == \"digits\"", "command == \"train\"", "status == \"out_of_luck\"",
    "status ~ \"out*\"", "status =~ \"^out_of\"", "status not in (failed, \"x\")",
    "liveness == probablydead", "liveness != dead", "group == \"sweep\"", "parent == \"16\"",
    "note =~ \"again\"", "\"best\" in tags", "not \"worst\" in tags", "tags == [\"best\"]",
    "tags != [\"best\", \"x\"]", "queued < started", "started < stopped", "heartbeat < stopped",
    "elapsed > 1h", "elapsed == 1h100ms", "elapsed == 3600.1", "elapsed < \"2h\"",
    "elapsed <= 1h100ms", "error =~ \"OOM\"", "\"MemoryError\" in error", "\"\" in error",
    "not \"memoryerror\" in error", "error =~ \"(?m)^Mem\"", "\"model.bin\" in artifacts",
    "artifacts ~ \"*.bin\"", "resources ~ \"/data/*\"", "sources ~ \"*.py\"",
    "dependencies ~ \"numpy==1.*\"", "\"with\" in arguments", "warnings =~ \"disk\"",
    "git.commit == \"abc\"", "git.url == \"git@x\"", "git.dirty", "not has git.branch",
    "seed == 42", "comment == \"first try\"", "hostname == \"box\"", "host.cpu == \"fast\"",
    "result.accuracy >= 0.9", "has result", "result != 0.9",
    // Entries.
    "config.name == \"mine\"", "`name` == \"mine\"", "data.path == \"/x\"", "data.\"a.b\" == 1",
    "not has data.a.b", "data.deep[0][0].x == null", "data.deep[0].x == 5", "data.deep.0.x == 5",
    "not has data.deep.1", "not has data.deep.00", "not has data.deep.path", "has data",
    "config.data != 1", "has config.none", "config.none == null", "not has config.nothing",
    "config.nothing == null", "config.nothing != 3", "not config.nothing == 3",
    "config.flag", "flag == true", "flag != 1", "not config.none", "config.wait == 90s",
    "config.wait < 2m", "when > -2d", "when < now", "when == 2026-11-09T00:00",
    "config.when == 2026-11-09", "bytes != \"\"", "object != null", "both == 1", "info.both == 2",
    "noted == \"yes\"", "has noted", "tuple == [1, 2]", "tuple == [1.0, 2]", "2 in tuple",
    "tuple[1] == 2", "scalar < 0.6", "huge > 9223372036854775807", "zero == 0", "config.nan == nan",
    "config.nan != 1", "not config.nan < 1", "not config.nan >= 1", "config.nan in (1, nan)",
    "min == -9223372036854775808", "max == 9223372036854775807", "max < 9223372036854775808.0",
    "max > 9.2e18", "min < 9.2e18", "min >= -9223372036854775808.0", "max < inf", "min > -inf",
    "text == \"größe\"", "text =~ \"^\\w+$\"", "text > \"gr\"", "text < \"h\"",
    "text < \"grö\u{10FFFF}\"",
    "\"öß\" in text", "not text == 5", "not text < 5", "not text > 5", "nfd != \"é\"",
    "nfd == \"e\\u{301}\"", "\"path\" in data", "not \"nothing\" in data", "not 5 in data",
    "not \"x\" in config.nothing", "not null in config.nothing",
    "config.both == metrics.both.first or true == flag",
    "config.tuple == config.tuple", "config.nothing == config.nothing2",
    "experiment == \"digits\" and id == 17",
    // Metrics.
    "metrics.loss == 2", "loss.last == 2", "loss.first == 3", "loss.min == 1", "loss.max == 3",
    "loss.mean == 2", "loss.count == 4", "loss.step == 40", "loss.min.step == 20",
    "loss.max.step == 10", "loss.first.step == 10", "metrics.loss.time > now",
    "metrics.loss.min.time == 2026-11-10T12:00:01", "metrics.loss.first.time < metrics.loss.time",
    "metrics.loss.max.time == metrics.loss.first.time", "val.min == \"text\"",
    "metrics.\"val\".min == 1", "metrics.\"val.min\".count == 3", "not has metrics.\"val.min\".min",
    "not has metrics.\"val.min\".mean", "metrics.val.min.last == \"text\"",
    "not has metrics.\"val\".min.step", "not has metrics.\"val\".last", "metrics.val.mean == 2",
  ])
  func `holds for the run`(query: String) throws {
    let query = try Query(parsing: query)
    #expect(query.matches(Self.subject, now: Self.now))
    if let condition = query.condition {
      #expect(!Query(.not(condition)).matches(Self.subject, now: Self.now))
    }
  }

  @Test func `days begin at midnight, also before 1970 and at the ends of time`() throws {
    for microseconds in [Int64.min, -1, 0, 1, 86_400_000_000, .max] {
      let now = Timestamp(microseconds: microseconds)
      var record = Self.subject.record
      record.startTime = now
      let subject = RunSubject(record)
      for query in [
        "started >= today", "started >= yesterday", "started <= now", "started <= +999999d",
        "started >= -999999999d", "started >= now -999999999999s",
      ] {
        #expect(try Query(parsing: query).matches(subject, now: now), "\(query) \(microseconds)")
      }
    }
    let midnight = QueryLiteral.moment(.init(.today)).value(
      beside: .null, now: Timestamp(microseconds: -1))
    #expect(midnight == .time(Timestamp(microseconds: -86_400_000_000)))
  }

  @Test func `a series and its summary say the same, and nothing of no points`() {
    let empty = QueryMetric(MetricSeries(descriptor: MetricDescriptor(name: "a", kind: .value)))
    for statistic in QueryField.Statistic.allCases {
      #expect(empty.value(of: statistic) == (statistic == .count ? 0 : nil))
    }
    let mixed = QueryMetric(
      MetricSeries(
        descriptor: MetricDescriptor(name: "a", kind: .value), steps: [1, 2],
        timestamps: [Self.now, Self.now], values: .values(["x", 5])))
    #expect(mixed.value(of: .min) == 5 && mixed.value(of: .mean) == 5.0)
    #expect(mixed.value(of: .first) == "x")
  }
}

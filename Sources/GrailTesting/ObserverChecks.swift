public import GrailCore
import OrderedCollections

/// The contract of ``RunObserver`` as checks that any observer can be held to.
///
/// ```swift
/// @Test(arguments: ObserverChecks.allCases)
/// func `keeps the contract`(_ check: ObserverChecks) async throws {
///   let observer = InMemoryObserver()
///   try await check.run(on: observer) { key in await observer.run(key) }
/// }
/// ```
public enum ObserverChecks: String, CaseIterable, Sendable {
  /// All events of a run are kept, in order.
  case keepsTheWholeRun
  /// A batch that comes again is kept once.
  case keepsARepeatedBatchOnce
  /// Of a batch that begins with known events only the new ones are kept.
  case keepsOnlyWhatIsNew
  /// Runs that are told at the same time stay apart.
  case keepsRunsApart
  /// NaN, infinities, extremes, opaque values and unknown statuses stay what they are.
  case keepsOddValues
  /// A run that another process goes on with keeps what it had.
  case keepsAContinuedRun
  /// What the run printed is kept in order and once, also where a character is cut in two.
  case keepsTheOutput

  /// Holds an observer to this part of the contract.
  ///
  /// - Parameters:
  ///   - observer: The observer, which has seen nothing.
  ///   - stored: Reads back what the observer keeps of a run.
  /// - Throws: ``ObserverCheckFailure`` if the observer breaks the contract; else what the
  ///   observer throws.
  public func run(
    on observer: some RunObserver, reading stored: @Sendable (RunKey) async throws -> ObservedRun?
  ) async throws {
    switch self {
    case .keepsTheWholeRun:
      let run = SampleRun(number: 1)
      try await run.tell(observer, events: run.events.indices)
      try await expect(run, observer, stored)
    case .keepsARepeatedBatchOnce:
      let run = SampleRun(number: 1)
      for index in run.events.indices {
        try await run.tell(observer, events: index..<index + 1)
        try await run.tell(observer, events: index..<index + 1)
      }
      try await expect(run, observer, stored)
    case .keepsOnlyWhatIsNew:
      let run = SampleRun(number: 1)
      for end in run.events.indices {
        try await run.tell(observer, events: max(0, end - 2)..<end + 1)
      }
      try await expect(run, observer, stored)
    case .keepsRunsApart:
      let runs = (1...8).map { SampleRun(number: $0) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for run in runs {
          group.addTask {
            for index in run.events.indices {
              try await run.tell(observer, events: index..<index + 1)
            }
          }
        }
        try await group.waitForAll()
      }
      for run in runs { try await expect(run, observer, stored) }
    case .keepsOddValues:
      let run = SampleRun(number: 1, isOdd: true)
      try await run.tell(observer, events: run.events.indices)
      try await expect(run, observer, stored)
    case .keepsAContinuedRun:
      let run = SampleRun(number: 1, isContinued: true)
      try await run.tell(observer, events: run.events.indices)
      try await expect(run, observer, stored)
    case .keepsTheOutput:
      let run = SampleRun(number: 1, isPrinting: true)
      for end in run.events.indices {
        try await run.tell(observer, events: max(0, end - 2)..<end + 1)
      }
      try await run.tell(observer, events: run.events.indices)
      try await expect(run, observer, stored)
    }
  }

  private func expect(
    _ run: SampleRun, _ observer: some RunObserver,
    _ stored: (RunKey) async throws -> ObservedRun?
  ) async throws {
    guard let found = try await stored(run.key) else {
      throw ObserverCheckFailure(check: self, message: "run \(run.key) is not there")
    }
    let expected = run.outcome
    // Texts, because a value that holds NaN does not equal itself.
    let parts =
      [
        ("record", "\(expected.record)", "\(found.record)"),
        ("metrics", "\(expected.series.keys.sorted())", "\(found.series.keys.sorted())"),
        ("output", "\(expected.output)", "\(found.output)"),
      ]
      + expected.series.keys.sorted().map { name in
        (name, "\(expected.series[name]?.bits ?? [])", "\(found.series[name]?.bits ?? [])")
      }
    for (part, wanted, got) in parts where wanted != got {
      throw ObserverCheckFailure(
        check: self, message: "the \(part) of run \(run.key) is \(got), expected \(wanted)")
    }
  }
}

/// A part of the contract that an observer breaks.
public struct ObserverCheckFailure: Error, CustomStringConvertible {
  /// The check.
  public var check: ObserverChecks
  /// What was found and what was expected.
  public var message: String

  /// The failure in one line.
  public var description: String { "\(check.rawValue): \(message)" }
}

/// A run to tell an observer.
private struct SampleRun: Sendable {
  let key: RunKey
  let events: [RunEvent]

  init(
    number: Int, isOdd: Bool = false, isContinued: Bool = false, isPrinting: Bool = false
  ) {
    let start = Timestamp(microseconds: 1_700_000_000_000_000 + Int64(number))
    var generator = CountingGenerator(number: UInt64(number))
    key = RunKey(time: start, using: &generator)
    var record = RunRecord(
      key: key, id: "\(number)", experiment: ExperimentRecord(name: "sample \(number)"),
      command: "run", status: .running)
    record.startTime = start
    record.config = ["layers": .int(Int64(number)), "rate": 0.5]
    if isOdd {
      record.config["array"] = .opaque(
        Value.Opaque(typeName: "numpy.ndarray", raw: ["py/object": "numpy.ndarray"]))
      record.config["none"] = .double(.nan)
    }
    record.sessions = [Self.session(1, start)]
    var events: [RunEvent] = [.started(record)]
    events.append(.points(Self.points(isOdd ? Self.oddNumbers : [1, 0.5, 0.25], from: start)))
    events.append(.info(name: "device", value: "cpu"))
    events.append(.info(name: "device", value: "gpu"))
    events.append(.info(name: "scratch", value: 1))
    events.append(.info(name: "scratch", value: nil))
    events.append(.artifact(ArtifactRecord(name: "plot.svg", storedPath: "plot.svg")))
    events.append(.warning(RunWarning(time: start, message: "slow disk")))
    events.append(.provenance(Self.provenance))
    events.append(.points(Self.points([0.125], from: start)))
    events.append(.heartbeat(start))
    if isPrinting { events += Self.output.map(RunEvent.output) }
    if isContinued {
      record.sessions = [Self.session(2, start)]
      events.append(.started(record))
      events.append(.points(Self.points([0.0625], from: start)))
    }
    events.append(.result(.double(isOdd ? .infinity : 0.125)))
    let status = isOdd ? RunStatus(rawValue: "EARLY_STOPPED") : .completed
    events.append(.ended(RunEnding(status: status, time: start)))
    self.events = events
  }

  /// What an observer keeps of the run.
  var outcome: ObservedRun {
    var run = ObservedRun(key: key)
    for event in events { run.apply(event) }
    return run
  }

  func tell(_ observer: some RunObserver, events range: Range<Int>) async throws {
    var told = ObservedRun(key: key)
    for event in events[..<range.upperBound] { told.apply(event) }
    try await observer.record(
      RunEventBatch(
        key: key, offset: Int64(range.lowerBound), events: Array(events[range]),
        record: told.record,
        contents: { path in Array(path.utf8) }))
  }

  private static let oddNumbers: [Double] = [
    .nan, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
  ]

  /// Pieces that cut a character and a line in two, hold bytes that are no text, and repeat.
  private static var output: [RunOutput] {
    let text = Array("epoch 1: ü\repoch 2\nepoch 2\nepoch 2\n".utf8) + [0, 0xFF, 0x0A]
    let ends = [10, 21, 29, 37, text.count]
    return zip([0] + ends, ends).map { start, end in
      RunOutput(offset: Int64(start), bytes: Array(text[start..<end]))
    }
  }

  private static func points(_ numbers: [Double], from start: Timestamp) -> MetricSeries {
    MetricSeries(
      descriptor: MetricDescriptor(name: "loss", unit: "nats", kind: .double),
      steps: numbers.indices.map(Int64.init),
      timestamps: numbers.map { _ in start }, values: .doubles(numbers))
  }

  private static var provenance: RunProvenance {
    var provenance = RunProvenance()
    provenance.sources = [SourceRecord(path: "main.swift", storedPath: "_sources/main_0.swift")]
    provenance.workingTrees = [
      WorkingTreeRecord(
        folder: "/work", url: "git:/work", commit: "c0ffee", branch: nil, isDirty: false)
    ]
    provenance.host = ["memory": 1024]
    return provenance
  }

  private static func session(_ number: Int, _ start: Timestamp) -> SessionRecord {
    SessionRecord(
      number: number, startTime: start,
      process: ProcessEvidence(
        hostname: "host", bootID: nil, processID: Int64(number), processStart: nil,
        processNamespace: nil, beatInterval: 10_000_000, holdsLock: true))
  }
}

/// Numbers that make the keys of sample runs differ.
private struct CountingGenerator: RandomNumberGenerator {
  var number: UInt64

  mutating func next() -> UInt64 {
    number &*= 0x9E37_79B9_7F4A_7C15
    return number
  }
}

extension MetricSeries {
  /// The points in a form in which equal bits are equal.
  fileprivate var bits: [String] {
    steps.indices.map { index in
      let value = values[index].doubleValue?.bitPattern.description ?? "\(values[index])"
      return "\(steps[index]) \(timestamps[index]) \(value)"
    }
  }
}

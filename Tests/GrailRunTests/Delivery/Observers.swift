import Foundation
import GrailCore
import GrailRecord
import GrailRun
import GrailTesting
import Logging
import Synchronization
import TestSupport
import Testing

/// An observer that keeps what it is told, and does what it is told before that.
actor WatchedObserver: RunObserver {
  /// A call, as it came.
  struct Call: Sendable {
    var offset: Int64
    var events: [RunEvent]
    var time: ContinuousClock.Instant
  }

  private(set) var calls: [Call] = []
  /// What it has, by (key, offset).
  let memory = InMemoryObserver()
  /// The events in the order of their numbers.
  private(set) var events: [RunEvent] = []
  /// What came again and was not the same.
  private(set) var mismatches = 0
  private var behavior: @Sendable (_ call: Int, RunEventBatch) async throws -> Void

  init(_ behavior: @escaping @Sendable (Int, RunEventBatch) async throws -> Void = { _, _ in }) {
    self.behavior = behavior
  }

  func behave(_ behavior: @escaping @Sendable (Int, RunEventBatch) async throws -> Void) {
    self.behavior = behavior
  }

  func record(_ batch: RunEventBatch) async throws {
    calls.append(Call(offset: batch.offset, events: batch.events, time: .now))
    try await behavior(calls.count, batch)
    await store(batch)
  }

  /// Keeps what of a batch is new.
  func store(_ batch: RunEventBatch) async {
    let known = Int(batch.offset)
    guard known <= events.count else {
      mismatches += 1
      return
    }
    let overlap = min(events.count - known, batch.events.count)
    if events[known..<known + overlap] != batch.events[..<overlap] { mismatches += 1 }
    events += batch.events[overlap...]
    await memory.record(batch)
  }
}

/// An error of an observer's own.
struct Unreachable: Error, CustomStringConvertible {
  var description: String { "no route to https://user:secret@example.org\nsecond line" }
}

/// Keeps what is logged.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])
  var all: [String] { lines.withLock { $0 } }

  var logger: Logger {
    Logger(label: "test") { [self] _ in Handler(lines: self) }
  }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
      lines.lines.withLock { $0.append("\(event.message)") }
    }
  }
}

/// A run with observers, recorded in a test's folder.
struct ObservedProgram {
  let folder: TestFolder
  let lines = LogLines()
  var settings = RunSettings()

  init(in folder: TestFolder, _ observers: [String: any RunObserver]) {
    self.folder = folder
    settings.store = folder.path("runs")
    settings.provenance = .none
    settings.provenance.gathersHost = true
    settings.beatInterval = nil
    settings.observers = observers
    settings.observerTimeout = .seconds(20)
    settings.delivery.interval = .milliseconds(10)
    settings.delivery.firstDelay = .milliseconds(10)
    settings.delivery.longestDelay = .milliseconds(40)
    settings.delivery.callLimit = .seconds(20)
    settings.delivery.grace = .milliseconds(100)
  }

  func begin() throws -> Recorder {
    try Recorder(
      RunPlan(experiment: "observed", command: "run", settings: settings), logger: lines.logger)
  }

  /// Runs what a closure does, to the end of the delivery.
  @discardableResult
  func run(_ body: (Run, Recorder) async throws -> Void) async throws -> RunRecord {
    let recorder = try begin()
    try await body(Run(recorder: recorder, inputs: RunInputs(seed: 1)), recorder)
    _ = recorder.finish(.completed)
    return await recorder.finishDelivery()
  }

  func directory(_ id: String = "1") -> String { folder.path("runs/\(id)") }

  /// What a reader of the run's files finds of it.
  func truth(_ id: String = "1") async throws -> ObservedRun {
    let reader = try RunReader(directory: directory(id))
    let memory = InMemoryObserver()
    try await reader.replay { await memory.record($0) }
    let key = try #require(reader.record.key)
    return try #require(await memory.run(key))
  }

  /// What stands below `grail` in the run's `run.json`.
  func json(_ id: String = "1") throws -> Value {
    try JSONParser.parse(WholeFile.read(folder.path("runs/\(id)/run.json")))["grail"] ?? .null
  }

  func print(_ text: String, _ recorder: Recorder) throws {
    let file = try FileHandle(forWritingTo: URL(filePath: "\(recorder.directory)/cout.txt"))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
  }

  /// Delivers later, as the command `sync` does.
  func sync(
    _ observers: [String: any RunObserver]? = nil, id: String = "1", isAsked: Bool = true,
    limit: Duration = .seconds(5)
  ) async throws -> DeliverySync.Outcome {
    let sync = DeliverySync(
      experiment: "observed", observers: observers ?? settings.observers, limit: limit,
      settings: settings.delivery, logger: lines.logger)
    return try await sync.deliver(run: directory(id), isAsked: isAsked)
  }
}

extension ObservedRun {
  /// Without what events do not tell in the same way.
  var comparable: ObservedRun {
    var run = self
    run.record.deliveries = []
    run.record.heartbeat = nil
    return run
  }
}

public import GrailCore

/// An observer that keeps runs in memory: for tests, and the plainest example of the contract.
public actor InMemoryObserver: RunObserver {
  /// The runs that were observed, by key.
  public private(set) var runs: [RunKey: ObservedRun] = [:]
  private var eventCounts: [RunKey: Int64] = [:]

  /// Creates an observer that has seen nothing.
  public init() {}

  /// Stores what of a batch is new.
  public func record(_ batch: RunEventBatch) {
    let known = eventCounts[batch.key] ?? 0
    let repeated = Int(clamping: max(0, known - batch.offset))
    var run = runs[batch.key] ?? ObservedRun(key: batch.key)
    for event in batch.events.dropFirst(repeated) { run.apply(event) }
    runs[batch.key] = run
    eventCounts[batch.key] = max(known, batch.offset + Int64(batch.events.count))
  }

  /// The run of a key, if it was observed.
  public func run(_ key: RunKey) -> ObservedRun? { runs[key] }
}

/// A run as its events tell it: the record, the points and the output.
public struct ObservedRun: Hashable, Sendable {
  /// All but the points and the output.
  public var record: RunRecord
  /// The points of each metric, by its name.
  public var series: [String: MetricSeries] = [:]

  /// What the run printed.
  public var output: [UInt8] = []
  /// The contents of its files, by their stored paths, where they are kept; events do not have them.
  public var files: [String: [UInt8]] = [:]

  /// Creates a run of which nothing is known.
  ///
  /// - Parameter key: The run's key.
  public init(key: RunKey) {
    record = RunRecord(
      key: key, id: "", experiment: ExperimentRecord(name: ""), command: "",
      status: RunStatus(rawValue: ""))
  }

  /// Takes in an event.
  public mutating func apply(_ event: RunEvent) {
    record.apply(event)
    switch event {
    case .points(let points):
      let name = points.descriptor.name
      if series[name]?.append(contentsOf: points) == nil { series[name] = points }
    case .output(let piece):
      output += piece.bytes
    default:
      break
    }
  }
}

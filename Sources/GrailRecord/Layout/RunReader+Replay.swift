public import GrailCore
import OrderedCollections

extension RunReader {
  /// The number of points that an event has at most.
  static let pointsPerEvent = 10_000
  /// The number of bytes of output that an event has at most.
  static let outputPerEvent = 1 << 18

  /// Replays the stored run as events, in batches, as an observer of the run would have seen it.
  ///
  /// Times, ids, statuses that nobody knows and opaque values stay what they are: this is how
  /// runs are copied from one store to another. The points and the output come behind what else the
  /// run recorded and before its end.
  ///
  /// - Parameters:
  ///   - key: The run's key, for a run of Sacred's, which has none.
  ///   - deliver: Is given each batch.
  /// - Throws: What `deliver` throws, or the system's error if a journal cannot be read.
  public func replay(
    key: RunKey? = nil, to deliver: (RunEventBatch) async throws -> Void
  ) async throws {
    guard let key = record.key ?? key else {
      throw RunReaderError(directory: directory, found: "it has no key, and none was given")
    }
    var offset: Int64 = 0
    var told = RunRecord(
      key: key, id: record.id, experiment: record.experiment, command: record.command,
      status: record.status)
    func send(_ events: [RunEvent]) async throws {
      let reader = self
      for event in events { told.apply(event) }
      try await deliver(
        RunEventBatch(key: key, offset: offset, events: events, record: told) { storedPath in
          try reader.contents(ofStored: storedPath)
        })
      offset += Int64(events.count)
    }
    try await send(opening)
    for descriptor in metrics {
      guard let series = try series(descriptor.name) else { continue }
      for start in stride(from: 0, to: series.count, by: Self.pointsPerEvent) {
        let end = min(start + Self.pointsPerEvent, series.count)
        try await send([.points(series[start..<end])])
      }
    }
    var length: Int64 = 0
    while true {
      let bytes = OutputFile.read(in: directory, at: length, count: Self.outputPerEvent)
      if bytes.isEmpty { break }
      try await send([.output(RunOutput(offset: length, bytes: bytes))])
      length += Int64(bytes.count)
    }
    let last = closing
    if !last.isEmpty { try await send(last) }
  }

  /// What a run recorded before its points.
  private var opening: [RunEvent] {
    var start = record
    (start.info, start.result, start.stopTime, start.failTrace) = ([:], .null, nil, [])
    (start.artifacts, start.resources, start.warnings) = ([], [], [])
    (start.progress, start.losses, start.heartbeat) = ([], Losses(), nil)
    start.deliveries = []
    if record.status == .queued { return [.queued(start)] }
    start.status = .running
    for index in start.sessions.indices { start.sessions[index].stopTime = nil }
    var events: [RunEvent] = [.started(start)]
    events += record.info.map { .info(name: $0.key, value: $0.value) }
    events += record.resources.map(RunEvent.resource)
    events += record.artifacts.map(RunEvent.artifact)
    events += record.warnings.map(RunEvent.warning)
    events += record.progress.map(RunEvent.progress)
    return events
  }

  private var closing: [RunEvent] {
    var events: [RunEvent] = []
    if let heartbeat = record.heartbeat { events.append(.heartbeat(heartbeat)) }
    if !record.losses.isEmpty { events.append(.losses(record.losses)) }
    if !record.result.isNull { events.append(.result(record.result)) }
    if record.status.isFinal {
      events.append(
        .ended(
          RunEnding(
            status: record.status, time: record.stopTime, failTrace: record.failTrace)))
    }
    return events
  }

  package func contents(ofStored storedPath: String) throws -> [UInt8] {
    if let artifact = record.artifacts.first(where: { $0.storedPath == storedPath }) {
      return try WholeFile.read(path(of: artifact))
    }
    if let resource = record.resources.first(where: { $0.storedPath == storedPath }) {
      return try WholeFile.read(path(of: resource))
    }
    if let source = record.experiment.sources.first(where: { $0.storedPath == storedPath }),
      let path = path(of: source)
    {
      return try WholeFile.read(path)
    }
    let others = record.workingTrees.compactMap(\.storedChanges) + [record.executable?.storedPath]
    if others.contains(storedPath) { return try WholeFile.read(path(ofShared: storedPath)) }
    throw FileError(path: storedPath, verb: "read", cause: NotOfThisRun())
  }

  private struct NotOfThisRun: Error, CustomStringConvertible {
    var description: String { "the run has no such file" }
  }
}

extension MetricSeries {
  /// Some consecutive points.
  fileprivate subscript(range: Range<Int>) -> MetricSeries {
    let values: MetricValues =
      switch self.values {
      case .ints(let column): .ints(Array(column[range]))
      case .doubles(let column): .doubles(Array(column[range]))
      case .values(let column): .values(Array(column[range]))
      }
    return MetricSeries(
      descriptor: descriptor, steps: Array(steps[range]),
      timestamps: Array(timestamps[range]), values: values)
  }
}

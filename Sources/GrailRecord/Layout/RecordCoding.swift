package import GrailCore
import OrderedCollections

/// The form of a run's record in `run.json`: Sacred's fields, and ours below `grail`.
///
/// Reading is lenient, because records were written by other programs and by other versions:
/// what is missing or of another form is left at its default.
package enum RecordCoding {
  /// The version of what stands below `grail`.
  static let version: Int64 = 1

  /// Returns what `run.json` holds of a record: all but the configuration and the info.
  ///
  /// - Parameters:
  ///   - record: The record.
  ///   - metrics: What else stands below `grail`: the metrics' names, units, kinds and counts.
  /// - Returns: The content of the file.
  package static func runValue(of record: RunRecord, metrics: Value? = nil) -> Value {
    var entries: Value.Entries = [
      "experiment": value(of: record.experiment), "command": .text(record.command),
      "host": .map(record.host), "start_time": isoValue(record.startTime),
      "heartbeat": isoValue(record.heartbeat), "stop_time": isoValue(record.stopTime),
      "meta": .map(record.meta), "status": .text(record.status.rawValue),
      "result": record.result,
      "artifacts": .list(record.artifacts.map { .text($0.storedPath) }),
      "resources": .list(
        record.resources.map { .list([.text($0.path), .text($0.storedPath)]) }),
    ]
    if !record.failTrace.isEmpty { entries["fail_trace"] = .list(record.failTrace.map(Value.text)) }
    var ours: Value.Entries = ["version": .int(version)]
    if let key = record.key { ours["key"] = .text(key.description) }
    ours["queue_time"] = record.queueTime.map { isoValue($0) }
    if !record.configSources.isEmpty {
      ours["config_sources"] = .map(record.configSources.mapValues(Value.text))
    }
    ours["group"] = record.group.map(Value.text)
    ours["parent"] = record.parent.map(Value.text)
    if !record.arguments.isEmpty { ours["arguments"] = .list(record.arguments.map(Value.text)) }
    ours["working_directory"] = record.workingDirectory.map(Value.text)
    ours["executable"] = record.executable.map(value(of:))
    if !record.workingTrees.isEmpty {
      ours["working_trees"] = .list(record.workingTrees.map(value(of:)))
    }
    ours["sessions"] = .list(record.sessions.map(value(of:)))
    ours["artifacts"] = .list(record.artifacts.map(value(of:)))
    ours["resources"] = .list(record.resources.map(value(of:)))
    ours["warnings"] = .list(record.warnings.map(value(of:)))
    ours["progress"] = .list(record.progress.map(value(of:)))
    ours["losses"] = value(of: record.losses)
    ours["output"] = record.output.map(value(of:))
    ours["metrics"] = metrics
    if !record.deliveries.isEmpty {
      ours["delivery"] = .list(record.deliveries.map(value(of:)))
    }
    entries["grail"] = .map(ours)
    return .map(entries)
  }

  /// Returns the whole record, configuration and info included, as a journal holds it.
  package static func wholeValue(of record: RunRecord) -> Value {
    var entries = runValue(of: record).mapValue ?? [:]
    entries["id"] = .text(record.id)
    entries["config"] = .map(record.config)
    entries["info"] = .map(record.info)
    return .map(entries)
  }

  /// Reads a whole record, the reverse of ``wholeValue(of:)``.
  static func wholeRecord(from value: Value) -> RunRecord {
    var record = self.record(from: value, id: value["id"]?.textValue ?? "")
    record.config = value["config"]?.mapValue ?? [:]
    record.info = value["info"]?.mapValue ?? [:]
    return record
  }

  /// Reads what `run.json` holds.
  ///
  /// - Parameters:
  ///   - value: The content of the file.
  ///   - id: The run's id, which the file does not say.
  /// - Returns: The record, without configuration and info, which have files of their own.
  package static func record(from value: Value, id: String) -> RunRecord {
    let ours = value["grail"] ?? .null
    var record = RunRecord(
      key: ours["key"]?.textValue.flatMap { RunKey($0) }, id: id,
      experiment: experiment(from: value["experiment"] ?? .null),
      command: value["command"]?.textValue ?? "",
      status: RunStatus(rawValue: value["status"]?.textValue ?? ""))
    record.host = value["host"]?.mapValue ?? [:]
    record.meta = value["meta"]?.mapValue ?? [:]
    record.result = value["result"] ?? .null
    record.startTime = time(value["start_time"])
    record.heartbeat = time(value["heartbeat"])
    record.stopTime = time(value["stop_time"])
    record.queueTime = time(ours["queue_time"]) ?? time(record.meta["queue_time"])
    record.failTrace = texts(value["fail_trace"])
    record.configSources = (ours["config_sources"]?.mapValue ?? [:]).compactMapValues(\.textValue)
    record.group = ours["group"]?.textValue
    record.parent = ours["parent"]?.textValue
    record.arguments = texts(ours["arguments"])
    record.workingDirectory = ours["working_directory"]?.textValue
    record.executable = ours["executable"].flatMap(executable(from:))
    record.workingTrees = elements(ours["working_trees"]).compactMap(workingTree(from:))
    record.sessions = elements(ours["sessions"]).compactMap(session(from:))
    record.warnings = elements(ours["warnings"]).compactMap(warning(from:))
    record.progress = elements(ours["progress"]).compactMap(progress(from:))
    record.losses = losses(from: ours["losses"] ?? .null)
    record.output = ours["output"].flatMap(output(from:))
    record.deliveries = elements(ours["delivery"]).compactMap(delivery(from:))
    if ours["artifacts"] != nil {
      record.artifacts = elements(ours["artifacts"]).compactMap(artifact(from:))
    } else {
      record.artifacts = texts(value["artifacts"]).map { ArtifactRecord(name: $0, storedPath: $0) }
    }
    if ours["resources"] != nil {
      record.resources = elements(ours["resources"]).compactMap(resource(from:))
    } else {
      record.resources = elements(value["resources"]).compactMap { pair(of: $0) }
        .map { ResourceRecord(path: $0.0, storedPath: $0.1) }
    }
    return record
  }

  // MARK: - Parts

  private static func value(of experiment: ExperimentRecord) -> Value {
    [
      "name": .text(experiment.name), "base_dir": .text(experiment.baseDirectory),
      "mainfile": optional(experiment.mainFile), "sources": value(of: experiment.sources),
      "dependencies": .list(experiment.dependencies.map(Value.text)),
      "repositories": .list(experiment.repositories.map(Value.map)),
    ]
  }

  private static func experiment(from value: Value) -> ExperimentRecord {
    var record = ExperimentRecord(
      name: value["name"]?.textValue ?? "", baseDirectory: value["base_dir"]?.textValue ?? "",
      mainFile: value["mainfile"]?.textValue)
    record.sources = sources(from: value["sources"])
    record.dependencies = texts(value["dependencies"])
    record.repositories = elements(value["repositories"]).compactMap(\.mapValue)
    return record
  }

  static func value(of sources: [SourceRecord]) -> Value {
    .list(sources.map { .list([.text($0.path), .text($0.storedPath ?? $0.md5 ?? "")]) })
  }

  static func sources(from value: Value?) -> [SourceRecord] {
    elements(value).compactMap { pair(of: $0) }.map { path, stored in
      // A queued run of Sacred's has digests where others have paths.
      let isDigest = stored.utf8.count == 32 && stored.allSatisfy(\.isHexDigit)
      return isDigest
        ? SourceRecord(path: path, md5: stored) : SourceRecord(path: path, storedPath: stored)
    }
  }

  private static func value(of session: SessionRecord) -> Value {
    let process = session.process
    return [
      "number": .int(Int64(session.number)), "start_time": isoValue(session.startTime),
      "stop_time": isoValue(session.stopTime), "hostname": .text(process.hostname),
      "boot": optional(process.bootID), "pid": .int(process.processID),
      "process_start": process.processStart.map { .int(Int64(clamping: $0)) } ?? .null,
      "namespace": optional(process.processNamespace),
      "beat_interval": .double(Double(process.beatInterval) / 1_000_000),
      "lock": .bool(process.holdsLock),
    ]
  }

  private static func session(from value: Value) -> SessionRecord? {
    guard let number = value["number"]?.intValue, let start = time(value["start_time"]),
      let process = value["pid"]?.intValue
    else { return nil }
    let seconds = value["beat_interval"]?.doubleValue ?? 0
    return SessionRecord(
      number: Int(number), startTime: start, stopTime: time(value["stop_time"]),
      process: ProcessEvidence(
        hostname: value["hostname"]?.textValue ?? "", bootID: value["boot"]?.textValue,
        processID: process,
        processStart: value["process_start"]?.intValue.flatMap(UInt64.init(exactly:)),
        processNamespace: value["namespace"]?.textValue,
        beatInterval: Int64(exactly: (seconds * 1_000_000).rounded()) ?? 0,
        holdsLock: value["lock"]?.boolValue ?? false))
  }

  static func value(of artifact: ArtifactRecord) -> Value {
    [
      "name": .text(artifact.name), "path": .text(artifact.storedPath),
      "bytes": artifact.byteCount.map(Value.int) ?? .null, "sha256": optional(artifact.sha256),
      "content_type": optional(artifact.contentType), "metadata": artifact.metadata,
    ]
  }

  static func artifact(from value: Value) -> ArtifactRecord? {
    guard let name = value["name"]?.textValue, let path = value["path"]?.textValue else {
      return nil
    }
    return ArtifactRecord(
      name: name, storedPath: path, byteCount: value["bytes"]?.intValue,
      sha256: value["sha256"]?.textValue, contentType: value["content_type"]?.textValue,
      metadata: value["metadata"] ?? .null)
  }

  static func value(of resource: ResourceRecord) -> Value {
    [
      "path": .text(resource.path), "stored": .text(resource.storedPath),
      "bytes": resource.byteCount.map(Value.int) ?? .null, "md5": optional(resource.md5),
      "sha256": optional(resource.sha256),
    ]
  }

  static func resource(from value: Value) -> ResourceRecord? {
    guard let path = value["path"]?.textValue, let stored = value["stored"]?.textValue else {
      return nil
    }
    return ResourceRecord(
      path: path, storedPath: stored, byteCount: value["bytes"]?.intValue,
      md5: value["md5"]?.textValue, sha256: value["sha256"]?.textValue)
  }

  static func value(of warning: RunWarning) -> Value {
    ["time": isoValue(warning.time), "message": .text(warning.message)]
  }

  static func warning(from value: Value) -> RunWarning? {
    guard let time = time(value["time"]), let message = value["message"]?.textValue else {
      return nil
    }
    return RunWarning(time: time, message: message)
  }

  static func value(of report: ProgressRecord) -> Value {
    [
      "label": .text(report.label), "completed": .int(report.completed),
      "total": report.total.map(Value.int) ?? .null, "start_time": isoValue(report.startTime),
      "time": isoValue(report.time),
    ]
  }

  static func progress(from value: Value) -> ProgressRecord? {
    guard let label = value["label"]?.textValue, let completed = value["completed"]?.intValue,
      let start = time(value["start_time"]), let time = time(value["time"])
    else { return nil }
    return ProgressRecord(
      label: label, completed: completed, total: value["total"]?.intValue, startTime: start,
      time: time)
  }

  static func value(of losses: Losses) -> Value {
    var entries: Value.Entries = [
      "points": .int(losses.points), "events": .int(losses.events),
      "reason": optional(losses.reason),
    ]
    if losses.outputBytes > 0 { entries["output_bytes"] = .int(losses.outputBytes) }
    return .map(entries)
  }

  static func losses(from value: Value) -> Losses {
    Losses(
      points: value["points"]?.intValue ?? 0, events: value["events"]?.intValue ?? 0,
      outputBytes: value["output_bytes"]?.intValue ?? 0, reason: value["reason"]?.textValue)
  }

  private static func value(of output: OutputRecord) -> Value {
    [
      "capture": .text(output.capture.rawValue), "filter": .text(output.filter.rawValue),
      "redactions": .int(Int64(output.redactionCount)),
    ]
  }

  private static func output(from value: Value) -> OutputRecord? {
    guard let capture = value["capture"]?.textValue.flatMap(OutputCapture.init) else { return nil }
    return OutputRecord(
      capture: capture, filter: value["filter"]?.textValue.flatMap(OutputFilter.init) ?? .none,
      redactionCount: value["redactions"]?.intValue.flatMap(Int.init(exactly:)) ?? 0)
  }

  static func value(of delivery: DeliveryRecord) -> Value {
    [
      "observer": .text(delivery.observer), "offset": .int(delivery.offset),
      "undelivered": .int(delivery.undelivered), "given_up": .int(delivery.givenUp),
      "error": optional(delivery.error), "failing_since": isoValue(delivery.failingSince),
    ]
  }

  static func delivery(from value: Value) -> DeliveryRecord? {
    guard let observer = value["observer"]?.textValue else { return nil }
    return DeliveryRecord(
      observer: observer, offset: value["offset"]?.intValue ?? 0,
      undelivered: value["undelivered"]?.intValue ?? 0, givenUp: value["given_up"]?.intValue ?? 0,
      error: value["error"]?.textValue, failingSince: time(value["failing_since"]))
  }

  static func value(of ending: RunEnding) -> Value {
    [
      "status": .text(ending.status.rawValue), "time": isoValue(ending.time),
      "fail_trace": .list(ending.failTrace.map(Value.text)),
    ]
  }

  static func ending(from value: Value) -> RunEnding {
    RunEnding(
      status: RunStatus(rawValue: value["status"]?.textValue ?? ""), time: time(value["time"]),
      failTrace: texts(value["fail_trace"]))
  }

  // MARK: - Small forms

  static func optional(_ text: String?) -> Value { text.map(Value.text) ?? .null }

  static func isoValue(_ time: Timestamp?) -> Value {
    time.map { .text($0.isoText) } ?? .null
  }

  static func time(_ value: Value?) -> Timestamp? {
    value?.timeValue ?? value?.textValue.flatMap { Timestamp(isoText: $0) }
  }

  /// The elements of a list, or of a Python tuple.
  static func elements(_ value: Value?) -> [Value] {
    if case .opaque(let opaque) = value { return opaque.raw["py/tuple"]?.listValue ?? [] }
    return value?.listValue ?? []
  }

  static func texts(_ value: Value?) -> [String] { elements(value).compactMap(\.textValue) }

  static func pair(of value: Value) -> (String, String)? {
    let parts = elements(value).map(\.textValue)
    guard parts.count == 2, let first = parts[0], let second = parts[1] else { return nil }
    return (first, second)
  }
}

import GrailCore
import OrderedCollections

extension Occasion {
  /// The values of the fields of a message, by Sacred's names.
  var messageValues: Value.Entries {
    var values: Value.Entries = [
      // Sacred's ids are whole numbers where they can be.
      "_id": Int64(record.id).map { Value.int($0) } ?? .text(record.id),
      "experiment": .map(record.experiment.messageValues),
      "command": .text(record.command),
      "status": .text(record.status.rawValue),
      "config": .map(record.config),
      "host_info": .map(record.host),
      "start_time": Value(record.startTime),
    ]
    guard event.isEnd else { return values }
    let stop = Value(record.stopTime)
    values["stop_time"] = stop
    values["interrupt_time"] = stop
    values["fail_time"] = stop
    values["elapsed_time"] = .text(
      record.elapsed.map(ElapsedText.text(of:)) ?? "an unknown time")
    values["result"] = record.result
    values["error"] = .text(record.failError ?? "an error that was not recorded")
    values["fail_trace"] = .list(record.failTrace.map { .text($0) })
    values["backtrace"] = .text(record.failTrace.joined())
    return values
  }
}

extension Value {
  fileprivate init(_ time: Timestamp?) { self = time.map { .time($0) } ?? .null }
}

extension RunRecord {
  /// The line that says what error ended the run: the first, but Python says it last.
  var failError: String? {
    let lines = failTrace.flatMap { $0.split(whereSeparator: \.isNewline) }
      .filter { !$0.allSatisfy(\.isWhitespace) }
    let isPython = lines.first?.hasPrefix("Traceback ") ?? false
    return (isPython ? lines.last : lines.first).map { String($0).trimmed }
  }
}

extension ExperimentRecord {
  fileprivate var messageValues: Value.Entries {
    [
      "name": .text(name),
      "base_dir": .text(baseDirectory),
      "mainfile": mainFile.map { .text($0) } ?? .null,
      "sources": .list(
        sources.map { [.text($0.path), .text($0.storedPath ?? $0.md5 ?? "")] }),
      "dependencies": .list(dependencies.map { .text($0) }),
      "repositories": .list(repositories.map { .map($0) }),
    ]
  }
}

extension String {
  /// The text without white space at its ends.
  var trimmed: String {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}

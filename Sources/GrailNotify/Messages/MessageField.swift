import OrderedCollections

/// What a message can say of a run, by Sacred's names.
enum MessageField {
  /// What can be asked of a field's value before there is one.
  enum Kind: Hashable, Sendable {
    /// A text, without entries of its own.
    case text
    /// A moment, laid out by directives such as `%H:%M`.
    case time
    /// A map with these entries alone.
    case entries([String])
    /// A value that each run has of its own.
    case any
  }

  /// The fields of a text about the start of a run.
  static let ofStart: OrderedDictionary<String, Kind> = [
    "_id": .any, "experiment": .entries(experiment), "command": .text, "status": .text,
    "config": .any, "host_info": .any, "start_time": .time,
  ]

  /// The fields of a text about the end of a run.
  static let ofEnd: OrderedDictionary<String, Kind> = {
    var fields = ofStart
    fields["stop_time"] = .time
    fields["elapsed_time"] = .text
    fields["result"] = .any
    fields["error"] = .text
    fields["fail_trace"] = .any
    fields["backtrace"] = .text
    // Sacred's other names of the time of the end.
    fields["interrupt_time"] = .time
    fields["fail_time"] = .time
    return fields
  }()

  private static let experiment = [
    "name", "base_dir", "mainfile", "sources", "dependencies", "repositories",
  ]
}

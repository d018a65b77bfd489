import GrailCore

/// Where a run stands, as people read it: what the record says, and whether that can still be so.
struct StateText {
  /// The word, such as `COMPLETED` or `DIED`.
  var word: String
  /// What follows the word, such as `in 2m 05s`.
  var detail: String
  /// What to do about it; empty where nothing is to be done.
  var advice = ""

  var style: TextStyle { RunListing.style(of: word) }

  /// Describes a run.
  ///
  /// - Parameters:
  ///   - record: What is recorded of it.
  ///   - liveness: Whether its process still lives.
  ///   - now: The present moment.
  init(_ record: RunRecord, liveness: Liveness, now: Timestamp) {
    word = record.status.rawValue.isEmpty ? "UNKNOWN" : record.status.rawValue
    let elapsed = record.elapsed.map { TimeText.text(of: $0) }
    detail = elapsed.map { "in \($0)" } ?? ""
    switch (record.status, liveness) {
    case (.queued, _):
      detail = record.queueTime.map { "\(TimeText.age(of: $0, at: now))" } ?? ""
    case (.running, .alive):
      detail = record.startTime.map { "for \(TimeText.text(of: now.since($0)))" } ?? ""
    case (.running, .dead):
      word = "DIED"
      detail = elapsed.map { "after \($0)" } ?? ""
      advice = "its process is gone; 'grail doctor' finishes its record"
    case (.running, .probablyDead):
      word = "DIED?"
      detail = Self.silence(of: record, at: now)
      advice = "nothing was heard of it for long; 'grail doctor' finishes its record"
    case (.running, _):
      detail = Self.silence(of: record, at: now)
      advice = "its process cannot be seen from here"
    default: break
    }
  }

  private static func silence(of record: RunRecord, at now: Timestamp) -> String {
    (record.heartbeat ?? record.startTime).map {
      "last heard of \(TimeText.age(of: $0, at: now))"
    } ?? ""
  }
}

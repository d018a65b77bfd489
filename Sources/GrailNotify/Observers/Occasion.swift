import GrailCore
import OrderedCollections

/// One event of a run that is told, with the run as it was then.
struct Occasion: Sendable {
  /// What happened.
  var event: NotificationEvent
  /// The run.
  var key: RunKey
  /// The number of the run's events that came before.
  var offset: Int64
  /// The run as the event left it, as far as it is known.
  var record: RunRecord
}

extension RunEventBatch {
  /// What a batch has to tell.
  ///
  /// - Parameter events: The events that are wanted.
  /// - Returns: The occasions, in the order of the journal.
  func occasions(_ events: Set<NotificationEvent>) -> [Occasion] {
    self.events.enumerated().compactMap { index, event -> Occasion? in
      let found: (NotificationEvent, RunRecord)? =
        switch event {
        case .queued(let start): (.queued, atStart(start))
        case .started(let start): (.started, atStart(start))
        case .ended(let ending): atEnd(ending)
        default: nil
        }
      guard let (event, record) = found, events.contains(event) else { return nil }
      return Occasion(event: event, key: key, offset: offset + Int64(index), record: record)
    }
  }

  /// The run at its start, with what was found out about its machine since.
  private func atStart(_ start: RunRecord) -> RunRecord {
    var started = start
    started.host.merge(record.host) { first, _ in first }
    return started
  }

  private func atEnd(_ ending: RunEnding) -> (NotificationEvent, RunRecord) {
    var ended = record
    (ended.status, ended.stopTime, ended.failTrace) =
      (ending.status, ending.time, ending.failTrace)
    switch ending.status {
    case .completed: return (.completed, ended)
    case .failed: return (.failed, ended)
    default: return (.interrupted, ended)
    }
  }
}

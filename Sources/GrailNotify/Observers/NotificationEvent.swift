/// Something in a run's life that an observer can tell of.
public enum NotificationEvent: String, CaseIterable, Sendable {
  /// The run was written down to be run later.
  case queued
  /// A process took up the run.
  case started
  /// The run returned.
  case completed
  /// The run ended from outside, by its time limit, or with a status of its author's own.
  case interrupted
  /// The run ended by an error.
  case failed

  /// Whether it is an end of the run.
  var isEnd: Bool { self != .queued && self != .started }
}

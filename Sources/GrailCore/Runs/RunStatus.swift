/// Where a run stands, in the words of its record.
///
/// Sacred's words have a member each; an author may end a run with a word of their own, so any
/// text is a status.
public struct RunStatus: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
  /// The word of the record, such as `COMPLETED`.
  public var rawValue: String

  /// Creates a status from the word of a record.
  ///
  /// - Parameter rawValue: The word, upper case by custom.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The word of the record.
  public var description: String { rawValue }

  /// Written down to be run later.
  public static let queued = RunStatus(rawValue: "QUEUED")
  /// Started and not ended; whether its process still lives is its ``Liveness``.
  public static let running = RunStatus(rawValue: "RUNNING")
  /// Ended by returning.
  public static let completed = RunStatus(rawValue: "COMPLETED")
  /// Ended by an error.
  public static let failed = RunStatus(rawValue: "FAILED")
  /// Ended from outside.
  public static let interrupted = RunStatus(rawValue: "INTERRUPTED")
  /// Ended by its time limit.
  public static let timedOut = RunStatus(rawValue: "TIMEOUT")

  /// Whether the run is over.
  public var isFinal: Bool { self != .queued && self != .running }
}

/// Whether the process of a run that has not ended still lives, as far as can be told.
public enum Liveness: String, Hashable, Sendable {
  /// The run has ended, or was never started: no process is expected.
  case notExpected
  /// The run's process was seen.
  case alive
  /// The run's process is known to be gone.
  case dead
  /// The heart has not beaten for long, and the process cannot be seen from here.
  case probablyDead
  /// Nothing speaks for or against.
  case unknown
}

public import GrailCore

/// Ends a run with a status of the author's own, as `throw RunInterrupt("DIVERGED", "loss is NaN")`;
/// or says that one was ended from outside.
///
/// The run's record has the status, and the message as its trace. A program whose command throws it
/// ends with code 1.
public struct RunInterrupt: Error, Hashable, CustomStringConvertible {
  /// The status of the run.
  public var status: RunStatus
  /// Why it ended, in one line.
  public var message: String

  /// The message, or the status if there is none.
  public var description: String { message.isEmpty ? status.rawValue : message }

  /// Creates an error that ends a run with a status.
  ///
  /// - Parameters:
  ///   - status: The status, upper case by custom.
  ///   - message: Why the run ends, in one line.
  public init(_ status: RunStatus, _ message: String = "") {
    (self.status, self.message) = (status, message)
  }

  /// Creates an error that ends a run with a status.
  ///
  /// - Parameters:
  ///   - status: The word of the status, upper case by custom.
  ///   - message: Why the run ends, in one line.
  public init(_ status: String, _ message: String = "") {
    self.init(RunStatus(rawValue: status), message)
  }
}

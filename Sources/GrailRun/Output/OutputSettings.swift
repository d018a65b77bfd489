public import GrailCore

/// How a run's output is recorded.
public struct OutputSettings: Sendable {
  /// What is captured; `main()` captures the descriptors unless told otherwise, runs that code
  /// starts capture nothing.
  ///
  /// A process has one standard output, so one run at a time captures it. Others that ask for it
  /// meanwhile note that they do not, and record what they print by ``Run/print(_:separator:terminator:)``.
  public var capture = OutputCapture.no
  /// What readers and observers apply to the output; `cout.txt` has it as it was printed.
  public var filter = OutputFilter.terminal
  /// Regular expressions (POSIX, extended); what matches within a line is neither written nor shown.
  ///
  /// Lines are then written when they are whole: at their end, at a carriage return, after 64 KiB or at
  /// the end of the run.
  public var redactions: [String] = []

  /// Creates settings that capture nothing.
  public init() {}

  /// What stands for text that was redacted.
  static let replacement = "[redacted]"

  /// What the record says of the output.
  var record: OutputRecord {
    OutputRecord(capture: capture, filter: filter, redactionCount: redactions.count)
  }
}

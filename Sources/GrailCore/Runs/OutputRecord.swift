/// How a run's output was captured, and how it is to be read.
public struct OutputRecord: Hashable, Sendable {
  /// What was captured.
  public var capture: OutputCapture
  /// What readers apply to it.
  public var filter: OutputFilter
  /// The number of regular expressions whose matches were not written.
  public var redactionCount: Int

  /// Creates a description of a run's output.
  ///
  /// - Parameters:
  ///   - capture: What was captured.
  ///   - filter: What readers apply to it.
  ///   - redactionCount: The number of regular expressions whose matches were not written.
  public init(
    capture: OutputCapture, filter: OutputFilter = .terminal, redactionCount: Int = 0
  ) {
    (self.capture, self.filter, self.redactionCount) = (capture, filter, redactionCount)
  }
}

/// What of a program's output is captured.
public enum OutputCapture: String, Hashable, Sendable, CaseIterable {
  /// What the program and its children write to the descriptors 1 and 2.
  case fd
  /// The same, and both find a terminal there.
  case pty
  /// Nothing but what a run prints by its own `print`.
  case no
}

/// How recorded output is read.
public enum OutputFilter: String, Hashable, Sendable, CaseIterable {
  /// As a terminal shows it: carriage returns and backspaces overwrite.
  case terminal
  /// As it was printed.
  case none
}

/// One of the two streams that a program prints on.
public enum StandardStream: UInt8, Hashable, Sendable, CaseIterable {
  /// Standard output, descriptor 1.
  case output = 1
  /// Standard error, descriptor 2.
  case errors = 2
}

import ArgumentParser
package import GrailCore
import GrailRun
package import Logging

/// From which level on messages are shown, on the scale of Python's logging.
package struct LogLevel: Hashable, Sendable {
  /// The level, from 0 to 50.
  package var number: Int

  private static let names = [
    ("DEBUG", 10), ("INFO", 20), ("WARNING", 30), ("ERROR", 40), ("CRITICAL", 50),
  ]

  /// Reads a level.
  ///
  /// - Parameter text: A number from 0 to 50, or a name in upper or lower case.
  /// - Throws: `ValidationError` if it is neither.
  package init(parsing text: String) throws {
    let named = Self.names.first { $0.0 == text.uppercased() }?.1
    guard let number = named ?? Int(text), (0...50).contains(number) else {
      throw ValidationError(
        "write a number from 0 to 50, or one of \(Self.names.map(\.0).joined(separator: ", "))")
    }
    self.number = number
  }

  /// The nearest level of swift-log that shows all of these messages.
  package var level: Logger.Level {
    switch number {
    case ..<10: .trace
    case 10..<20: .debug
    case 20..<30: .info
    case 30..<40: .warning
    case 40..<50: .error
    default: .critical
    }
  }
}

/// The time between two heartbeats of a run.
package struct BeatInterval: Hashable, Sendable {
  /// The time; `nil` if the heart does not beat while the run goes on.
  package var duration: Duration?

  /// Creates an interval; none if it is not positive.
  package init(_ duration: Duration?) {
    self.duration = duration.flatMap { $0 > .zero ? $0 : nil }
  }

  /// Longer than any run, and short enough to count in microseconds.
  private static let longest = Duration.seconds(1_000_000_000)

  /// Reads an interval.
  ///
  /// - Parameter text: Seconds such as `10` or `0.5`, or numbers with units such as `1m30s`.
  /// - Throws: `ValidationError` if it is neither.
  package init(parsing text: String) throws {
    guard case .value(let duration) = DurationText.read(text), duration <= Self.longest else {
      throw ValidationError("write seconds such as 10, or a time such as 90s or 1h30m")
    }
    self.init(.microseconds(Int64((max(duration, .zero) / .microseconds(1)).rounded())))
  }
}

/// What of the output is recorded.
package struct CaptureMode: Hashable, Sendable {
  /// What is captured.
  package var capture: OutputCapture

  /// Reads a mode.
  ///
  /// - Parameter text: `fd` or `no`.
  /// - Throws: `ValidationError` if it is neither.
  package init(parsing text: String) throws {
    switch text {
    case "fd": capture = .fd
    case "no": capture = .no
    case "sys":
      throw ValidationError(
        "'sys' is Python's own streams, which Swift has not; write fd, or leave it out")
    default: throw ValidationError("write fd or no")
    }
  }
}

/// How long a run may take.
package struct TimeLimit: Hashable, Sendable {
  /// The time.
  package var duration: Duration

  /// Reads a limit.
  ///
  /// - Parameter text: Seconds such as `10` or `0.5`, or numbers with units such as `1h30m`.
  /// - Throws: `ValidationError` if it is neither, or not positive.
  package init(parsing text: String) throws {
    guard case .value(let duration) = DurationText.read(text), duration > .zero,
      duration <= .seconds(1_000_000_000)
    else { throw ValidationError("write seconds such as 90, or a time such as 90s or 1h30m") }
    self.duration = duration
  }
}

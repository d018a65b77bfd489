import GrailCore
import GrailRecord
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A screen that is drawn anew until Control-C, on the terminal's second page, so that what was there
/// before comes back.
struct LiveScreen {
  private let environment: [String: String]

  /// How long a drawing stays.
  private static let interval = Duration.seconds(2)
  private static let opening = "\u{1B}[?1049h\u{1B}[?25l"
  private static let closing: StaticString = "\u{1B}[?25h\u{1B}[?1049l"

  /// Creates a screen.
  ///
  /// - Throws: ``CommandFailure`` if the output is no terminal.
  init(_ context: CommandContext) throws {
    guard context.output.isInteractive else {
      throw CommandFailure.usage("--watch draws on a terminal, and the output is none")
    }
    environment = context.environment
  }

  /// Draws until Control-C, which ends the process with code 0.
  ///
  /// - Parameter lines: Makes the lines for a terminal, each without its end; those that there is no
  ///   room for are not shown.
  /// - Throws: What `lines` throws, once the terminal is as it was; ``Pager/OutputClosed`` if nobody
  ///   reads any more.
  func run(_ lines: (Terminal) throws -> [String]) async throws -> Never {
    Self.restoreAtSignals()
    try Self.write(Self.opening)
    defer { Self.restore() }
    while true {
      let terminal = Terminal(of: STDOUT_FILENO, environment: environment)
      let clock = TimeText.momentWithSeconds(SystemClock.now()).suffix(8)
      let foot = terminal.styled("\(clock) UTC, anew every 2 s; Control-C ends", .dim)
      try Self.write(Self.frame(try lines(terminal), foot: foot, height: terminal.height))
      try await Task.sleep(for: Self.interval)
    }
  }

  /// What is written to show lines in place of those that are there, without a flicker.
  static func frame(_ lines: [String], foot: String, height: Int) -> String {
    let shown = lines.prefix(max(1, height - 1)) + [foot]
    return "\u{1B}[H" + shown.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J"
  }

  private static func write(_ text: String) throws {
    do {
      try FileDescriptor.standardOutput.writeAll(text.utf8)
    } catch {
      throw Pager.OutputClosed()
    }
  }

  private static func restore() {
    #if canImport(Glibc)
      _ = Glibc.write(STDOUT_FILENO, closing.utf8Start, closing.utf8CodeUnitCount)
    #else
      _ = Darwin.write(STDOUT_FILENO, closing.utf8Start, closing.utf8CodeUnitCount)
    #endif
  }

  /// Has signals that end the process put the terminal back first.
  private static func restoreAtSignals() {
    // What a handler does must be safe at any moment: it writes and leaves. What it writes is made
    // before.
    _ = closing
    signal(SIGINT) { _ in
      LiveScreen.restore()
      _exit(0)
    }
    for end in [SIGTERM, SIGHUP] {
      signal(end) { number in
        LiveScreen.restore()
        _exit(128 + number)
      }
    }
  }
}

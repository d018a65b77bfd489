import GrailCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Shows how far a loop has come: a bar on a terminal, a line now and then elsewhere.
struct ProgressDisplay {
  private let label: String
  private let start: Timestamp
  // A bar is for who looks on: it is not part of the output that is recorded.
  private let isTerminal = isatty(OriginalOutput.errors) == 1
  private var next: Timestamp
  private var isShown = false

  /// The time between two changes of a bar, and between two lines.
  private static let barInterval: Int64 = 100_000
  private static let lineInterval: Int64 = 10_000_000

  init(label: String, start: Timestamp) {
    (self.label, self.start) = (label, start)
    let delay = isTerminal ? 0 : Self.lineInterval
    next = Timestamp(microseconds: start.microseconds + delay)
  }

  mutating func update(completed: Int, total: Int?, at now: Timestamp) {
    guard now >= next else { return }
    let interval = isTerminal ? Self.barInterval : Self.lineInterval
    next = Timestamp(microseconds: now.microseconds + interval)
    show(ProgressLine(label, completed: completed, total: total, elapsed: now.since(start)))
  }

  mutating func finish(completed: Int, total: Int?, at now: Timestamp) {
    // A short loop whose lines nobody waited for needs no line at its end.
    guard isTerminal || isShown else { return }
    show(ProgressLine(label, completed: completed, total: total, elapsed: now.since(start)))
    if isTerminal { write("\n") }
  }

  private mutating func show(_ line: ProgressLine) {
    isShown = true
    if isTerminal {
      write("\r\u{1B}[K" + line.bar(width: Self.terminalWidth))
      OriginalOutput.showsLine()
    } else {
      write(line.text + "\n")
    }
  }

  private func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    let file = isTerminal ? OriginalOutput.errors : STDERR_FILENO
    // A terminal that is stopped does not stop the run.
    var room = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
    guard !isTerminal || poll(&room, 1, 0) == 1 else { return }
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { unistd_write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  private static var terminalWidth: Int {
    var size = winsize()
    guard ioctl(OriginalOutput.errors, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return 80
    }
    return Int(size.ws_col)
  }
}

private func unistd_write(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}

/// What is shown of a loop.
struct ProgressLine {
  let label: String
  let completed: Int
  let total: Int?
  let seconds: Double

  init(_ label: String, completed: Int, total: Int?, elapsed: Duration) {
    (self.label, self.completed, self.total) = (label, completed, total)
    seconds = Double(elapsed.microseconds) / 1_000_000
  }

  /// The part that is done, if the whole is known.
  private var share: Double? {
    total.map { $0 > 0 ? min(Double(completed) / Double($0), 1) : 1 }
  }

  private var rate: String? {
    guard seconds > 0, completed > 0 else { return nil }
    let rate = Double(completed) / seconds
    return rate >= 1 ? "\(Self.short(rate))/s" : "\(Self.short(1 / rate)) s each"
  }

  private var remaining: String? {
    guard let total, completed > 0, completed < total else { return nil }
    return "ETA " + Self.clock(seconds / Double(completed) * Double(total - completed))
  }

  private var count: String { total.map { "\(completed)/\($0)" } ?? "\(completed)" }

  /// A line of text: `epochs 20/100 20% 4.1/s ETA 0:19`.
  var text: String {
    let percent = share.map { "\(Int($0 * 100))%" }
    return ([label, count] + [percent, rate, remaining ?? Self.clock(seconds)].compactMap { $0 })
      .joined(separator: " ")
  }

  /// A line with a bar that fits a width.
  func bar(width: Int) -> String {
    let percent = share.map {
      String(repeating: " ", count: $0 < 0.995 ? $0 < 0.095 ? 2 : 1 : 0)
        + "\(Int(($0 * 100).rounded()))%"
    }
    let facts = [count, rate, remaining ?? Self.clock(seconds)].compactMap { $0 }
    let tail = ([percent].compactMap { $0 } + facts).joined(separator: "  ")
    let room = width - 1 - label.count - tail.count - 4
    guard let share, room >= 8 else { return String("\(label)  \(tail)".prefix(max(width - 1, 0))) }
    let length = min(room, 40)
    let done = Int((share * Double(length)).rounded(.down))
    let bar =
      String(repeating: "━", count: done) + "\u{1B}[2m"
      + String(repeating: "━", count: length - done) + "\u{1B}[0m"
    return "\(label)  \(bar)  \(tail)"
  }

  /// A number in three digits.
  private static func short(_ number: Double) -> String {
    let (scaled, unit): (Double, String) =
      number >= 999_500
      ? (number / 1_000_000, "M")
      : number >= 999.5
        ? (number / 1000, "k")
        : (number, "")
    let places = scaled >= 99.5 ? 0 : 1
    let rounded = (scaled * (places == 1 ? 10 : 1)).rounded() / (places == 1 ? 10 : 1)
    return (places == 0 ? "\(Int(rounded))" : "\(rounded)") + unit
  }

  /// A time as `0:07`, `12:30` or `1:02:03`.
  static func clock(_ seconds: Double) -> String {
    let whole = seconds < 1e9 ? Int(seconds.rounded()) : 999_999_999
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0
      ? "\(hours):\(padded(minutes)):\(padded(whole % 60))" : "\(minutes):\(padded(whole % 60))"
  }
}

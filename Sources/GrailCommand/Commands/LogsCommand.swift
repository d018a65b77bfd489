import ArgumentParser
import GrailCore
import GrailRecord
import GrailStore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `grail logs`: what a run printed.
struct LogsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "Show what a run printed; -f follows it.",
    discussion: """
      grail logs last -f
      grail logs 12 --stderr --tail 20 --times
      """)

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp("The run: an id, last, last~2, or a query.", valueName: "run"),
    completion: Completions.runs)
  var run: String

  @Flag(name: .shortAndLong, help: "Go on until the run ends.") var follow = false
  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("The last lines alone.", valueName: "lines"))
  var tail: Int?
  @Option(help: ArgumentHelp("The first lines alone.", valueName: "lines")) var head: Int?
  @Flag(help: "What it printed on standard output alone.") var stdout = false
  @Flag(help: "What it printed on standard error alone.") var stderr = false
  @Flag(help: "Each line with the time at which it began, in UTC.") var times = false
  @Flag(help: "Every byte as it was printed, escape sequences too.") var raw = false

  func validate() throws {
    if tail != nil, head != nil { throw ValidationError("--head and --tail exclude each other") }
    for (name, count) in [("--tail", tail), ("--head", head)] {
      if let count, count < 0 {
        throw ValidationError("\(name) is a number of lines, not \(count)")
      }
    }
    if raw, times { throw ValidationError("--raw has nothing but the output: leave out --times") }
  }

  /// Where both are meant, no stream is chosen.
  private var stream: StandardStream? {
    stdout == stderr ? nil : stdout ? .output : .errors
  }

  func run() async throws {
    let context = CommandContext.current
    let named = try RunWords([run]).runs(in: stores)
    guard let only = named.first, named.count == 1 else {
      throw CommandFailure.usage(
        "'\(DisplayText(run))' names \(named.count) runs, and 'grail logs' shows one; name its id")
    }
    let (found, id) = (try only.open(), only.name)
    let isPaged = !follow && !raw
    let pager = Pager(
      terminal: isPaged ? context.output : Terminal(), environment: context.environment)
    var style = OutputPrinter.Style()
    style.isFiltered = !raw && found.reader.readsAsTerminal
    style.isForTerminal = !raw && context.output.isInteractive
    style.keepsColors = context.output.isColored
    style.showsTimes = times
    style.mostLines = head.map(Int64.init)
    var start: Int64 = 0
    if let tail {
      if stream == nil {
        start = try found.reader.startOfOutput(lastLines: tail)
      } else {
        style.skippedLines = max(0, try lineCount(of: found) - Int64(tail))
      }
    }
    var printer = OutputPrinter(style) { try pager.write(bytes: $0) }
    var parts = OutputParts(
      directory: found.reader.directory, stream: stream, findsTimes: times, from: start)
    if follow {
      try await follow(found, by: &parts, with: &printer, pager, context)
    } else {
      try print(&parts, with: &printer)
    }
    try printer.finish()
    try pager.close()
    if let stream, !parts.hasFound, !parts.isEmpty {
      throw CommandFailure(
        code: 1,
        message: parts.knowsStreams
          ? "run \(DisplayText(id)) printed nothing on standard \(stream == .output ? "output" : "error")"
          : "what run \(DisplayText(id)) printed was not recorded by streams; leave out --stdout and --stderr"
      )
    }
  }

  /// There is no more to be printed than what was.
  private struct EnoughPrinted: Error {}

  /// Prints what is there and was not printed.
  private func print(
    _ parts: inout OutputParts, with printer: inout OutputPrinter, isOver: Bool = true
  ) throws {
    do {
      try parts.read(isOver: isOver) { part in
        try printer.add(part)
        if printer.isDone { throw EnoughPrinted() }
      }
    } catch is EnoughPrinted {}
  }

  /// The number of lines of the chosen stream; one that is not ended counts.
  private func lineCount(of run: StoredDirectory) throws -> Int64 {
    var parts = OutputParts(directory: run.reader.directory, stream: stream)
    var (count, last): (Int64, UInt8) = (0, UInt8(ascii: "\n"))
    try parts.read(isOver: true) { part in
      count += Int64(part.bytes.count { $0 == UInt8(ascii: "\n") })
      last = part.bytes.last ?? last
    }
    return last == UInt8(ascii: "\n") ? count : count + 1
  }

  // MARK: - Following

  /// The time between two looks.
  private static let interval = Duration.milliseconds(250)
  /// What was printed last may be recorded so long after the run has ended.
  private static let patience = Duration.seconds(2)

  private func follow(
    _ run: StoredDirectory, by parts: inout OutputParts, with printer: inout OutputPrinter,
    _ pager: Pager, _ context: CommandContext
  ) async throws {
    if context.output.isColored { Self.endColorsAtInterrupt() }
    var watch = RunWatch(run)
    while try watch.goesOn(), !printer.isDone {
      try print(&parts, with: &printer, isOver: false)
      let terminal = Terminal(of: STDOUT_FILENO, environment: context.environment)
      try printer.showOpenLine(width: terminal.width)
      try pager.flush()
      try await Task.sleep(for: Self.interval)
    }
    let capture = watch.run.record.output?.capture
    let end = ContinuousClock.now + Self.patience
    while capture == .fd || capture == .pty, !parts.isEnded, !printer.isDone,
      ContinuousClock.now < end
    {
      try print(&parts, with: &printer, isOver: false)
      try await Task.sleep(for: .milliseconds(20))
    }
    try print(&parts, with: &printer)
    try printer.finish()
    if printer.isWithinLine, context.output.isInteractive { try pager.write("\n") }
    try pager.flush()
    guard context.errors.isInteractive else { return }
    let state = StateText(watch.run.record, liveness: watch.run.liveness, now: context.now)
    let id = DisplayText(watch.run.record.id)
    CommandContext.warn(
      context.errors.styled("run \(id): ", .dim)
        + context.errors.styled(DisplayText(state.word), state.style)
        + context.errors.styled(" \(DisplayText(state.detail))", .dim))
  }

  /// Has Control-C leave the terminal in its own colors; it ends the process as it would.
  private static func endColorsAtInterrupt() {
    _ = signal(SIGINT) { number in
      _ = write(STDOUT_FILENO, "\u{1B}[0m", 4)
      signal(number, SIG_DFL)
      raise(number)
    }
  }
}

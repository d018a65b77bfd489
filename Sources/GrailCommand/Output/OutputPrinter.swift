import GrailCore
import GrailRecord

/// Prints what a run printed, part by part: filtered, made safe for a terminal, cut to some lines, with
/// times.
struct OutputPrinter {
  /// How output is printed.
  struct Style {
    /// Whether carriage returns and backspaces overwrite, as on a terminal.
    var isFiltered = true
    /// Whether a terminal gets it, which must get nothing but text and colors.
    var isForTerminal = false
    var keepsColors = false
    var showsTimes = false
    /// The number of lines that are left out at the beginning.
    var skippedLines: Int64 = 0
    /// The most lines; `nil` for all.
    var mostLines: Int64?
  }

  private let style: Style
  private let write: ([UInt8]) throws -> Void
  private var filter = TerminalFilter()
  private var safe: SafeOutput
  private var skipped: Int64 = 0
  private var printed: Int64 = 0
  private var isLineStart = true
  private var isShownLineStart = true
  private var lineTime: Timestamp?
  /// What of the line that is not ended is shown until more is printed.
  private var openLine = DisplayText.empty

  private static let newline = UInt8(ascii: "\n")

  /// Creates a printer at the start of an output.
  ///
  /// - Parameters:
  ///   - style: How output is printed.
  ///   - write: Takes what is to be seen.
  init(_ style: Style, write: @escaping ([UInt8]) throws -> Void) {
    (self.style, self.write) = (style, write)
    safe = SafeOutput(keepsColors: style.keepsColors)
  }

  /// Whether what was printed ends within a line.
  var isWithinLine: Bool { !isShownLineStart }

  /// Whether all lines that were wanted are printed.
  var isDone: Bool { style.mostLines.map { printed >= $0 } ?? false }

  private var goesByLine: Bool {
    style.showsTimes || style.skippedLines > 0 || style.mostLines != nil
  }

  /// Prints the next part.
  mutating func add(_ part: OutputParts.Part) throws {
    guard goesByLine else { return try show(part.bytes[...]) }
    var rest = part.bytes[...]
    while !rest.isEmpty, !isDone {
      let end = rest.firstIndex(of: Self.newline).map { $0 + 1 }
      let line = rest[..<(end ?? rest.endIndex)]
      rest = rest[line.endIndex...]
      if isLineStart { lineTime = part.time }
      isLineStart = end != nil
      if skipped < style.skippedLines {
        if end != nil { skipped += 1 }
        continue
      }
      try show(line)
      if end != nil { printed += 1 }
    }
  }

  // MARK: - A line that is not ended

  /// Shows how far a line that is not ended has come, on a terminal whose user waits.
  ///
  /// A filter gives a line when it is over, and one that redraws itself, such as a bar of progress,
  /// may go on for hours. It is shown without its colors, and gives way to what is printed next.
  ///
  /// - Parameter width: The terminal's columns, which it must not fill.
  /// - Throws: What writing throws.
  mutating func showOpenLine(width: Int) throws {
    guard style.isFiltered, style.isForTerminal, isShownLineStart, !isDone else { return }
    var text: [UInt8] = []
    var safe = SafeOutput(keepsColors: false)
    safe.filter(filter.openLine, into: &text)
    safe.finish(into: &text)
    // A tab would go to where only the terminal knows.
    var line = String(decoding: text, as: UTF8.self).replacing("\t", with: " ")
    if style.showsTimes, !line.isEmpty { line = Self.prefix(lineTime) + line }
    let next = DisplayText(line, maximumWidth: max(0, width - 1))
    guard next != openLine else { return }
    try hideOpenLine()
    if next.width > 0 { try write(Array(next.text.utf8)) }
    openLine = next
  }

  private mutating func hideOpenLine() throws {
    guard openLine.width > 0 else { return }
    try write(Array("\r\(String(repeating: " ", count: openLine.width))\r".utf8))
    openLine = .empty
  }

  /// Prints what is left of a line that is not ended.
  mutating func finish() throws {
    try hideOpenLine()
    if style.isFiltered, !isDone {
      var line: [UInt8] = []
      filter.finish(into: &line)
      try print(line)
    }
    guard style.isForTerminal else { return }
    var rest: [UInt8] = []
    safe.finish(into: &rest)
    if !rest.isEmpty { try write(rest) }
  }

  private mutating func show(_ bytes: ArraySlice<UInt8>) throws {
    guard style.isFiltered else { return try print(Array(bytes)) }
    var lines: [UInt8] = []
    filter.filter(bytes, into: &lines)
    try print(lines)
  }

  private mutating func print(_ bytes: [UInt8]) throws {
    guard !bytes.isEmpty else { return }
    try hideOpenLine()
    var shown: [UInt8] = []
    if style.showsTimes, isShownLineStart { shown += Self.prefix(lineTime).utf8 }
    isShownLineStart = bytes.last == Self.newline
    if style.isForTerminal {
      safe.filter(bytes, into: &shown)
    } else {
      shown += bytes
    }
    try write(shown)
  }

  /// What stands before a line: its time in UTC, to the millisecond.
  private static func prefix(_ time: Timestamp?) -> String {
    guard let time else { return String(repeating: " ", count: 22) + "-  " }
    let thousandths = (time.microseconds % 1_000_000 + 1_000_000) % 1_000_000 / 1000
    let digits = String(thousandths)
    let zeros = String(repeating: "0", count: 3 - digits.utf8.count)
    return "\(TimeText.momentWithSeconds(time)).\(zeros)\(digits)  "
  }
}

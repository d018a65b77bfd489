import GrailCore
import GrailRecord

/// The last lines of what a run printed, as a terminal may show them.
struct OutputEnd {
  /// The lines without their ends, each with its colors turned off at its end.
  private(set) var lines: [String] = []
  /// Whether this is all of the output.
  private(set) var isWhole = true

  /// No more of the output is read.
  private static let mostBytes: Int64 = 256 << 10

  /// Reads the end of the output.
  ///
  /// - Parameters:
  ///   - reader: The run.
  ///   - lineCount: The number of lines.
  ///   - keepsColors: Whether colors are kept.
  init(of reader: RunReader, lineCount: Int, keepsColors: Bool) {
    var text: [UInt8] = []
    do {
      let start = try reader.startOfOutput(lastLines: lineCount, within: Self.mostBytes)
      isWhole = start == 0
      var parts = OutputParts(directory: reader.directory, from: start)
      var filter = TerminalFilter()
      let isFiltered = reader.readsAsTerminal
      try parts.read(isOver: true) { part in
        if isFiltered { filter.filter(part.bytes[...], into: &text) } else { text += part.bytes }
      }
      filter.finish(into: &text)
    } catch {
      lines = ["\(DisplayText("\(error)"))"]
      return
    }
    if text.last == UInt8(ascii: "\n") { text.removeLast() }
    guard !text.isEmpty else { return }
    var safe = SafeOutput(keepsColors: keepsColors)
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .suffix(lineCount)
    {
      var shown: [UInt8] = []
      safe.filter(line, into: &shown)
      safe.finish(into: &shown)
      lines.append(String(decoding: shown, as: UTF8.self))
    }
  }
}

extension RunReader {
  /// Whether its output is read as a terminal shows it, unless somebody wishes otherwise.
  var readsAsTerminal: Bool { (record.output?.filter ?? .terminal) == .terminal }
}

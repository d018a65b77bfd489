public import GrailCore
import GrailRecord

extension StoredRun {
  /// Reads what the run printed, as text.
  ///
  /// What is no text is replaced by U+FFFD. ``StoredRun/readOutput(_:into:)`` reads longer output part
  /// by part, and every byte as it was printed.
  ///
  /// - Parameters:
  ///   - stream: One stream alone; `nil` for both, and for what is known of neither.
  ///   - filter: How it is read; `nil` for the filter that the run's record names, without one as a
  ///     terminal shows it.
  /// - Returns: The text; an empty one where nothing was recorded.
  /// - Throws: An error of the store.
  public func output(
    _ stream: StandardStream? = nil, filter: OutputFilter? = nil
  ) throws -> String {
    var text: [UInt8] = []
    guard (filter ?? record.output?.filter ?? .terminal) == .terminal else {
      try readOutput(stream) { text += $0 }
      return String(decoding: text, as: UTF8.self)
    }
    var terminal = TerminalFilter()
    try readOutput(stream) { part in terminal.filter(part[...], into: &text) }
    terminal.finish(into: &text)
    return String(decoding: text, as: UTF8.self)
  }
}

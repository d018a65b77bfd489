public import GrailCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

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

  /// Makes sure that what is to be redacted can be, before anything is printed.
  ///
  /// - Throws: ``RunStartError`` that names the first redaction that is no regular expression by its
  ///   number, as its text may hold what is to be kept secret.
  package func validate() throws(RunStartError) {
    for (index, redaction) in redactions.enumerated() {
      var expression = regex_t()
      let result = regcomp(&expression, redaction, REG_EXTENDED)
      guard result != 0 else {
        regfree(&expression)
        continue
      }
      var text = [CChar](repeating: 0, count: 256)
      regerror(result, &expression, &text, text.count)
      let reason = String(
        decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      throw RunStartError(
        code: .invalidRedaction,
        message: "redaction \(index + 1) of the output is no extended regular expression: \(reason)"
      )
    }
  }

  /// What stands for text that was redacted.
  static let replacement = "[redacted]"

  /// What the record says of the output.
  var record: OutputRecord {
    OutputRecord(capture: capture, filter: filter, redactionCount: redactions.count)
  }
}

import CGrailRecord
import GrailCore
import GrailRecord
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Records the output of one run: what is captured, or what the run prints by itself.
final class OutputRecorder: Sendable {
  private let files: OutputFiles
  private let redactor: OutputRedactor
  private let captured = Mutex<CapturedOutput?>(nil)

  /// Makes the files.
  ///
  /// - Parameters:
  ///   - directory: The run's directory.
  ///   - key: The run's key.
  ///   - redactions: What is neither recorded nor shown.
  /// - Throws: The system's error.
  init(directory: String, key: RunKey, redactions: [String]) throws {
    redactor = OutputRedactor(redactions)
    files = try OutputFiles(directory: directory, key: key)
  }

  /// Begins to capture what the process prints.
  ///
  /// - Parameters:
  ///   - settings: How.
  ///   - directory: The run's directory.
  ///   - onLoss: Is called if the capturing processes are gone.
  ///   - onSharing: Is called, once, when another run begins in this process meanwhile.
  /// - Throws: ``CapturedOutput/Failure``.
  func capture(
    _ settings: OutputSettings, directory: String, onLoss: @escaping @Sendable () -> Void,
    onSharing: @escaping @Sendable () -> Void
  ) throws(CapturedOutput.Failure) {
    let started = try CapturedOutput(
      to: files, settings: settings, directory: directory, onLoss: onLoss, onSharing: onSharing)
    captured.withLock { $0 = started }
  }

  /// Prints a text on standard output as this run's.
  func print(_ text: String) {
    guard captured.withLock({ $0 == nil }) else { return Swift.print(text, terminator: "") }
    let text = redactor.redact(text)
    files.append(Array(text.utf8))
    // Past a capture of another run, which would take the text for its own.
    OriginalOutput.print(text)
  }

  /// Whether something that was printed could not be recorded.
  var hasLost: Bool { captured.withLock { $0.map { $0.lostByteCount > 0 } ?? false } }

  /// Ends the recording; the process prints to where it printed before.
  ///
  /// - Returns: What became of it.
  func finish() -> OutputEnd {
    captured.withLock { captured in
      if let captured { return captured.finish() }
      let end = files.end()
      return OutputEnd(lostCount: end.lostCount, lossReason: end.lossReason)
    }
  }

  /// Gives up what is kept, once the run's record is complete.
  func release() {
    captured.withLock { captured in
      captured?.release()
      captured = nil
    }
    files.close()
  }
}

/// What became of the recording of a run's output.
struct OutputEnd {
  /// The number of bytes that could not be recorded.
  var lostCount: Int64
  /// Why not, in a few words; `nil` if none is lost.
  var lossReason: String?
  /// Whether all others are recorded.
  var isComplete = true
}

/// The streams of this process as they are without a capture.
enum OriginalOutput {
  /// The descriptor of standard error.
  static var errors: Int32 { grail_output_original(STDERR_FILENO) }

  /// Says that standard error shows a line that is to give way to what is printed next.
  static func showsLine() { grail_output_shows_line() }

  /// Prints on standard output.
  static func print(_ text: String) {
    let original = grail_output_original(STDOUT_FILENO)
    guard original != STDOUT_FILENO else { return Swift.print(text, terminator: "") }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(original, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EINTR else { return }
      bytes = bytes.dropFirst(max(count, 0))
    }
  }
}

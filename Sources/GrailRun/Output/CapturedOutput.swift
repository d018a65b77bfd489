import CGrailRecord
import GrailCore
import GrailRecord
import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The capture of what this process and its children print, for one run.
///
/// Sendable although unchecked: the handle is constant, and used up by ``release()``, which the
/// run's end calls once.
final class CapturedOutput: @unchecked Sendable {
  private let handle: OpaquePointer
  private let loss: Unmanaged<LossReport>

  /// The capture of this process.
  private static let owner = Mutex(Owner())

  private struct Owner {
    /// Whether a capture goes on.
    var isTaken = false
    /// Is called when another run begins meanwhile.
    var onSharing: (@Sendable () -> Void)?
  }

  /// Says that a run begins: what it prints is in the output of the run that captures, if one does.
  static func noteRun() {
    let onSharing = owner.withLock { owner in
      defer { owner.onSharing = nil }
      return owner.onSharing
    }
    onSharing?()
  }

  private final class LossReport: Sendable {
    let report: @Sendable () -> Void
    init(_ report: @escaping @Sendable () -> Void) { self.report = report }
  }

  /// Why nothing is captured.
  enum Failure: Error {
    /// Another run of this process captures the output.
    case taken
    /// The system's refusal, or a redaction that is no regular expression.
    case refused(String)
  }

  /// Begins to capture.
  ///
  /// - Parameters:
  ///   - files: Where the output goes.
  ///   - settings: How it is captured.
  ///   - directory: The run's directory, whose record is completed if this process dies.
  ///   - onLoss: Is called if the capturing processes are gone.
  ///   - onSharing: Is called, once, when another run begins in this process meanwhile.
  /// - Throws: ``Failure``.
  init(
    to files: OutputFiles, settings: OutputSettings, directory: String,
    onLoss: @escaping @Sendable () -> Void, onSharing: @escaping @Sendable () -> Void
  ) throws(Failure) {
    let isFree = Self.owner.withLock { owner in
      guard !owner.isTaken else { return false }
      owner = Owner(isTaken: true, onSharing: onSharing)
      return true
    }
    guard isFree else { throw .taken }
    loss = Unmanaged.passRetained(LossReport(onLoss))
    let started = Self.start(files, settings, directory: directory, loss: loss)
    guard let started else {
      let reason =
        errno == EINVAL ? "a redaction is no regular expression" : String(cString: strerror(errno))
      loss.release()
      Self.owner.withLock { $0 = Owner() }
      throw .refused(reason)
    }
    handle = started
  }

  private static func start(
    _ files: OutputFiles, _ settings: OutputSettings, directory: String,
    loss: Unmanaged<LossReport>
  ) -> OpaquePointer? {
    var environment: [String] = []
    var variable = grail_environment()
    while let entry = variable?.pointee {
      environment.append(String(cString: entry))
      variable = variable?.advanced(by: 1)
    }
    environment.append("\(GRAIL_FINISH_VARIABLE)=\(directory)")
    return withTexts(environment) { environment in
      withTexts(settings.redactions) { redactions in
        OutputSettings.replacement.withCString { replacement in
          (CommandLine.arguments.first ?? "").withCString { program in
            var request = grail_output_settings()
            request.text = files.text.rawValue
            request.index = files.index.rawValue
            request.uses_terminal = settings.capture == .pty
            request.replacement = replacement
            request.last_argument = program
            request.context = loss.toOpaque()
            request.on_loss = { context in
              guard let context else { return }
              Unmanaged<LossReport>.fromOpaque(context).takeUnretainedValue().report()
            }
            return redactions.withMemoryRebound(
              to: UnsafePointer<CChar>?.self, capacity: settings.redactions.count + 1
            ) { redactions in
              request.redactions = UnsafePointer(redactions)
              request.last_environment = UnsafePointer(environment)
              return grail_output_start(&request)
            }
          }
        }
      }
    }
  }

  /// The number of bytes that could not be recorded so far.
  var lostByteCount: UInt64 { grail_output_lost(handle) }

  /// Ends the capture: what was printed is in the files, and 1 and 2 lead to where they led before.
  ///
  /// - Returns: What became of the recording.
  func finish() -> OutputEnd {
    let end = grail_output_finish(handle)
    return OutputEnd(
      lostCount: Int64(clamping: end.lost),
      lossReason: end.lost > 0 ? Errno(rawValue: end.loss_error).description : nil,
      isComplete: end.is_complete)
  }

  /// Says that the run's record is complete, after ``finish()``.
  func release() {
    grail_output_release(handle)
    loss.release()
    Self.owner.withLock { $0 = Owner() }
  }
}

/// Lends texts as C's arrays that end in NULL.
private func withTexts<Result>(
  _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers = texts.map { strdup($0) } + [nil]
  defer { for pointer in pointers { free(pointer) } }
  return pointers.withUnsafeMutableBufferPointer { buffer in
    // The array has one element at least, so it has an address.
    body(buffer.baseAddress.unsafelyUnwrapped)
  }
}

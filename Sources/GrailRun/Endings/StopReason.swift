import CGrailRecord
package import GrailCore

/// Why a run is to end before it is done.
package enum StopReason: Hashable, Sendable {
  /// A signal asked the process to end.
  case signal(Int32)
  /// The run has taken as long as it may.
  case timeLimit(Duration)

  /// The status of a run that ended for this reason.
  package var status: RunStatus {
    switch self {
    case .signal: .interrupted
    case .timeLimit: .timedOut
    }
  }

  /// How long observers are waited for once the run's end is recorded.
  package var deliveryLimit: Duration {
    switch self {
    // Whoever sent it may soon send another that nobody survives.
    case .signal: .seconds(2)
    case .timeLimit: .seconds(1_000_000)
    }
  }

  /// What was found, in one line.
  package var message: String {
    switch self {
    case .signal(let number): "\(SignalName.text(of: number)) asked the run to end"
    case .timeLimit(let limit): "the run reached its time limit of \(DurationText.text(of: limit))"
    }
  }
}

/// The names of signals.
enum SignalName {
  /// Returns the name of a signal, such as `SIGTERM`.
  static func text(of number: Int32) -> String {
    grail_signal_name(number).map { String(cString: $0) } ?? "signal \(number)"
  }
}

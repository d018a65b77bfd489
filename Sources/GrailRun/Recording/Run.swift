public import GrailCore
import GrailRecord
public import Logging
import OrderedCollections
import Synchronization

/// A run while it goes on.
///
/// Safe from any thread and task. What a call records is in the run's journal when it returns,
/// and survives the process from then on, also `kill -9`. Nothing here ends or slows a run: on a
/// full disk it goes on, and what could not be recorded is counted and said.
public class Run: @unchecked Sendable {
  // Sendable although unchecked, because a subclass knows the configuration's type: all stored
  // properties are constant and Sendable.
  package let recorder: Recorder
  package let inputs: RunInputs
  /// The dotted name of the part of the configuration that this is about; empty for the whole.
  package let path: String

  package init(recorder: Recorder, inputs: RunInputs, path: String = "") {
    (self.recorder, self.inputs, self.path) = (recorder, inputs, path)
  }

  /// What the run is known by in every store.
  public final var key: RunKey { recorder.key }

  /// What the run is known by in its store; the name of its directory.
  public final var id: String { recorder.id }

  /// The absolute path of the run's directory.
  public final var directory: String { recorder.directory }

  /// When the run started.
  public final var startTime: Timestamp { recorder.startTime }

  /// The run's logger, through which its own messages go too.
  public final var logger: Logger { recorder.logger }

  /// The run's record as it is now.
  public final var record: RunRecord { recorder.snapshot }

  // MARK: - Metrics

  /// Returns a handle of a metric, which logs quicker than by name.
  ///
  /// - Parameters:
  ///   - name: The metric's name; dots group by custom, as in `train.loss`.
  ///   - unit: The unit of its values, such as `nats` or `ms`. The first call for a name decides.
  /// - Returns: The metric; one for each name.
  public final func metric(_ name: String, unit: String? = nil) -> Metric {
    let recorder = recorder
    return recorder.metrics.withLock { table in
      table.metric(name) {
        Metric(
          writer: recorder.makeWriter(name, unit: unit), clock: recorder.metricClock)
      }
    }
  }

  /// Logs a number.
  ///
  /// - Parameters:
  ///   - name: The metric's name.
  ///   - value: The number; NaN and infinities are values too.
  ///   - step: Your own count, such as the epoch; without one, the step before plus one, first 0.
  public final func log(_ name: String, _ value: Double, step: Int? = nil) {
    metric(name).log(value, step: step)
  }

  /// Logs a number of single precision, which takes half the space of a double one.
  ///
  /// - Parameters:
  ///   - name: The metric's name.
  ///   - value: The number; NaN and infinities are values too.
  ///   - step: Your own count, such as the epoch; without one, the step before plus one, first 0.
  public final func log(_ name: String, _ value: Float, step: Int? = nil) {
    metric(name).log(value, step: step)
  }

  /// Logs a whole number.
  ///
  /// - Parameters:
  ///   - name: The metric's name.
  ///   - value: The number.
  ///   - step: Your own count, such as the epoch; without one, the step before plus one, first 0.
  public final func log(_ name: String, _ value: Int, step: Int? = nil) {
    metric(name).log(value, step: step)
  }

  /// Logs a value of any type that can be encoded.
  ///
  /// - Parameters:
  ///   - name: The metric's name.
  ///   - value: The value.
  ///   - step: Your own count, such as the epoch; without one, the step before plus one, first 0.
  public final func log(_ name: String, _ value: some Encodable, step: Int? = nil) {
    metric(name).log(value, step: step)
  }

  // MARK: - What a run notes about itself

  /// What the run notes about itself: `run.info["device"] = "gpu"`.
  public final var info: RunInfo { RunInfo(recorder: recorder) }

  /// The result; what the experiment returns replaces what is set here.
  ///
  /// Reading gives the recorded ``Value``.
  public final var result: any Encodable {
    get { recorder.snapshot.result }
    set { recorder.add(.result(Value(recording: newValue))) }
  }

  /// Notes on the run's record, and in its log, that something is not as it should be.
  ///
  /// - Parameter message: What was found, in one line.
  public final func warn(_ message: String) { recorder.warn(message) }

  /// Prints on standard output as this run's, whether or not its output is captured.
  ///
  /// What several runs of one process print by `Swift.print` cannot be told apart; this can.
  ///
  /// - Parameters:
  ///   - items: What is printed.
  ///   - separator: What stands between two items.
  ///   - terminator: What stands behind the last.
  public final func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
    recorder.print(items.map { "\($0)" }.joined(separator: separator) + terminator)
  }
}

/// What a run notes about itself, by name.
public struct RunInfo: Sendable {
  fileprivate let recorder: Recorder

  /// An entry; setting one records it at once, setting `nil` removes it.
  ///
  /// Reading gives the recorded ``Value``.
  ///
  /// - Parameter name: The entry's name.
  public subscript(name: String) -> (any Encodable)? {
    get { recorder.snapshot.info[name] }
    nonmutating set {
      recorder.add(.info(name: name, value: newValue.map { Value(recording: $0) }))
    }
  }
}

import GrailCore
import GrailRecord
import Synchronization

/// Ends one run before it is done: asks it, gives it a moment, cleans up, and writes its end.
///
/// Safe from any thread. Whoever comes first ends the run; the others wait for that.
package final class RunStop: Sendable {
  private let state = Monitor(State())

  private struct State {
    var reason: StopReason?
    var cancel: (@Sendable () -> Void)?
    var conclude: (@Sendable (StopReason) -> Void)?
    var isConcluding = false
    var isOver = false
  }

  /// What cleans up.
  package struct Hook: Sendable {
    /// What it does, as a part of a sentence.
    var activity: String
    /// How long it may take.
    var limit: Duration
    var body: @Sendable () throws -> Void

    /// Creates a hook.
    ///
    /// - Parameters:
    ///   - activity: What it does, as a part of a sentence.
    ///   - limit: How long it may take.
    ///   - body: What is run.
    package init(
      activity: String, limit: Duration, body: @escaping @Sendable () throws -> Void
    ) {
      (self.activity, self.limit, self.body) = (activity, limit, body)
    }
  }

  /// How long a run has to end by itself once it is asked to.
  package static let grace = Duration.seconds(1)

  /// Why the run is to end, if it is.
  package var reason: StopReason? { state.withLock { $0.reason } }

  /// Says how the run is asked to end, and how its end is written if it does not.
  ///
  /// - Parameters:
  ///   - cancel: Asks the run's task to end.
  ///   - conclude: Cleans up and writes the end; called once at most.
  package func begin(
    cancel: @escaping @Sendable () -> Void, conclude: @escaping @Sendable (StopReason) -> Void
  ) {
    let isLate = state.change { state in
      (state.cancel, state.conclude) = (cancel, conclude)
      return state.reason != nil
    }
    if isLate { cancel() }
  }

  /// Asks the run to end.
  ///
  /// - Parameter reason: Why; the first one counts.
  package func request(_ reason: StopReason) {
    let cancel = state.change { state in
      if state.reason == nil { state.reason = reason }
      return state.cancel
    }
    cancel?()
  }

  /// Waits until the run has ended by itself, and ends it if it does not.
  package func end() {
    let isOver = state.wait(atMost: Self.grace) { $0.isOver ? true : nil }
    if isOver == nil { concludeIfStopped() }
    // Whoever else ends it has limits of its own.
    _ = state.wait(atMost: .seconds(60)) { $0.isOver ? true : nil }
  }

  /// Cleans up and writes the end of a run that is to end, unless another does.
  ///
  /// - Returns: Whether the run was to end; its end is written then.
  @discardableResult
  package func concludeIfStopped() -> Bool {
    let task = state.change { state -> (StopReason, (@Sendable (StopReason) -> Void)?)? in
      guard let reason = state.reason, !state.isConcluding, !state.isOver else { return nil }
      state.isConcluding = true
      return (reason, state.conclude)
    }
    if let (reason, conclude) = task {
      conclude?(reason)
      over()
      return true
    }
    guard reason != nil else { return false }
    _ = state.wait(atMost: .seconds(60)) { $0.isOver ? true : nil }
    return true
  }

  /// Says that the run's end is written.
  package func over() {
    state.change { state in
      state.isOver = true
      (state.cancel, state.conclude) = (nil, nil)
    }
  }

  /// Waits until the run has ended or its time is over.
  ///
  /// - Parameter limit: How long it may take.
  /// - Returns: Whether it has ended.
  func waitForEnd(atMost limit: Duration) -> Bool {
    state.wait(atMost: limit) { $0.isOver ? true : nil } ?? false
  }
}

extension Recorder {
  /// Runs what cleans up, each within its limit.
  package func clean(up hooks: [RunStop.Hook]) {
    for hook in hooks {
      let outcome = Monitor<String?>(nil)
      note(activity: hook.activity)
      let isStarted = WorkerThread.detach {
        do {
          try hook.body()
          outcome.change { $0 = "" }
        } catch {
          outcome.change { $0 = "failed: \(error)" }
        }
      }
      let found = isStarted ? outcome.wait(atMost: hook.limit) { $0 } : "has no thread"
      let problem = found ?? "took longer than \(DurationText.text(of: hook.limit))"
      if !problem.isEmpty { warn("what \(hook.activity) \(problem)") }
    }
    note(activity: nil)
  }

  /// Ends the run when its time is over.
  ///
  /// - Parameters:
  ///   - limit: How long it may take; `nil` for as long as it takes.
  ///   - whenOver: Is called once the run was ended by its limit.
  package func limitTime(_ limit: Duration?, whenOver: @escaping @Sendable () -> Void) {
    guard let limit else { return }
    let stop = stop
    WorkerThread.detach {
      guard !stop.waitForEnd(atMost: limit) else { return }
      stop.request(.timeLimit(limit))
      stop.end()
      whenOver()
    }
  }
}

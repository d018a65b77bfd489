import GrailCore
import GrailRecord

// The observer's own code runs on a thread that may be lost: a call that does not come back is left
// behind, and the next one gets another.

extension ObserverFeed {
  /// More calls than these are not left behind; the observer is left alone until one returns.
  private static let mostAbandoned = 4

  /// Calls the observer, for a limited time.
  func call(_ batch: RunEventBatch) -> Result<Void, any Error> {
    let settings = context.settings
    let begun = control.change { control -> (Int, ObserverExecutor)? in
      guard control.abandoned.count < Self.mostAbandoned else { return nil }
      control.callCount += 1
      control.result = nil
      return (control.callCount, control.executor)
    }
    guard let (number, executor) = begun else {
      return .failure(
        DeliveryError("\(Self.mostAbandoned) calls of it have not returned"))
    }
    let task = Task(executorPreference: executor) { [self] in
      let result: Result<Void, any Error>
      do {
        try await observer.record(batch)
        result = .success(())
      } catch {
        result = .failure(error)
      }
      control.change { control in
        control.abandoned.remove(number)
        if control.callCount == number { control.result = (number, result) }
      }
    }
    let start = ContinuousClock.now
    // An end that comes meanwhile shortens the time.
    while true {
      let (left, hasEnd) = control.withLock { (Self.timeLeft($0), $0.end != nil) }
      let rest = min(
        settings.callLimit - (ContinuousClock.now - start), left ?? settings.callLimit)
      guard rest > .zero, !control.withLock({ $0.isStopped }) else { break }
      let result = control.wait(atMost: rest) { control -> Result<Void, any Error>?? in
        if let result = control.result?.1 { return .some(.some(result)) }
        return control.isStopped || hasEnd != (control.end != nil) ? .some(.none) : nil
      }
      if let result = result ?? nil { return result }
    }
    task.cancel()
    let isEnding = control.withLock { $0.isStopped || $0.end != nil }
    let grace = isEnding ? min(settings.grace, .milliseconds(500)) : settings.grace
    let late = control.wait(atMost: grace) { $0.result?.1 }
    if case .success? = late { return .success(()) }
    if late == nil {
      control.change { control in
        guard control.result == nil else { return }
        control.abandoned.insert(number)
        control.executor = ObserverExecutor()
      }
    }
    let time = DurationText.text(of: (ContinuousClock.now - start).rounded)
    return .failure(DeliveryError("no answer in \(time)"))
  }
}

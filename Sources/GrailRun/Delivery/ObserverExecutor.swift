import GrailRecord

/// A thread for what one observer does, so that it takes none of those that the run's tasks are on.
///
/// The thread is there while there is work, and a moment longer.
final class ObserverExecutor: TaskExecutor {
  private let state = Monitor(State())

  private struct State {
    var jobs: [UnownedJob] = []
    var hasThread = false
  }

  /// How long the thread waits for more.
  private static let patience = Duration.seconds(2)

  /// Takes a piece of work.
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let needsThread = state.change { state in
      state.jobs.append(job)
      defer { state.hasThread = true }
      return !state.hasThread
    }
    guard needsThread else { return }
    // Where the system gives no thread, whoever brings the work does it.
    let hasThread = WorkerThread.detach { [self] in
      WorkerThread.giveWay()
      work()
    }
    if !hasThread { work() }
  }

  private func work() {
    while true {
      let job = state.wait(atMost: Self.patience) { state -> UnownedJob? in
        state.jobs.isEmpty ? nil : state.jobs.removeFirst()
      }
      if let job {
        job.runSynchronously(on: asUnownedTaskExecutor())
        continue
      }
      let isOver = state.withLock { state in
        if state.jobs.isEmpty { state.hasThread = false }
        return state.jobs.isEmpty
      }
      if isOver { return }
    }
  }
}

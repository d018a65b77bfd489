import GrailRecord

/// Does something at regular times, on a thread of its own.
///
/// The heart beats also while a program's tasks keep every thread of the pool busy.
final class Heartbeat: Sendable {
  private let isStopping = Monitor(false)
  private let thread: WorkerThread?

  /// Starts to beat.
  ///
  /// - Parameters:
  ///   - interval: The time between two beats, and before the first; `nil` for none.
  ///   - begin: What is done at once, on the same thread.
  ///   - beat: What is done at each beat.
  init(
    every interval: Duration?, begin: @escaping @Sendable () -> Void,
    beat: @escaping @Sendable () -> Void
  ) {
    let isStopping = isStopping
    thread = WorkerThread {
      begin()
      while isStopping.wait(atMost: interval, until: { $0 ? true : nil }) == nil { beat() }
    }
  }

  /// Ends; a beat that is going on is waited for.
  func stop() {
    isStopping.change { $0 = true }
    thread?.join()
  }
}

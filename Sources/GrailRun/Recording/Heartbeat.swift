import GrailRecord

/// Does something at regular times, on a thread of its own.
///
/// The heart beats also while a program's tasks keep every thread of the pool busy.
final class Heartbeat: Sendable {
  private let isStopping = Monitor(false)
  private let thread: WorkerThread?

  /// The time before what is done soon.
  private static let delay = Duration.milliseconds(50)

  /// Starts to beat.
  ///
  /// - Parameters:
  ///   - interval: The time between two beats, and before the first; `nil` for none.
  ///   - begin: What is done soon, on the same thread; not at all if the end comes first.
  ///   - beat: What is done at each beat.
  init(
    every interval: Duration?, begin: @escaping @Sendable () -> Void,
    beat: @escaping @Sendable () -> Void
  ) {
    let isStopping = isStopping
    thread = WorkerThread {
      // What is over at once does it at its end, and need not wait for it twice.
      if isStopping.wait(atMost: Self.delay, until: { $0 ? true : nil }) == nil { begin() }
      while isStopping.wait(atMost: interval, until: { $0 ? true : nil }) == nil { beat() }
    }
  }

  /// Ends; a beat that is going on is waited for.
  func stop() {
    isStopping.change { $0 = true }
    thread?.join()
  }
}

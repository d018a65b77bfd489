import GrailRecord

/// Does something at regular times, on a thread of its own.
///
/// The heart beats also while a program's tasks keep every thread of the pool busy.
final class Heartbeat: Sendable {
  private let isStopping = Monitor(false)
  private let thread: WorkerThread?

  /// Starts to beat, the first time at once.
  ///
  /// - Parameters:
  ///   - interval: The time between two beats; `nil` for none after the first.
  ///   - beat: What is done.
  init(every interval: Duration?, _ beat: @escaping @Sendable () -> Void) {
    let isStopping = isStopping
    thread = WorkerThread {
      repeat {
        beat()
      } while isStopping.wait(atMost: interval, until: { $0 ? true : nil }) == nil
    }
  }

  /// Ends; a beat that is going on is waited for.
  func stop() {
    isStopping.change { $0 = true }
    thread?.join()
  }
}

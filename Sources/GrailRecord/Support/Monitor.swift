#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// State behind a lock, with threads that wait until it changes.
///
/// For what waits on slow things such as a disk; where nothing waits, `Mutex` is the lock.
///
/// Sendable although unchecked: the state is reached only while the lock is held.
package final class Monitor<State>: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var state: State

  package init(_ state: sending State) {
    self.state = state
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs a closure with the state, alone.
  package func withLock<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&state)
  }

  /// Lets others at the state until it changes or the time is over; call it with the lock held.
  ///
  /// The state may have changed in any way on return.
  ///
  /// - Parameter limit: How long to wait at most; without one, until a change.
  /// - Returns: Whether there was a change; may be true without one.
  package func wait(_ limit: Duration? = nil) -> Bool {
    guard let limit else { return pthread_cond_wait(condition, mutex) == 0 }
    var end = timespec()
    clock_gettime(CLOCK_REALTIME, &end)
    let nanoseconds =
      limit.components.seconds * 1_000_000_000
      + limit.components.attoseconds / 1_000_000_000 + Int64(end.tv_nsec)
    end.tv_sec += Int(nanoseconds / 1_000_000_000)
    end.tv_nsec = Int(nanoseconds % 1_000_000_000)
    return pthread_cond_timedwait(condition, mutex, &end) == 0
  }

  /// Wakes all who wait; call it with the lock held.
  package func signalChange() { pthread_cond_broadcast(condition) }
}

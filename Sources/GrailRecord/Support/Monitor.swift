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

  /// Waits until the state is as wanted.
  ///
  /// Others change the state between two calls of the closure, never during one.
  ///
  /// - Parameters:
  ///   - limit: How long to wait at most; without one, until the closure returns something.
  ///   - attempt: Looks at the state, alone, at first and after each change; `nil` waits on.
  /// - Returns: What the closure returned; `nil` if the time is over.
  package func wait<Result>(
    atMost limit: Duration? = nil, until attempt: (inout State) throws -> Result?
  ) rethrows -> Result? {
    var end = timespec()
    if let limit {
      clock_gettime(CLOCK_REALTIME, &end)
      let nanoseconds =
        limit.components.seconds * 1_000_000_000
        + limit.components.attoseconds / 1_000_000_000 + Int64(end.tv_nsec)
      end.tv_sec += Int(nanoseconds / 1_000_000_000)
      end.tv_nsec = Int(nanoseconds % 1_000_000_000)
    }
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let result = try attempt(&state) { return result }
      if limit == nil {
        pthread_cond_wait(condition, mutex)
      } else if pthread_cond_timedwait(condition, mutex, &end) == ETIMEDOUT {
        return try attempt(&state)
      }
    }
  }

  /// Runs a closure with the state, alone, and wakes all who wait for a change.
  package func change<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
    defer { pthread_cond_broadcast(condition) }
    return try withLock(body)
  }
}

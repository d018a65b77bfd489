import CGrailRecord

#if canImport(Glibc)
  import Glibc
#endif

/// A thread of the system's own.
///
/// What must go on while a program's tasks keep every thread of the cooperative pool busy, such
/// as the beat of a run's heart, cannot be a task.
package final class WorkerThread: @unchecked Sendable {
  // Sendable although unchecked: the handle is set once, and used up by whoever joins.
  private let handle: OpaquePointer

  /// Starts a thread; `nil` if the system refuses another.
  ///
  /// - Parameter body: What the thread does; it ends when this returns.
  package init?(_ body: @escaping @Sendable () -> Void) {
    guard let handle = Self.start(body, isDetached: false) else { return nil }
    self.handle = handle
  }

  /// Runs a closure on a thread that nobody waits for.
  ///
  /// - Parameter body: What the thread does.
  /// - Returns: Whether the system gave a thread.
  @discardableResult
  package static func detach(_ body: @escaping @Sendable () -> Void) -> Bool {
    start(body, isDetached: true) != nil
  }

  /// Makes the thread that calls this give way to all others where there is too little for all.
  package static func giveWay() {
    // Elsewhere than on Linux the call would be about the whole process.
    #if os(Linux)
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    #endif
  }

  /// Waits until the thread has ended; call it once.
  package func join() { grail_thread_join(handle) }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private static func start(
    _ body: @escaping @Sendable () -> Void, isDetached: Bool
  ) -> OpaquePointer? {
    let box = Unmanaged.passRetained(Body(body))
    let handle = grail_thread_start(
      { context in
        guard let context else { return }
        Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
      }, box.toOpaque(), isDetached)
    if handle == nil { box.release() }
    return handle
  }
}

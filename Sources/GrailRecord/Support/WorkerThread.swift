#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A thread of the system's own.
///
/// What must go on while a program's tasks keep every thread of the cooperative pool busy, such
/// as the beat of a run's heart, cannot be a task.
package struct WorkerThread: @unchecked Sendable {
  // Sendable although unchecked: a thread's handle is a plain value.
  private let handle: pthread_t

  /// Starts a thread.
  ///
  /// - Parameter body: What the thread does; it ends when this returns.
  /// - Returns: `nil` if the system refuses another thread.
  package init?(_ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Body(body))
    #if canImport(Darwin)
      var handle: pthread_t?
    #else
      var handle: pthread_t? = pthread_t()
    #endif
    guard Self.create(&handle, box.toOpaque()) == 0, let handle else {
      box.release()
      return nil
    }
    self.handle = handle
  }

  /// Waits until the thread has ended; call it once.
  package func join() { pthread_join(handle, nil) }

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private static func create(
    _ handle: inout pthread_t?, _ context: UnsafeMutableRawPointer
  ) -> Int32 {
    #if canImport(Darwin)
      return pthread_create(&handle, nil, { run(in: $0) }, context)
    #else
      var thread = pthread_t()
      defer { handle = thread }
      return pthread_create(&thread, nil, { run(in: $0) }, context)
    #endif
  }

  private static func run(in context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
    return nil
  }
}

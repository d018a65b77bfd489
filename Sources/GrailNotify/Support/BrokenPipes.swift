#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the process does about a pipe whose reader is gone.
///
/// SwiftNIO makes a process on Linux ignore the signal with its first socket. What ignores it is
/// handed on to every program that the process starts, where `yes | head` then never ends; a
/// function that does nothing is not.
enum BrokenPipes {
  /// Calls a closure, after which the signal is handled as before, or by a function that does nothing.
  ///
  /// - Parameter body: Makes the process ignore the signal.
  static func keepingHandler(_ body: () -> Void) {
    var before = sigaction()
    guard sigaction(SIGPIPE, nil, &before) == 0 else { return body() }
    body()
    let isDefault: Bool
    #if canImport(Darwin)
      isDefault = before.__sigaction_u.__sa_handler == nil
    #elseif canImport(Musl)
      isDefault = before.__sa_handler.sa_handler == nil
    #else
      isDefault = before.__sigaction_handler.sa_handler == nil
    #endif
    if isDefault {
      let nothing: @convention(c) (Int32) -> Void = { _ in }
      #if canImport(Darwin)
        before.__sigaction_u.__sa_handler = nothing
      #elseif canImport(Musl)
        before.__sa_handler.sa_handler = nothing
      #else
        before.__sigaction_handler.sa_handler = nothing
      #endif
      before.sa_flags = SA_RESTART
    }
    _ = sigaction(SIGPIPE, &before, nil)
  }
}

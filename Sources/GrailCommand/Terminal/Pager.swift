import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The output of a command, shown by a pager where it is longer than the screen.
///
/// Output that is no terminal's, and what fits the screen, is written as it is. Who quits the pager,
/// or closes the pipe, has seen enough: ``write(_:)`` then throws ``OutputClosed``, with which a
/// command ends without another word.
///
/// Not sendable: one task writes, and closes it at the end.
package final class Pager {
  /// Nobody reads any more.
  package struct OutputClosed: Error {}

  private let terminal: Terminal
  private let environment: [String: String]
  private let output: Int32
  private var buffer: [UInt8] = []
  private var lineCount = 0
  private var state = State.waiting
  private var usualInterrupt: (@convention(c) (Int32) -> Void)?

  private enum State {
    /// It is not known yet whether the output fits the screen.
    case waiting
    case direct
    case paged(process: pid_t, input: Int32)
    case closed
  }

  private static let bufferSize = 1 << 16

  /// Creates an output.
  ///
  /// A pipe that is closed must be an answer, so from here on SIGPIPE does nothing.
  ///
  /// - Parameters:
  ///   - terminal: What the output can show.
  ///   - environment: The process's variables.
  ///   - output: The output's descriptor.
  package init(
    terminal: Terminal, environment: [String: String], output: Int32 = STDOUT_FILENO
  ) {
    (self.terminal, self.environment, self.output) = (terminal, environment, output)
    if !terminal.isInteractive { state = .direct }
    signal(SIGPIPE) { _ in }
  }

  /// Writes a text.
  ///
  /// - Parameter text: Whole lines, or parts of them.
  /// - Throws: ``OutputClosed`` if nobody reads any more; the system's error.
  package func write(_ text: String) throws { try write(bytes: Array(text.utf8)) }

  /// Writes bytes as they are.
  ///
  /// - Parameter bytes: The bytes, which may end anywhere.
  /// - Throws: ``OutputClosed`` if nobody reads any more; the system's error.
  package func write(bytes: [UInt8]) throws {
    if case .closed = state { throw OutputClosed() }
    buffer += bytes
    if case .waiting = state {
      lineCount += bytes.count { $0 == UInt8(ascii: "\n") }
      guard lineCount >= terminal.height else { return }
      startPager()
    }
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes what is left, and waits until the pager's user has seen enough.
  ///
  /// - Throws: ``OutputClosed`` if nobody reads any more; the system's error.
  package func close() throws {
    if case .closed = state { return }
    defer { end() }
    if case .waiting = state { state = .direct }
    try flush()
  }

  deinit { end() }

  // MARK: - The pager

  private func startPager() {
    state = .direct
    guard let command = PagerCommand(environment: environment) else { return }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { Self.closeFile(ends[0]) }
    guard let process = spawn(command, input: ends[0]) else {
      Self.closeFile(ends[1])
      return
    }
    // Control-C is the pager's while it shows. A handler, not SIG_IGN, which programs that are started
    // meanwhile would take over.
    usualInterrupt = signal(SIGINT) { _ in }
    state = .paged(process: process, input: ends[1])
  }

  private func spawn(_ command: PagerCommand, input: Int32) -> pid_t? {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    var usual = sigset_t()
    sigemptyset(&usual)
    sigaddset(&usual, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var words = command.words.map { strdup($0) } + [nil]
    // What is written is UTF-8, whatever the locale says.
    let environment = environment.merging(["LESSCHARSET": "utf-8"]) { own, _ in own }
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var process: pid_t = 0
    let result = posix_spawn(&process, command.words[0], &actions, &attributes, &words, &variables)
    return result == 0 ? process : nil
  }

  private func end() {
    if case .paged(let process, let input) = state {
      Self.closeFile(input)
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0, errno == EINTR { continue }
      if let usualInterrupt { signal(SIGINT, usualInterrupt) }
    }
    state = .closed
  }

  // MARK: - Writing

  /// Writes what was held back.
  ///
  /// - Throws: ``OutputClosed`` if nobody reads any more; the system's error.
  func flush() throws {
    var file = output
    if case .paged(_, let input) = state { file = input }
    defer { buffer.removeAll(keepingCapacity: true) }
    var written = 0
    while written < buffer.count {
      let result = buffer.withUnsafeBytes { bytes in
        unistdWrite(file, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if result > 0 {
        written += result
        continue
      }
      let error = errno
      switch error {
      case EINTR: continue
      case EAGAIN:
        var wait = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
        _ = poll(&wait, 1, 1000)
      case EPIPE:
        buffer.removeAll()
        end()
        throw OutputClosed()
      default: throw Errno(rawValue: error)
      }
    }
  }

  private static func closeFile(_ file: Int32) {
    #if canImport(Glibc)
      _ = Glibc.close(file)
    #elseif canImport(Darwin)
      _ = Darwin.close(file)
    #endif
  }
}

private func unistdWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}

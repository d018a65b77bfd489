import Foundation
import TestSupport
import Testing

/// The tool `grail` on a terminal of 80 columns and 24 lines.
final class GrailTerminal {
  private let store: TestStore
  private let process: Process
  private let terminal: Int32
  /// What the terminal was sent.
  private(set) var shown = ""

  /// Starts the tool.
  ///
  /// - Parameters:
  ///   - arguments: The words behind `grail`.
  ///   - store: The store.
  ///   - environment: Further variables.
  /// - Throws: The system's error, if it cannot be started.
  init(_ arguments: [String], in store: TestStore, environment: [String: String] = [:]) throws {
    self.store = store
    terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    let name = try #require(Self.otherSide(of: terminal))
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
    let file = try #require(FileHandle(forUpdatingAtPath: name))
    process = GrailProgram.process(
      arguments, in: store,
      environment: ["TERM": "xterm", "PAGER": "cat"].merging(environment) { $1 })
    process.standardInput = FileHandle.nullDevice
    (process.standardOutput, process.standardError) = (file, file)
    try process.run()
    try file.close()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    close(terminal)
  }

  /// Where a program finds its side of a terminal.
  private static func otherSide(of terminal: Int32) -> String? {
    #if canImport(Darwin)
      guard grantpt(terminal) == 0, unlockpt(terminal) == 0 else { return nil }
      return ptsname(terminal).map { String(cString: $0) }
    #else
      // What TIOCSPTLCK and TIOCGPTN stand for.
      var (lock, number): (Int32, UInt32) = (0, 0)
      guard ioctl(terminal, 0x4004_5431, &lock) == 0, ioctl(terminal, 0x8004_5430, &number) == 0
      else { return nil }
      return "/dev/pts/\(number)"
    #endif
  }

  /// Waits until a text is shown, behind what was there when it was waited for last.
  ///
  /// - Parameter text: The text, with what steers the terminal.
  /// - Returns: What was shown up to the text's end.
  /// - Throws: An expectation, if the text does not come.
  @discardableResult
  func wait(for text: String) throws -> String {
    let end = ContinuousClock.now + .seconds(30)
    while true {
      if let range = shown.range(of: text) {
        let before = String(shown[..<range.upperBound])
        shown.removeSubrange(..<range.upperBound)
        return before
      }
      try #require(
        ContinuousClock.now < end,
        "in vain for \(text.debugDescription) in \(shown.debugDescription)")
      try #require(read(), "ended without \(text.debugDescription) in \(shown.debugDescription)")
    }
  }

  /// Presses Control-C.
  func interrupt() { process.interrupt() }

  /// Waits for the tool's end.
  ///
  /// - Returns: The exit code, and what was shown that nobody waited for.
  /// - Throws: An expectation, if it does not end.
  func end() throws -> (code: Int32, shown: String) {
    let end = ContinuousClock.now + .seconds(30)
    while read() { try #require(ContinuousClock.now < end, "it does not end") }
    process.waitUntilExit()
    return (process.terminationStatus, shown)
  }

  /// Reads what is sent within a moment; `false` if no more will be.
  private func read() -> Bool {
    var wait = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
    guard poll(&wait, 1, 100) > 0 else { return true }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = Foundation.read(terminal, &bytes, bytes.count)
    guard count > 0 else { return false }
    shown += String(decoding: bytes[..<count], as: UTF8.self)
    return true
  }
}

import CGrailRecord

/// What the program does before there is a run, for the line that a crash prints.
package enum CrashNote {
  /// Runs a closure and keeps what it does, so that a crash there says so.
  ///
  /// - Parameters:
  ///   - activity: What the closure does, as a part of a sentence.
  ///   - body: The closure.
  /// - Returns: What the closure returns.
  /// - Throws: What the closure throws.
  package static func during<Result>(
    _ activity: @autoclosure () -> String, _ body: () throws -> Result
  ) rethrows -> Result {
    // Without `main()` nobody prints the line.
    guard ProcessEnd.isTaken else { return try body() }
    grail_crash_say(activity())
    defer { grail_crash_say(nil) }
    return try body()
  }
}

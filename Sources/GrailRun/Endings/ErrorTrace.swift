package import GrailCore

/// What a record says of an error: its type and text, and those of what caused it.
enum ErrorTrace {
  /// No error is looked into deeper than this.
  private static let depthLimit = 8

  /// Returns the lines that say what an error was, each with its line break.
  static func lines(of error: any Error) -> [String] {
    var lines: [String] = []
    var next: (any Error)? = error
    while let error = next, lines.count < depthLimit {
      let start = lines.isEmpty ? "" : "Caused by "
      lines.append("\(start)\(String(reflecting: type(of: error))): \(error)\n")
      next = cause(in: error, depth: 0)
    }
    return lines
  }

  /// Finds the error that another one holds, as `DecodingError` does.
  private static func cause(in value: Any, depth: Int) -> (any Error)? {
    guard depth < 4 else { return nil }
    for child in Mirror(reflecting: value).children {
      if let error = child.value as? any Error { return error }
      if let found = cause(in: child.value, depth: depth + 1) { return found }
    }
    return nil
  }
}

extension Recorder {
  /// Ends the run because of an error.
  ///
  /// - Parameter error: What the command threw.
  /// - Returns: The record.
  package func finish(endingBy error: any Error) -> RunRecord {
    if let interrupt = error as? RunInterrupt {
      let trace = interrupt.message.isEmpty ? [] : ["\(interrupt.message)\n"]
      return finish(interrupt.status, failTrace: trace)
    }
    return finish(
      error is CancellationError ? .interrupted : .failed, failTrace: ErrorTrace.lines(of: error))
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Takes out of a text what regular expressions match, as the capturing process does.
///
/// Sendable although unchecked: the expressions are compiled once, and matching changes none.
final class OutputRedactor: @unchecked Sendable {
  private let expressions: UnsafeMutableBufferPointer<regex_t>

  /// Compiles expressions; one that is none is left out, as settings that hold such begin no run.
  init(_ redactions: [String]) {
    var compiled: [regex_t] = []
    for redaction in redactions {
      var expression = regex_t()
      if regcomp(&expression, redaction, REG_EXTENDED) == 0 { compiled.append(expression) }
    }
    expressions = .allocate(capacity: compiled.count)
    _ = expressions.initialize(from: compiled)
  }

  deinit {
    for index in expressions.indices { regfree(&expressions[index]) }
    expressions.deallocate()
  }

  /// Returns a text without what is matched within a line.
  func redact(_ text: String) -> String {
    guard !expressions.isEmpty else { return text }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { redact(line: Array($0.utf8)) }.joined(separator: "\n")
  }

  private func redact(line: [UInt8]) -> String {
    var result: [UInt8] = []
    var rest = line[...]
    var isStart = true
    while let match = firstMatch(in: Array(rest), isStart: isStart) {
      result += rest.prefix(match.lowerBound)
      result += OutputSettings.replacement.utf8
      rest = rest.dropFirst(match.upperBound)
      isStart = false
    }
    return String(decoding: result + rest, as: UTF8.self)
  }

  /// The first match that is not empty; of several that begin there, the longest.
  private func firstMatch(in line: [UInt8], isStart: Bool) -> Range<Int>? {
    // The library's texts end at the first zero.
    let text = line.map { CChar(bitPattern: $0 == 0 ? 1 : $0) } + [0]
    var found: Range<Int>?
    for index in expressions.indices {
      var match = regmatch_t()
      guard regexec(&expressions[index], text, 1, &match, isStart ? 0 : REG_NOTBOL) == 0,
        match.rm_eo > match.rm_so
      else { continue }
      let range = Int(match.rm_so)..<Int(match.rm_eo)
      guard let first = found else {
        found = range
        continue
      }
      let isBetter =
        range.lowerBound < first.lowerBound
        || range.lowerBound == first.lowerBound && range.upperBound > first.upperBound
      if isBetter { found = range }
    }
    return found
  }
}

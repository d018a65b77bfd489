import GrailCore
import SystemPackage

/// Reads what an index says of a run's output, while it grows or later.
package struct OutputIndex: Sendable {
  /// The pieces of the output in order, with those that no record tells of.
  package private(set) var pieces: [OutputPiece] = []
  /// Whether the index says that nothing more is recorded.
  package private(set) var isEnded = false
  /// Whether the recording ended because the run's process died.
  package private(set) var endedByDeath = false
  /// What could not be read, one line each.
  package private(set) var notes: [String] = []

  /// Reads an index.
  ///
  /// - Parameters:
  ///   - bytes: The content of `cout.index`; empty where there is none.
  ///   - textLength: The length of `cout.txt`, as it was before the index was read or later.
  package init(_ bytes: [UInt8], textLength: Int64) {
    var scanner = OutputIndexScanner()
    scanner.scan(bytes, textLength: textLength) { pieces.append($0) }
    scanner.finish()
    // What nothing tells of is there all the same.
    if let rest = scanner.takeRest(textLength: textLength) { pieces.append(rest) }
    (isEnded, endedByDeath) = (scanner.isEnded, scanner.endedByDeath)
    if scanner.isUnreadable {
      notes.append("\(RunLayout.outputIndex): it does not begin as an index of this version")
    }
    if scanner.damageCount > 0 {
      notes.append(
        "\(RunLayout.outputIndex): \(scanner.damageCount) records are damaged; the text is not")
    }
  }
}

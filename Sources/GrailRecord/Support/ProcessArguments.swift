import CGrailRecord

/// The words that this process was started with.
package enum ProcessArguments {
  /// The words, the first of which names the program.
  ///
  /// Swift reads them in `/proc`, and finds none where that is not mounted; the program itself was
  /// given them.
  package static let words: [String] = {
    let found = CommandLine.arguments
    guard found.isEmpty else { return found }
    var count: Int32 = 0
    guard let words = grail_program_arguments(&count) else { return [] }
    return (0..<Int(count)).compactMap { words[$0].map { String(cString: $0) } }
  }()
}

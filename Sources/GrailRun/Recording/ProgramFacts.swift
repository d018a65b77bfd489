import GrailRecord

/// What is known of this program and its machine.
package enum ProgramFacts {
  /// The program's name, as it was called.
  package static let name: String = {
    let path = CommandLine.arguments.first ?? ""
    return path.split(separator: "/").last.map(String.init) ?? "program"
  }()

  static var workingDirectory: String { StoreFolder.workingDirectory }
}

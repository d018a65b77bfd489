/// The names of the files in a run's directory.
enum RunLayout {
  static let config = "config.json"
  static let run = "run.json"
  static let info = "info.json"
  static let metrics = "metrics.json"
  static let output = "cout.txt"
  static let outputIndex = "cout.index"
  static let artifacts = "artifacts"
  static let delivery = "delivery"

  static func journal(session: Int) -> String { "journal.\(session)" }

  /// The number of the session whose journal has this name.
  static func session(ofJournal name: String) -> Int? {
    guard name.hasPrefix("journal."), let number = Int(name.dropFirst("journal.".count)),
      number > 0, journal(session: number) == name
    else { return nil }
    return number
  }

  /// Where an artifact is stored, relative to the run's directory.
  ///
  /// Names that would clash with a file of the record, on a disk that takes upper and lower case
  /// for one too, go to a folder of their own.
  ///
  /// - Parameter name: The artifact's name, which may contain folders.
  /// - Returns: `nil` if the name leads out of the directory or is none.
  static func storedPath(ofArtifact name: String) -> String? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !name.isEmpty, !name.utf8.contains(0), name.utf8.count <= 1000,
      parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= 200 })
    else { return nil }
    let first = parts[0].lowercased()
    let clashes =
      [config, run, info, metrics, output, outputIndex, artifacts, delivery].contains(first)
      || first.hasPrefix("journal.") || first.hasPrefix(".")
    return clashes ? "\(artifacts)/\(name)" : name
  }
}

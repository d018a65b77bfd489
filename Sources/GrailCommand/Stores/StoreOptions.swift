import ArgumentParser
import GrailCore
import GrailRecord
import GrailStore

/// The options that say which store is meant.
struct StoreOptions: ParsableArguments {
  @Option(
    name: [.customShort("F", allowingJoined: true), .long],
    help: ArgumentHelp(
      "The folder of runs; else GRAIL_STORE, else the nearest 'runs' upward.", valueName: "DIR"),
    completion: .directory)
  var store: String?

  @Flag(name: .customLong("no-index"), help: "Read every run anew; slower, the same answers.")
  var readsAnew = false

  /// Opens the store.
  ///
  /// - Returns: The store.
  /// - Throws: ``NoSuchStore``.
  func open() throws -> FileStore {
    let terminal = CommandContext.current.errors
    return try FileStore(
      StoreFolder.find(named: store), usesIndex: !readsAnew,
      progress: terminal.isInteractive ? Self.showProgress : nil)
  }

  /// How long reading has to take before it is spoken of is told by the number of runs.
  private static let fewRuns = 1000

  private static let showProgress: @Sendable (Int, Int) -> Void = { done, total in
    guard total > fewRuns else { return }
    let line =
      "reading new runs: \(NumberText.text(ofCount: done)) of \(NumberText.text(ofCount: total))"
    CommandContext.write(
      done < total ? "\r\(line)" : "\r\(String(repeating: " ", count: line.count))\r")
  }
}

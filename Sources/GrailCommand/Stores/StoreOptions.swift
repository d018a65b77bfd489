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

  @OptionGroup var index: IndexOptions

  func validate() throws {
    if let problem = store.flatMap(StoreFolder.problem(withName:)) {
      throw ValidationError(problem)
    }
  }

  /// Opens the store.
  ///
  /// - Returns: The store.
  /// - Throws: ``NoSuchStore``.
  func open() throws -> FileStore { try index.open(StoreFolder.find(named: store)) }
}

/// The options that say which stores are meant, where it may be several.
struct StoresOptions: ParsableArguments {
  @Option(
    name: [.customShort("F", allowingJoined: true), .long],
    help: ArgumentHelp(
      "The folder of runs, or one of several; else GRAIL_STORE, else the nearest 'runs' upward.",
      valueName: "DIR"),
    completion: .directory)
  var store: [String] = []

  @OptionGroup var index: IndexOptions

  func validate() throws {
    for name in store {
      if let problem = StoreFolder.problem(withName: name) { throw ValidationError(problem) }
    }
  }

  /// Opens the stores; one of several that cannot be opened is a failure of the list.
  ///
  /// - Returns: The stores.
  /// - Throws: ``NoSuchStore`` if there is none of them.
  func open() throws -> ListedStores { try ListedStores(named: store, open: index.open) }
}

/// The options that say how a store is read.
struct IndexOptions: ParsableArguments {
  @Flag(name: .customLong("no-index"), help: "Read every run anew; slower, the same answers.")
  var readsAnew = false

  /// Opens a store.
  ///
  /// - Parameter folder: Where it is.
  /// - Returns: The store.
  /// - Throws: ``NoSuchStore``.
  func open(_ folder: StoreFolder) throws(NoSuchStore) -> FileStore {
    let terminal = CommandContext.current.errors
    return try FileStore(
      folder, usesIndex: !readsAnew, progress: terminal.isInteractive ? Self.showProgress : nil)
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

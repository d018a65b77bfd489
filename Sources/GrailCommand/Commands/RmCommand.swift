import ArgumentParser
import GrailCore
import GrailStore

/// `grail rm`: puts runs into the trash.
struct RmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Put runs into the store's trash.",
    discussion: "'grail restore' brings them back, 'grail purge' removes them for good.")

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp("Which runs: ids, last, 3-17, or a query.", valueName: "run"),
    completion: Completions.runs)
  var runs: [String]
  @Flag(name: [.customShort("n"), .long], help: "Only say what would be done.") var dryRun = false

  func run() throws {
    try KeepingReport.forEach(try RunWords(runs).runs(in: stores), verb: "rm") { run in
      if !dryRun { try run.store.throwAway(run.id) }
      return "\(dryRun ? "would put" : "put") run \(DisplayText(run.name)) into the trash"
    }
  }
}

/// `grail restore`: brings runs back from the trash.
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Bring runs back from the trash, or list it.",
    discussion: "Without ids the trash is listed.")

  @OptionGroup var stores: StoreOptions
  @Argument(help: ArgumentHelp("Which runs, by their ids.", valueName: "id")) var runs: [String] =
    []

  func run() throws {
    let store = try stores.open()
    guard !runs.isEmpty else { return try TrashListing(store).show() }
    try KeepingReport.forEach(runs, verb: "restore") { id in
      try store.restore(id)
      return "brought run \(DisplayText(id)) back"
    }
  }
}

/// What a command does to one run after the other, and how it ends.
enum KeepingReport {
  /// Does something to each run; what fails is said and does not keep the rest from being done.
  ///
  /// - Parameters:
  ///   - runs: The runs.
  ///   - verb: The command's name.
  ///   - body: Does it to one run, and returns what was done.
  /// - Throws: ``CommandFailure`` if something failed.
  static func forEach<Run>(
    _ runs: [Run], verb: String, _ body: (Run) throws -> String
  ) throws {
    var code: Int32 = 0
    for run in runs {
      do {
        print(try body(run))
      } catch {
        let failure = CommandFailure(error)
        code = max(code, failure?.code ?? 1)
        CommandContext.warn("grail \(verb): \(DisplayText(failure?.message ?? "\(error)"))")
      }
    }
    if code != 0 { throw CommandFailure(code: code, message: "") }
  }
}

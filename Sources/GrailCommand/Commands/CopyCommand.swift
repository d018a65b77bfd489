import ArgumentParser
import GrailCore
import GrailRecord
import GrailStore

/// `grail copy`: copies runs from one store into another.
struct CopyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "copy", abstract: "Copy runs from one store into another.",
    discussion: """
      What the other store has already is left as it is, so that a copy that was interrupted can be
      typed again; tags, notes and names that were added here since go there too. Where an id is taken,
      the run gets the next number.
      """)

  @Argument(
    help: ArgumentHelp("The store to copy from.", valueName: "from"), completion: .directory)
  var source: String
  @Argument(help: ArgumentHelp("The store to copy to.", valueName: "to"), completion: .directory)
  var target: String
  @Argument(
    help: ArgumentHelp("Which runs; all without any.", valueName: "run"),
    completion: Completions.runs)
  var runs: [String] = []
  @Flag(help: "Compare every file with its copy, of runs copied before too.") var verify = false

  func validate() throws {
    if source.isEmpty || target.isEmpty {
      throw ValidationError("name two folders of runs: one of them is ''")
    }
  }

  func run() throws {
    let store = try FileStore(StoreFolder.find(named: source))
    let folder = StoreFolder.find(named: target)
    guard folder != store.folder else {
      throw CommandFailure.usage("the runs of '\(DisplayText(target))' are to go where they are")
    }
    let ids = runs.isEmpty ? store.directoryNames : try RunWords(runs).ids(in: store)
    var copier = try RunCopier(from: store, to: folder)
    var (copied, known) = (0, 0)
    let report = Result {
      try KeepingReport.forEach(ids, verb: "copy") { id in
        switch try copier.copy(id, verifies: verify) {
        case .copied(let new):
          copied += 1
          return new == id
            ? "copied run \(DisplayText(id))"
            : "copied run \(DisplayText(id)) as \(DisplayText(new))"
        case .known(let present):
          known += 1
          return "run \(DisplayText(id)) is there as \(DisplayText(present))"
        case .isRunning:
          throw CommandFailure(code: 1, message: "run \(id) is running; copy it when it is over")
        }
      }
    }
    try copier.copyAnnotations()
    print("copied \(copied), there before \(known)")
    try report.get()
  }
}

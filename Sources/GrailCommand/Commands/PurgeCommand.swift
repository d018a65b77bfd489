import ArgumentParser
import GrailCore
import GrailRecord
import GrailStore

/// `grail purge`: removes what is in the trash for good, and the files that no run needs.
struct PurgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge",
    abstract: "Empty the trash, free what no run needs.")

  @OptionGroup var stores: StoreOptions
  @Argument(help: ArgumentHelp("Which runs of the trash; all without any.", valueName: "id"))
  var runs: [String] = []
  @Option(
    help: ArgumentHelp(
      "Only runs that are in the trash for longer, such as 30d.", valueName: "TIME"))
  var olderThan: String?
  @Flag(name: [.customShort("n"), .long], help: "Only say what would be done.") var dryRun = false

  func run() throws {
    let store = try stores.open()
    let ids = try chosen(in: store)
    try KeepingReport.forEach(ids, verb: "purge") { id in
      if dryRun {
        _ = try store.trashedRecord(id)
      } else {
        try store.removeTrashed(id)
      }
      return "\(dryRun ? "would remove" : "removed") run \(DisplayText(id)) for good"
    }
    let shared = SharedFiles(of: store.folder)
    guard let unneeded = shared.unneeded() else {
      CommandContext.warn(
        "grail purge: no shared file is freed, because a run cannot be read that may need it; "
          + "grail doctor says which")
      return
    }
    let freed = dryRun ? unneeded : shared.remove(unneeded)
    let size = NumberText.text(ofBytes: freed.reduce(0) { $0 + $1.byteCount })
    if !freed.isEmpty {
      let files = freed.count == 1 ? "1 file" : "\(NumberText.text(ofCount: freed.count)) files"
      print("\(dryRun ? "would free" : "freed") \(files) that no run needs, \(size)")
    } else if ids.isEmpty {
      print("there is nothing to remove")
    }
  }

  private func chosen(in store: FileStore) throws -> [String] {
    let ids = runs.isEmpty ? store.trashedIDs : runs
    guard let olderThan else { return ids }
    guard case .value(let age) = DurationText.read(olderThan), age >= .zero else {
      throw CommandFailure.usage(
        "--older-than '\(DisplayText(olderThan))' is no duration; write it as 30d or 12h")
    }
    let now = CommandContext.current.now
    return ids.filter { id in store.trashTime(id).map { now.since($0) > age } ?? true }
  }
}

import ArgumentParser
import GrailCore
import GrailStore

/// `grail tag`: gives runs tags, or takes them away.
struct TagCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "Give runs tags, or take them away.",
    discussion: "grail tag last~2 best --remove candidate")

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp("Which runs: an id, last, 3-17, or a query.", valueName: "run"),
    completion: Completions.runs)
  var which: String
  @Argument(help: ArgumentHelp("The tags to give.", valueName: "tag")) var tags: [String] = []
  @Option(
    name: [.customShort("d"), .long], help: ArgumentHelp("Take this tag away.", valueName: "tag"))
  var remove: [String] = []

  func validate() throws {
    guard tags.isEmpty, remove.isEmpty else { return }
    throw ValidationError("name a tag to give, or one to take away with --remove")
  }

  func run() async throws {
    let store = try stores.open()
    let ids = try RunWords([which]).ids(in: store)
    try await store.edit(ids, tags.map(RunEdit.tag) + remove.map(RunEdit.untag))
    for id in ids {
      let present = try store.directory(id).annotations.tags.map { DisplayText($0).text }
      print(
        "run \(DisplayText(id)): \(present.isEmpty ? "no tags" : present.joined(separator: ", "))")
    }
  }
}

/// `grail note`: notes something about runs.
struct NoteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Note something about runs, or show the note.",
    discussion: "Without a text the note is shown.")

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp("Which runs: an id, last, 3-17, or a query.", valueName: "run"),
    completion: Completions.runs)
  var which: String
  @Argument(help: ArgumentHelp("The note, in place of the one before.", valueName: "text"))
  var text: String?
  @Flag(help: "Take the note away.") var remove = false

  func run() async throws {
    let store = try stores.open()
    let ids = try RunWords([which]).ids(in: store)
    guard text != nil || remove else {
      for id in ids {
        let note = try store.directory(id).annotations.note
        print("run \(DisplayText(id)): \(note.map { DisplayText($0).text } ?? "no note")")
      }
      return
    }
    try await store.edit(ids, [.note(remove ? nil : text)])
  }
}

/// `grail rename`: gives runs a name.
struct RenameCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename", abstract: "Give runs a name, or take it away.",
    discussion: "Without a name runs have that of their experiment.")

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp("Which runs: an id, last, 3-17, or a query.", valueName: "run"),
    completion: Completions.runs)
  var which: String
  @Argument(help: ArgumentHelp("The name.", valueName: "name")) var name: String?

  func run() async throws {
    let store = try stores.open()
    try await store.edit(try RunWords([which]).ids(in: store), [.name(name)])
  }
}

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
    let named = try RunWords([which]).runs(in: stores)
    try await named.edit(tags.map(RunEdit.tag) + remove.map(RunEdit.untag))
    for run in named {
      let present = try run.open().annotations.tags.map { DisplayText($0).text }
      let tags = present.isEmpty ? "no tags" : present.joined(separator: ", ")
      print("run \(DisplayText(run.name)): \(tags)")
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
    let named = try RunWords([which]).runs(in: stores)
    guard text != nil || remove else {
      for run in named {
        let note = try run.open().annotations.note
        print("run \(DisplayText(run.name)): \(note.map { DisplayText($0).text } ?? "no note")")
      }
      return
    }
    try await named.edit([.note(remove ? nil : text)])
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
    try await RunWords([which]).runs(in: stores).edit([.name(name)])
  }
}

import ArgumentParser
import GrailCore
import GrailStore

/// `grail artifacts`: the files that a run made.
struct ArtifactsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "artifacts", abstract: "List, print or copy what a run made.",
    discussion: FileCommands.jsonHelp)

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp("The run: an id, last, last~2, or a query.", valueName: "run"),
    completion: Completions.runs)
  var run: String
  @Option(help: ArgumentHelp("Print one of them.", valueName: "name")) var print: String?
  @Option(
    help: ArgumentHelp("Copy all of them to a folder; nothing is written over.", valueName: "dir"),
    completion: .directory)
  var copy: String?
  @Flag(help: "List them as a JSON object a line.") var json = false

  func validate() throws {
    if print != nil, copy != nil { throw ValidationError("--print and --copy exclude each other") }
    if json, print != nil || copy != nil {
      throw ValidationError("--json lists: leave out --print and --copy")
    }
  }

  func run() async throws {
    let found = try FileCommands.run(run, in: stores)
    let commands = FileCommands(
      files: found.artifactFiles, noun: "artifact", runID: found.record.id)
    if let print {
      try commands.print(print, .current)
    } else if let copy {
      try commands.layOut(in: copy, .current)
    } else if json {
      try commands.writeJSON(.current)
    } else {
      try commands.list(.current)
    }
  }
}

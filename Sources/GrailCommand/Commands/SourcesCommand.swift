import ArgumentParser
import GrailCore
import GrailStore

/// `grail sources`: the sources of a run's program.
struct SourcesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sources", abstract: "List, print or lay out a run's sources.",
    discussion: FileCommands.jsonHelp)

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp("The run: an id, last, last~2, or a query.", valueName: "run"),
    completion: Completions.runs)
  var run: String
  @Option(help: ArgumentHelp("Print one of them.", valueName: "path")) var print: String?
  @Option(
    help: ArgumentHelp("Lay them out in a folder; nothing is written over.", valueName: "dir"),
    completion: .directory)
  var layOut: String?
  @Flag(help: "List them as a JSON object a line.") var json = false

  func validate() throws {
    if print != nil, layOut != nil {
      throw ValidationError("--print and --lay-out exclude each other")
    }
    if json, print != nil || layOut != nil {
      throw ValidationError("--json lists: leave out --print and --lay-out")
    }
  }

  func run() async throws {
    let found = try FileCommands.run(run, in: stores)
    let commands = FileCommands(files: found.sourceFiles, noun: "source", runID: found.record.id)
    if let print {
      try commands.print(print, .current)
    } else if let layOut {
      try commands.layOut(in: layOut, .current)
    } else if json {
      try commands.writeJSON(.current)
    } else {
      try commands.list(.current)
    }
  }
}

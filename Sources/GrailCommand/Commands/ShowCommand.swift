import ArgumentParser
import GrailCore
import GrailRecord
import GrailStore

/// `grail show`: everything of a run.
struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show everything of a run.",
    discussion: """
      grail show last
      grail show 12 --all | less
      """)

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp("Which runs: ids, last, 3-17, or a query.", valueName: "run"),
    completion: Completions.runs)
  var runs: [String]

  @Flag(name: .shortAndLong, help: "Everything in full, nothing folded.") var all = false
  @Option(help: ArgumentHelp("The last lines of what it printed.", valueName: "lines"))
  var output = 10
  @Flag(help: "The whole record as a JSON object, one line a run.") var json = false

  func validate() throws {
    if output < 0 { throw ValidationError("--output is a number of lines, not \(output)") }
  }

  func run() async throws {
    let context = CommandContext.current
    let named = try RunWords(runs).runs(in: stores)
    var hasFailed = false
    try context.page { write in
      for (position, name) in named.enumerated() {
        let run: StoredDirectory
        do {
          run = try name.open()
        } catch  where named.count > 1 {
          // The others are shown all the same.
          CommandContext.complain(DisplayText("\(error)").text)
          hasFailed = true
          continue
        }
        if json {
          let line = JSONWriter.bytes(RunValue.value(of: run), style: .strict)
          try write(String(decoding: line, as: UTF8.self) + "\n")
          continue
        }
        if position > 0 { try write("\n\n") }
        let page = RunPage(
          of: run, for: context.output, isWhole: all, outputLines: output, now: context.now)
        for line in page.lines { try write(line + "\n") }
      }
    }
    if hasFailed { throw CommandFailure(code: 66, message: "") }
  }
}

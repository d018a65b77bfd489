import ArgumentParser
import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections

/// `grail diff`: what differs between runs.
struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what differs between runs.",
    discussion: """
      grail diff 12 last
      grail diff 3-5 'layers == 7'
      grail diff 12 last --sources --output
      grail diff 12 ../other/runs/7

      Exit code 0 means that nothing differs but what always does, 1 that something does.
      """)

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp(
      "The runs, two or more: ids, last, 3-17, queries, directories of runs.", valueName: "run"),
    completion: Completions.runs)
  var runs: [String]

  @Flag(help: "The lines in which the sources of two runs differ.") var sources = false
  @Flag(help: "The lines in which the outputs of two runs differ.") var output = false
  @Flag(help: "One JSON object, every value in full.") var json = false

  func validate() throws {
    if json, sources || output {
      throw ValidationError("--json has no lines of texts: leave out --sources and --output")
    }
  }

  func run() async throws {
    let context = CommandContext.current
    let compared = try ComparedRuns(runs, in: stores)
    guard compared.runs.count > 1 else {
      throw CommandFailure.usage(
        "'\(DisplayText(runs.joined(separator: " ")))' names one run; diff needs two or more")
    }
    if sources || output, compared.runs.count > 2 {
      throw CommandFailure.usage(
        "--sources and --output compare two runs, not \(compared.runs.count)")
    }
    for run in compared.runs {
      for note in run.notes {
        CommandContext.warn("grail: run \(DisplayText(run.record.id)): \(DisplayText(note))")
      }
    }
    let report = ComparisonReport(compared, try RunComparison(of: compared.runs), context)
    try context.page { write in
      if json {
        try report.writeJSON(to: write)
      } else {
        try report.write(to: write)
        if sources { try report.writeSources(to: write) }
        if output { try report.writeOutput(to: write) }
      }
    }
    if !report.comparison.isEmpty { throw CommandFailure.nothing }
  }
}

import ArgumentParser
import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections

/// `grail best`: the runs in which a metric was least or greatest.
struct BestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "best", abstract: "Show the runs in which a metric was best.",
    discussion: """
      grail best loss --min
      grail best test.accuracy --max 'layers == 7 and started > -7d' -n 3
      """)

  @OptionGroup var stores: StoreOptions
  @Argument(help: "The metric, such as loss.") var metric: String
  @Argument(
    help: ArgumentHelp("Which runs: ids, last, 3-17, or a query.", valueName: "run"),
    completion: Completions.runs)
  var runs: [String] = []

  @Flag var goal: BestRuns.Goal?

  @Option(name: [.customShort("n"), .long], help: "The most runs.") var limit = 10
  @Flag(help: "A JSON object a line, every value in full.") var json = false
  @Flag(help: "Comma-separated values, every value in full.") var csv = false

  func validate() throws {
    guard goal != nil else {
      throw ValidationError(
        "say what is best: --min if the least '\(DisplayText(metric))' wins, --max if the greatest")
    }
    if json, csv { throw ValidationError("--json and --csv exclude each other") }
    if limit < 1 { throw ValidationError("--limit is at least 1, not \(limit)") }
  }

  func run() async throws {
    guard let goal else { return }
    let context = CommandContext.current
    let store = try stores.open()
    let query = try RunWords(runs).query(in: store)
    let best = try BestRuns(
      of: metric, goal, among: query, in: store, limit: limit, now: context.now)
    for note in best.notes { CommandContext.warn("grail: \(DisplayText(note))") }
    guard !best.runs.isEmpty else {
      throw CommandFailure(code: 1, message: try MetricNames(store).absence(of: metric))
    }
    try context.page { write in
      if json {
        try best.writeJSON(to: write)
      } else if csv {
        try best.writeCSV(to: write)
      } else {
        try best.table.write(for: context.output, to: write)
      }
    }
  }
}

extension BestRuns.Goal: EnumerableFlag {
  static func help(for value: Self) -> ArgumentHelp? {
    switch value {
    case .min: "The least is best."
    case .max: "The greatest is best."
    }
  }
}

import ArgumentParser
import GrailCore
import GrailRecord
import GrailStore

/// `grail export`: runs and metrics as tables for other programs, and runs as one file.
struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write tables of runs or metrics, or pack runs.",
    discussion: """
      grail export runs -o runs.csv
      grail export metrics loss -o loss.csv
      grail export archive 3-17 -o best.tar.gz
      """,
    subcommands: [
      ExportRunsCommand.self, ExportMetricsCommand.self, ExportArchiveCommand.self,
    ])
}

/// `grail export runs`: a row a run.
struct ExportRunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "Write a row a run, with everything that is known of it.",
    discussion: """
      grail export runs -o runs.csv
      grail export runs 'layers == 7' --columns lr,loss.min -o runs.jsonl

      In Python: pandas.read_csv("runs.csv", parse_dates=["started", "stopped"])
      """)

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp("Which runs: ids, last, 3-17, or a query.", valueName: "run"),
    completion: Completions.runs)
  var runs: [String] = []

  @Option(
    name: .shortAndLong, parsing: .unconditionalSingleValue,
    help: ArgumentHelp("What of them, such as status,lr,loss.min.", valueName: "FIELD,…"))
  var columns: [String] = []

  @OptionGroup var target: ExportOptions

  func run() async throws {
    let store = try stores.open()
    let table = try RunExport(
      of: RunWords(runs).query(in: store), fields: FieldList(columns).fields, in: store,
      now: CommandContext.current.now)
    for note in table.notes { CommandContext.warn("grail: \(DisplayText(note))") }
    guard table.count > 0 else {
      throw CommandFailure(code: 1, message: "no run in \(DisplayText(store.location)) matches")
    }
    try target.write { write in try table.write(as: target.chosenFormat, to: write) }
  }
}

/// `grail export metrics`: a row a point, or a row a step.
struct ExportMetricsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics", abstract: "Write the points of metrics.",
    discussion: """
      grail export metrics loss -o loss.csv
      grail export metrics --run 3-17 --wide -o metrics.csv

      In Python: pandas.read_csv("loss.csv", parse_dates=["time"])
      """)

  @OptionGroup var stores: StoreOptions
  @Argument(help: ArgumentHelp("Which metrics; all unless said.", valueName: "metric"))
  var metrics: [String] = []

  @Option(
    name: [.customShort("r"), .customLong("run")], parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Which runs: ids, last, 3-17, or a query; all unless said.", valueName: "RUN"))
  var runs: [String] = []

  @Flag(help: "A row a step with a column a metric, in place of a row a point.") var wide = false
  @OptionGroup var target: ExportOptions

  func run() async throws {
    let store = try stores.open()
    let query = try RunWords(runs).query(in: store)
    let known = try MetricNames(store)
    for name in metrics where !known.has(name) {
      throw CommandFailure(code: 1, message: known.absence(of: name))
    }
    let asked = metrics.isEmpty ? known.names : metrics
    // The oldest first, and only the runs that have any point of these.
    let table = try store.table(
      RunSelection(
        query, fields: asked.map { QueryField(.metric($0, .count)) },
        now: CommandContext.current.now))
    for note in table.notes { CommandContext.warn("grail: \(DisplayText(note))") }
    let rows = table.ids.indices.filter { row in table.columns.contains { $0[row] != nil } }
    guard !rows.isEmpty else {
      throw CommandFailure(code: 1, message: "no run that was asked for has a point to export")
    }
    let there = asked.indices.filter { column in
      !metrics.isEmpty || table.columns[column].contains { $0 != nil }
    }
    let export = MetricExport(
      metrics: there.map { asked[$0] }, ids: rows.reversed().map { table.ids[$0] }, isWide: wide,
      format: target.chosenFormat)
    try target.write { write in
      try export.write(from: store, to: write) { CommandContext.warn("grail: \(DisplayText($0))") }
    }
  }
}

import ArgumentParser
import GrailCore
import GrailRecord
import GrailStore

/// `grail plot`: metrics of runs as charts.
struct PlotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Draw metrics of one run or several.",
    discussion: """
      grail plot last
      grail plot 3-17 -m loss --log-y --smooth 0.9
      grail plot 3 -m train.loss,test.loss -m accuracy --x time -o run3.svg
      grail plot last -m loss --watch

      Metrics with a comma between them share a chart; each --metric is a chart of its own.
      """)

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp(
      "Which runs: ids, last, 3-17, or a query; the last unless said.", valueName: "run"),
    completion: Completions.runs)
  var runs: [String] = []

  @Option(
    name: .shortAndLong, parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "What to draw; unless said, each metric that has numbers.", valueName: "METRIC,…"))
  var metric: [String] = []

  @Option(help: ArgumentHelp("What runs along: step, time or a metric.", valueName: "METRIC"))
  var x = "step"
  @Flag(help: "A logarithmic axis for steps, times or --x.") var logX = false
  @Flag(help: "A logarithmic axis for values.") var logY = false
  @Option(
    help: ArgumentHelp("How smooth lines are, 0 to 1, over the line itself.", valueName: "SHARE"))
  var smooth = 0.0
  @Option(
    name: .shortAndLong, help: ArgumentHelp("A picture in place of text.", valueName: "FILE.svg"),
    completion: .file(extensions: ["svg"]))
  var output: String?
  @Flag(help: "Draw anew every 2 seconds, new runs too, until Control-C.") var watch = false

  func validate() throws {
    guard smooth >= 0, smooth < 1 else {
      throw ValidationError("--smooth is at least 0 and less than 1, such as 0.9, not \(smooth)")
    }
    if let output, output != "-", !output.lowercased().hasSuffix(".svg") {
      throw ValidationError(
        "--output draws SVG: name a file that ends in .svg, not '\(DisplayText(output))'")
    }
    if watch, output != nil { throw ValidationError("--watch and --output exclude each other") }
  }

  func run() async throws {
    let context = CommandContext.current
    let screen = watch ? try LiveScreen(context) : nil
    if let screen { try await watch(on: screen, context) }
    let plot = charts(of: try chosenRuns(), for: context.output)
    let first = try plot.drawing()
    guard !first.charts.isEmpty else { throw failure(of: plot) }
    for note in first.notes { CommandContext.warn("grail: \(DisplayText(note))") }
    switch output {
    case "-"?: try context.page { write in try write(first.picture) }
    case let path?:
      try AtomicFile.write(Array(first.picture.utf8), to: path)
    case nil:
      try context.page { write in
        for line in first.lines(for: context.output, fits: false) { try write(line + "\n") }
      }
    }
  }

  /// Draws until Control-C what the words mean at each moment, so that new runs are drawn too.
  private func watch(on screen: LiveScreen, _ context: CommandContext) async throws -> Never {
    // A mistake ends it at once; what is not there yet may come.
    do {
      _ = try chosenRuns()
    } catch let failure as CommandFailure where failure.code == 1 {}
    var known: [String: StoredDirectory] = [:]
    try await screen.run { terminal in
      do {
        let runs = try chosenRuns(known: known)
        known = Dictionary(runs.map { ($0.run.reader.directory, $0.run) }) { $1 }
        let plot = charts(of: runs, for: terminal)
        let drawing = try plot.drawing()
        if drawing.charts.isEmpty { throw failure(of: plot) }
        return drawing.lines(for: terminal, fits: true)
      } catch let failure as CommandFailure where failure.code == 1 {
        return [DisplayText(failure.message, maximumWidth: terminal.width).text]
      }
    }
  }

  /// The parts of a long metric in a picture.
  private static let pictureParts = 1200

  /// More runs than this are not drawn: nobody can tell so many lines apart.
  private static let mostRuns = 100

  /// The runs that are drawn.
  ///
  /// - Parameter known: Runs that were drawn before by their directories, which are read on, not anew.
  /// - Returns: The runs, with their names.
  /// - Throws: What is wrong with the words, or why a run cannot be read.
  private func chosenRuns(
    known: [String: StoredDirectory] = [:]
  ) throws -> [(id: String, run: StoredDirectory)] {
    var named: [NamedRun]
    do {
      named = try RunWords(runs.isEmpty ? ["last"] : runs).runs(in: stores)
    } catch {
      // Whoever types a metric where runs stand should hear how it is meant.
      let known = try stores.open().knownNames().metrics
      guard let name = runs.first(where: known.contains) else { throw error }
      throw CommandFailure.usage(
        "'\(DisplayText(name))' is a metric: write 'grail plot last -m \(DisplayText(name))'")
    }
    if named.count > Self.mostRuns {
      if !watch {
        CommandContext.warn(
          "grail: drawn are the first \(Self.mostRuns) of \(NumberText.text(ofCount: named.count)) runs; name fewer"
        )
      }
      named = Array(named.prefix(Self.mostRuns))
    }
    return try named.map { name in
      guard var run = known["\(name.store.folder.path)/\(name.id)"] else {
        return (name.name, try name.open())
      }
      try run.refresh()
      return (name.name, run)
    }
  }

  private func charts(
    of runs: [(id: String, run: StoredDirectory)], for terminal: Terminal
  ) -> PlotCharts {
    let place: MetricCurve.Place =
      switch x {
      case "step": .step
      case "time": .time
      default: .metric(x)
      }
    let metrics = metric.map { FieldList.split($0) }.filter { !$0.isEmpty }
    return PlotCharts(
      runs: runs,
      metrics: metrics.isEmpty ? nil : metrics,
      curve: MetricCurve(
        place: place, isLogarithmic: logX,
        partCount: output == nil ? 2 * terminal.width : Self.pictureParts),
      xScale: logX ? .log10 : .linear, yScale: logY ? .log10 : .linear, smoothing: smooth)
  }

  /// Why there is nothing to draw.
  private func failure(of plot: PlotCharts) -> CommandFailure {
    let names = MetricNames(plot.runs.flatMap { $0.run.metrics.map(\.name) })
    let ids = plot.runs.prefix(10).map { DisplayText($0.id).text }.joined(separator: ", ")
    guard let wanted = plot.metrics?.first?.first else {
      return CommandFailure(
        code: 1, message: "there is nothing to draw: no metric of \(ids) has a number")
    }
    if case .metric(let other) = plot.curve.place, names.has(wanted) {
      return CommandFailure(
        code: 1,
        message: names.has(other)
          ? "'\(DisplayText(wanted))' and '\(DisplayText(other))' have no step in common"
          : names.absence(of: other))
    }
    return CommandFailure(code: 1, message: names.absence(of: wanted))
  }
}

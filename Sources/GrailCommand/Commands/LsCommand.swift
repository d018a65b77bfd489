import ArgumentParser
import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections

/// `grail ls`: a table of runs.
struct LsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls", abstract: "List runs, with what differs between them.",
    discussion: """
      grail ls 'layers == 7 and metrics.loss.min < 0.1' --sort metrics.loss.min
      grail ls --columns status,lr,loss.min --sort=-started
      grail ls --all-but seed --sort loss.mean
      grail ls -F runs -F ../other/runs --group-by store

      Of several stores, a run is named as 'grail show' and 'grail diff' take it.
      """)

  @OptionGroup var stores: StoresOptions
  @Argument(
    help: ArgumentHelp("Which runs: ids, last, 3-17, or a query.", valueName: "run"),
    completion: Completions.runs)
  var runs: [String] = []

  @Option(
    name: .shortAndLong, parsing: .unconditionalSingleValue,
    help: ArgumentHelp("What to show, such as status,layers,loss.min.", valueName: "FIELD,…"),
    completion: Completions.fields)
  var columns: [String] = []

  @Option(
    name: .shortAndLong, parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Sort by this; -FIELD has the greatest first.", valueName: "FIELD,…"),
    completion: Completions.fields)
  var sort: [String] = []

  @Option(name: [.customShort("n"), .long], help: "The most runs; on a terminal 50 unless said.")
  var limit: Int?

  @Flag(name: .shortAndLong, help: "All runs, on a terminal too.") var all = false

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Runs with the same of these together: n, mean, median, deviation.", valueName: "FIELD,…"),
    completion: Completions.fields)
  var groupBy: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Together by all entries that differ but these, such as seed.", valueName: "ENTRY,…"))
  var allBut: [String] = []

  @Flag(help: "Draw anew every 2 seconds, until Control-C.") var watch = false
  @Flag(help: "A JSON object a line, every value in full.") var json = false
  @Flag(help: "Comma-separated values, every value in full.") var csv = false

  func validate() throws {
    if json, csv { throw ValidationError("--json and --csv exclude each other") }
    if watch, json || csv { throw ValidationError("--watch draws a table: no --json, no --csv") }
    if !groupBy.isEmpty, !allBut.isEmpty {
      throw ValidationError("--group-by and --all-but exclude each other")
    }
    if let limit, limit < 1 { throw ValidationError("--limit is at least 1, not \(limit)") }
  }

  /// The most runs on a terminal unless it is said.
  private static let mostRows = 50

  /// What is listed.
  private struct Found {
    var listing: any Listing
    /// The number of rows that are listed, and of all that there are.
    var shown: Int
    var total: Int
    /// What the rows are.
    var noun: String
    var notes: [String]
  }

  func run() async throws {
    let context = CommandContext.current
    let screen = watch ? try LiveScreen(context) : nil
    let stores = try stores.open()
    if let screen {
      try await screen.run { terminal in
        // The header, the line on columns left out, and the foot take a line each.
        let rows = max(1, terminal.height - 3 - stores.failures.count)
        let queries = try RunWords(runs).queries(in: stores)
        let found = try find(queries, in: stores, limit: min(limit ?? rows, rows))
        return stores.failures.map { DisplayText($0, maximumWidth: terminal.width).text }
          + found.listing.table.lines(for: terminal).map { String($0.dropLast()) }
      }
    }
    for failure in stores.failures { CommandContext.complain(DisplayText(failure).text) }
    let queries = try RunWords(runs).queries(in: stores)
    let isForPeople = !json && !csv
    let usual = context.output.isInteractive && isForPeople && !all ? Self.mostRows : nil
    let found = try find(queries, in: stores, limit: limit ?? usual)
    for note in found.notes { CommandContext.warn("grail: \(DisplayText(note))") }
    for unknown in try queries[0].unknownFields(among: names(of: queries[0], in: stores)) {
      CommandContext.warn("grail: \(unknown.rendering)")
    }
    if found.shown > 0 {
      try context.page { write in
        if json {
          try found.listing.writeJSON(to: write)
        } else if csv {
          try found.listing.writeCSV(to: write)
        } else {
          try found.listing.table.write(for: context.output, to: write)
          if context.output.isInteractive {
            try write(context.output.styled(summary(of: found, in: stores), .dim) + "\n")
          }
        }
      }
    } else if isForPeople {
      CommandContext.warn(Self.nothing(queries[0], in: stores))
    }
    // What could not be opened counts for more than that the rest has nothing.
    if !stores.failures.isEmpty { throw CommandFailure(code: 66, message: "") }
    if found.shown == 0 { throw CommandFailure.nothing }
  }

  /// Where runs are looked for, as a sentence has it.
  private static func place(_ stores: ListedStores) -> String {
    stores.members.count == 1
      ? DisplayText(stores.members[0].path).text
      : "\(NumberText.text(ofCount: stores.members.count)) stores"
  }

  /// How much there is, and where: which store is meant is not always plain.
  private func summary(of found: Found, in stores: ListedStores) -> String {
    let place = "in \(Self.place(stores))"
    let total = "\(NumberText.text(ofCount: found.total)) \(found.noun)"
    if found.shown == found.total { return "\(total) \(place)" }
    let shown = "\(NumberText.text(ofCount: found.shown)) of \(total) \(place)"
    return limit == nil ? "\(shown); --all shows the rest" : shown
  }

  private static func nothing(_ query: Query, in stores: ListedStores) -> String {
    query.condition == nil
      ? "there is no run yet in \(place(stores))" : "no run in \(place(stores)) matches"
  }

  private func names(of query: Query, in stores: ListedStores) throws -> QueryNames {
    query.places.isEmpty ? QueryNames(entries: [:], metrics: []) : try stores.knownNames()
  }

  // MARK: - Finding

  private func find(_ queries: [Query], in stores: ListedStores, limit: Int?) throws -> Found {
    groupBy.isEmpty && allBut.isEmpty
      ? try findRuns(queries, in: stores, limit: limit)
      : try findGroups(queries, in: stores, limit: limit)
  }

  private func findRuns(
    _ queries: [Query], in stores: ListedStores, limit: Int?
  ) throws -> Found {
    let now = CommandContext.current.now
    let order = try FieldList(sort).order
    // What tells the runs apart is always there.
    let fields = try FieldList(columns).fields?.filter { field in
      field.readings != [.fixed(.id)]
        && !(stores.members.count > 1 && "\(field)" == RunGrouping.storeName)
    }
    let names = try stores.knownNames()
    let metrics = fields == nil ? Self.usualMetrics(names.metrics) : []
    let asked =
      fields ?? RunListing.usualFields + metrics.map { QueryField(.metric($0, .last)) }
      + order.map(\.field)
    let (table, origins) = try stores.table(
      RunSelection(order: order, fields: asked, limit: limit, now: now), of: queries)
    let listing = RunListing(
      table, of: origins, fields: fields, metrics: metrics, order: order, now: now)
    let absences =
      table.ids.isEmpty
      ? [] : FieldList((fields ?? []).map { "\($0)" } + sort).absences(among: names)
    return Found(
      listing: listing, shown: table.ids.count, total: table.total,
      noun: table.total == 1 ? "run" : "runs", notes: table.notes + absences)
  }

  /// The metrics that are shown where nobody says what to show.
  private static func usualMetrics(_ names: [String]) -> [String] {
    Array(names.sorted().prefix(RunListing.mostMetrics))
  }

  private func findGroups(
    _ queries: [Query], in stores: ListedStores, limit: Int?
  ) throws -> Found {
    let grouping = RunGrouping(
      key: groupBy.isEmpty
        ? .allBut(allBut.flatMap(FieldList.split)) : .fields(groupBy.flatMap(FieldList.split)),
      columns: columns.flatMap(FieldList.split), order: sort.flatMap(FieldList.split))
    var (groups, runCount, notes) = try grouping.groups(
      of: queries, in: stores, now: CommandContext.current.now,
      mostMetrics: json || csv ? .max : RunListing.mostMetrics)
    let total = groups.groups.count
    if let limit { groups.cut(to: limit) }
    let names = Dictionary(uniqueKeysWithValues: stores.members.map { ($0.path, $0.name) })
    return Found(
      listing: GroupListing(groups: groups, storeNames: stores.members.count > 1 ? names : [:]),
      shown: runCount == 0 ? 0 : groups.groups.count,
      total: total, noun: total == 1 ? "group" : "groups", notes: notes)
  }
}

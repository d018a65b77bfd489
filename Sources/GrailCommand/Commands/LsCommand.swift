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
      """)

  @OptionGroup var stores: StoreOptions
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
    let store = try stores.open()
    if let screen {
      try await screen.run { terminal in
        // The header, the line on columns left out, and the foot take a line each.
        let rows = max(1, terminal.height - 3)
        let query = try RunWords(runs).query(in: store)
        let found = try find(query, in: store, limit: min(limit ?? rows, rows))
        return found.listing.table.lines(for: terminal).map { String($0.dropLast()) }
      }
    }
    let query = try RunWords(runs).query(in: store)
    let isForPeople = !json && !csv
    let usual = context.output.isInteractive && isForPeople && !all ? Self.mostRows : nil
    let found = try find(query, in: store, limit: limit ?? usual)
    for note in found.notes { CommandContext.warn("grail: \(DisplayText(note))") }
    for unknown in query.unknownFields(among: try names(of: query, in: store)) {
      CommandContext.warn("grail: \(unknown.rendering)")
    }
    guard found.shown > 0 else {
      if isForPeople { CommandContext.warn(Self.nothing(query, in: store)) }
      throw CommandFailure.nothing
    }
    try context.page { write in
      if json {
        try found.listing.writeJSON(to: write)
      } else if csv {
        try found.listing.writeCSV(to: write)
      } else {
        try found.listing.table.write(for: context.output, to: write)
        if context.output.isInteractive {
          try write(context.output.styled(Self.summary(of: found, in: store), .dim) + "\n")
        }
      }
    }
  }

  /// How much there is, and where: which store is meant is not always plain.
  private static func summary(of found: Found, in store: FileStore) -> String {
    let place = "in \(DisplayText(store.folder.path))"
    let total = "\(NumberText.text(ofCount: found.total)) \(found.noun)"
    if found.shown == found.total { return "\(total) \(place)" }
    return "\(NumberText.text(ofCount: found.shown)) of \(total) \(place); --all shows the rest"
  }

  private func find(_ query: Query, in store: FileStore, limit: Int?) throws -> Found {
    groupBy.isEmpty && allBut.isEmpty
      ? try findRuns(query, in: store, limit: limit)
      : try findGroups(query, in: store, limit: limit)
  }

  private func findRuns(_ query: Query, in store: FileStore, limit: Int?) throws -> Found {
    let now = CommandContext.current.now
    let fields = try FieldList(columns).fields
    let selection = RunSelection(
      query, order: try FieldList(sort).order, fields: fields ?? RunListing.usualFields,
      limit: limit, now: now)
    let table = try store.table(selection)
    let listing = RunListing(
      table, fields: fields, metrics: fields == nil ? try metrics(of: table, in: store) : [],
      order: selection.order, now: now)
    return Found(
      listing: listing, shown: table.ids.count, total: table.total,
      noun: table.total == 1 ? "run" : "runs",
      notes: table.notes)
  }

  private func findGroups(_ query: Query, in store: FileStore, limit: Int?) throws -> Found {
    let grouping = RunGrouping(
      key: groupBy.isEmpty
        ? .allBut(allBut.flatMap(FieldList.split)) : .fields(groupBy.flatMap(FieldList.split)),
      columns: columns.flatMap(FieldList.split), order: sort.flatMap(FieldList.split))
    var (groups, runCount, notes) = try grouping.groups(
      of: query, in: store, now: CommandContext.current.now,
      mostMetrics: json || csv ? .max : RunListing.mostMetrics)
    let total = groups.groups.count
    if let limit { groups.cut(to: limit) }
    return Found(
      listing: GroupListing(groups: groups), shown: runCount == 0 ? 0 : groups.groups.count,
      total: total, noun: total == 1 ? "group" : "groups", notes: notes)
  }

  private static func nothing(_ query: Query, in store: FileStore) -> String {
    query.condition == nil
      ? "there is no run yet in \(store.folder.path)"
      : "no run in \(store.folder.path) matches"
  }

  private func names(of query: Query, in store: FileStore) throws -> QueryNames {
    query.places.isEmpty ? QueryNames(entries: [:], metrics: []) : try store.knownNames()
  }

  /// The last values of the metrics that runs of the table have, if they are few.
  private func metrics(
    of table: RunTable, in store: FileStore
  ) throws -> [(field: QueryField, values: [Value?])] {
    let names = try store.knownNames().metrics.sorted().prefix(RunListing.mostMetrics)
    let fields = names.map { QueryField(.metric($0, .last)) }
    let ids = QueryCondition.oneOf(
      QueryField(.fixed(.id)), table.ids.map { .value(Value.id($0)) })
    guard !fields.isEmpty, table.ids.count <= 1000 else { return [] }
    let found = try store.table(
      RunSelection(Query(ids), fields: fields, now: CommandContext.current.now))
    let places = Dictionary(uniqueKeysWithValues: zip(found.ids, found.ids.indices))
    return zip(fields, found.columns).map { field, values in
      (field, table.ids.map { places[$0].flatMap { values[$0] } })
    }
  }
}

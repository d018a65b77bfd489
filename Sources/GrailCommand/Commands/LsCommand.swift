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
      """)

  @OptionGroup var stores: StoreOptions
  @Argument(help: ArgumentHelp("Which runs: ids, last, 3-17, or a query.", valueName: "run"))
  var runs: [String] = []

  @Option(
    name: .shortAndLong, parsing: .unconditionalSingleValue,
    help: ArgumentHelp("What to show, such as status,layers,loss.min.", valueName: "FIELD,…"))
  var columns: [String] = []

  @Option(
    name: .shortAndLong, parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Sort by this; -FIELD has the greatest first.", valueName: "FIELD,…"))
  var sort: [String] = []

  @Option(name: [.customShort("n"), .long], help: "The most runs; on a terminal 50 unless said.")
  var limit: Int?

  @Flag(name: .shortAndLong, help: "All runs, on a terminal too.") var all = false
  @Flag(help: "A JSON object a line, every value in full.") var json = false
  @Flag(help: "Comma-separated values, every value in full.") var csv = false

  func validate() throws {
    if json, csv { throw ValidationError("--json and --csv exclude each other") }
    if let limit, limit < 1 { throw ValidationError("--limit is at least 1, not \(limit)") }
  }

  /// The most runs on a terminal unless it is said.
  private static let mostRows = 50

  func run() async throws {
    let context = CommandContext.current
    let store = try stores.open()
    let query = try RunWords(runs).query(in: store)
    let isForPeople = !json && !csv
    let usual = context.output.isInteractive && isForPeople && !all ? Self.mostRows : nil
    let fields = try FieldList(columns).fields
    let selection = RunSelection(
      query, order: try FieldList(sort).order, fields: fields ?? RunListing.usualFields,
      limit: limit ?? usual, now: context.now)
    let table = try store.table(selection)
    for note in table.notes { CommandContext.warn("grail: \(DisplayText(note))") }
    for unknown in query.unknownFields(among: try names(of: query, in: store)) {
      CommandContext.warn("grail: \(unknown.rendering)")
    }
    guard !table.ids.isEmpty else {
      if isForPeople { CommandContext.warn(Self.nothing(query, in: store)) }
      throw CommandFailure.nothing
    }
    let listing = RunListing(
      table, fields: fields, metrics: fields == nil ? try metrics(of: table, in: store) : [],
      order: selection.order, now: context.now)
    try context.page { write in
      if json {
        try listing.writeJSON(to: write)
      } else if csv {
        try listing.writeCSV(to: write)
      } else {
        try listing.table.write(for: context.output, to: write)
        if context.output.isInteractive {
          try write(context.output.styled(Self.summary(of: table, in: store), .dim) + "\n")
        }
      }
    }
  }

  /// How many runs there are, and where: which store is meant is not always plain.
  private static func summary(of table: RunTable, in store: FileStore) -> String {
    let (shown, total) = (table.ids.count, table.total)
    let place = "in \(DisplayText(store.folder.path))"
    if shown == total {
      return "\(NumberText.text(ofCount: total)) \(total == 1 ? "run" : "runs") \(place)"
    }
    return
      "\(NumberText.text(ofCount: shown)) of \(NumberText.text(ofCount: total)) runs \(place); "
      + "--all shows the rest"
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

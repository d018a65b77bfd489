import GrailCore
import GrailRecord
import OrderedCollections

/// A table of runs as `grail ls` shows it.
struct RunListing: Listing {
  private var ids: [String]
  /// The store of each run; none where all are of one.
  private var origins: [ListedStores.Member]
  private var columns: [Column]
  private let now: Timestamp

  /// A field with its values.
  fileprivate struct Column {
    var name: String
    var kind: QueryKind
    var values: [Value?]
    /// Whether it is the state of a run, which has colors.
    var isStatus = false
  }

  /// What is read where nobody says what to show.
  static let usualFields: [QueryField] = [
    QueryField(.fixed(.name)), QueryField(.fixed(.status)), QueryField(.fixed(.liveness)),
    QueryField(.fixed(.started)), QueryField(.fixed(.elapsed)), QueryField(.fixed(.tags)),
    QueryField(.entry(.config, [])), QueryField(.entry(.result, [])),
  ]

  /// More metrics than this are not shown by themselves.
  static let mostMetrics = 4

  /// Creates a listing.
  ///
  /// - Parameters:
  ///   - table: The runs, with the fields as columns; behind the usual fields the last values of the
  ///     metrics, and those of the order.
  ///   - origins: The store of each run; none where all are of one.
  ///   - fields: What was asked to be shown; `nil` for the usual fields, of which what differs is shown.
  ///   - metrics: The names of metrics of which the last value is shown.
  ///   - order: What the runs are sorted by, which is shown among the usual fields too.
  ///   - now: The present moment.
  init(
    _ table: RunTable, of origins: [ListedStores.Member], fields: [QueryField]?,
    metrics: [String], order: [RunOrder], now: Timestamp
  ) {
    (ids, self.origins, self.now) = (table.ids, origins, now)
    if let fields {
      columns = zip(fields, table.columns).map { field, values in
        Column(
          name: "\(field)", kind: field.kind, values: values,
          isStatus: field.readings == [.fixed(.status)])
      }
    } else {
      let found = zip(metrics, table.columns.dropFirst(Self.usualFields.count))
      let shown = found.map { Column(name: $0, kind: .number, values: $1) }
        .filter { $0.values.contains { $0 != nil } }
      columns = Self.usualColumns(table, metrics: shown, now: now)
      let sorting = zip(order, table.columns.suffix(order.count)).filter { order, _ in
        !columns.contains { order.field.isMeant(by: $0.name) }
      }
      let status = columns.firstIndex(where: \.isStatus) ?? 0
      columns.insert(
        contentsOf: sorting.map { order, values in
          Column(name: "\(order.field)", kind: order.field.kind, values: values)
        }, at: status + 1)
    }
  }

  /// What is shown of each run, what came out before what was set: a narrow terminal has no place for
  /// what comes last.
  private static func usualColumns(
    _ table: RunTable, metrics: [Column], now: Timestamp
  ) -> [Column] {
    let found = table.columns
    func column(_ name: String, _ position: Int, _ kind: QueryKind) -> Column? {
      guard found[position].contains(where: { $0 != nil }) else { return nil }
      return Column(name: name, kind: kind, values: found[position])
    }
    var columns: [Column?] = []
    let names = Set(found[0].map { $0 ?? .null })
    if names.count > 1 || table.ids.count == 1 { columns.append(column("name", 0, .text)) }
    let status = zip(found[1], found[2]).map { Self.word(ofStatus: $0, liveness: $1) }
    columns.append(Column(name: "status", kind: .word, values: status, isStatus: true))
    let elapsed = found[4].indices.map { row -> Value? in
      // The time of a run that goes on is counted to the present, not to its last heartbeat.
      guard found[2][row] == .text(Liveness.alive.rawValue), let start = found[3][row]?.timeValue
      else { return found[4][row] }
      return .double(Double(now.microseconds - start.microseconds) / 1e6)
    }
    columns.append(column("started", 3, .time))
    if elapsed.contains(where: { $0 != nil }) {
      columns.append(Column(name: "elapsed", kind: .duration, values: elapsed))
    }
    columns.append(column("tags", 5, .texts))
    columns.append(column("result", 7, .any))
    columns += metrics
    columns += differing(found[6]).map { name, values in
      Column(name: name, kind: .any, values: values)
    }
    return columns.compactMap { $0 }
  }

  /// The entries of configurations that are not the same in all of them, in their order.
  static func differing(_ configs: [Value?]) -> [(name: String, values: [Value?])] {
    var entries: OrderedDictionary<String, [Value?]> = [:]
    for (row, config) in configs.enumerated() {
      for (name, value) in leaves(of: config ?? .null) {
        entries[name, default: Array(repeating: nil, count: configs.count)][row] = value
      }
    }
    return entries.filter { _, values in
      values.dropFirst().contains { value in
        switch (value, values[0]) {
        case (let value?, let first?): !value.equals(first)
        default: value != values[0]
        }
      }
    }.map { ($0.key, $0.value) }
  }

  /// The entries of a configuration that are no maps, by their dotted names.
  static func leaves(of value: Value) -> [(name: String, value: Value)] {
    var leaves: [(name: String, value: Value)] = []
    func visit(_ value: Value, _ path: [String]) {
      guard case .map(let entries) = value.queryForm, !entries.isEmpty else {
        if let first = path.first {
          leaves.append((path.dropFirst().reduce(first) { "\($0).\($1)" }, value))
        }
        return
      }
      for (name, value) in entries { visit(value, path + [name]) }
    }
    visit(value, [])
    return leaves
  }

  // MARK: - For people

  /// The table as it is shown.
  var table: TextTable {
    TextTable(
      columns: [TextTable.Column("id", .right)]
        + (origins.isEmpty ? [] : [TextTable.Column("store")])
        + columns.map { column in
          switch column.kind {
          case .text, .texts:
            TextTable.Column(column.name, .left, minimumWidth: 8, cut: .middle)
          case .any where !column.holdsNumbers:
            TextTable.Column(column.name, .left, minimumWidth: 8, cut: .middle)
          case .word, .time, .section: TextTable.Column(column.name)
          case .duration: TextTable.Column(column.name, .right)
          default:
            TextTable.Column(
              column.name, .decimal, minimumWidth: column.widthOfNumbers, cut: .middle)
          }
        },
      rows: ids.indices.map { row in
        // Of several stores, what stands there can be typed as it is.
        let word = origins.isEmpty ? ids[row] : ShellWord.text(origins[row].word(for: ids[row]))
        return [TextTable.Cell(word, .bold)]
          + (origins.isEmpty ? [] : [TextTable.Cell(origins[row].name)])
          + columns.map { cell(of: $0.values[row], in: $0) }
      }, leftOutHint: "choose with --columns; all in --json")
  }

  private func cell(of value: Value?, in column: Column) -> TextTable.Cell {
    guard let value else { return "" }
    if column.isStatus, let word = value.textValue {
      return TextTable.Cell(word, Self.style(of: word))
    }
    switch (column.kind, value) {
    case (.time, .time(let time)): return TextTable.Cell(TimeText.age(of: time, at: now), .dim)
    case (.duration, _):
      guard let seconds = value.doubleValue, seconds.isFinite, abs(seconds) < 1e15 else {
        return ""
      }
      return TextTable.Cell(TimeText.text(of: .seconds(seconds)))
    case (.texts, .list(let texts)):
      return TextTable.Cell(texts.compactMap(\.textValue).joined(separator: ","), .cyan)
    default: return TextTable.Cell(NumberText.text(of: value))
    }
  }

  /// The word for a run's status: a dead run is not running, whatever its record says.
  static func word(ofStatus status: Value?, liveness: Value?) -> Value? {
    switch liveness?.textValue {
    case Liveness.dead.rawValue: "DIED"
    case Liveness.probablyDead.rawValue: "DIED?"
    default: status
    }
  }

  /// The color of a status.
  static func style(of status: String) -> TextStyle {
    switch status {
    case "COMPLETED": .green
    case "RUNNING": .cyan
    case "QUEUED": .dim
    case "INTERRUPTED", "TIMEOUT": .yellow
    case "FAILED", "DIED", "DIED?": .red
    default: []
    }
  }

  // MARK: - For programs

  func writeJSON(to write: (String) throws -> Void) throws {
    for row in ids.indices {
      var entries: Value.Entries = ["id": Value.id(ids[row])]
      if !origins.isEmpty { entries["store"] = .text(origins[row].path) }
      for column in columns { entries[column.name] = column.values[row] ?? .null }
      let line = JSONWriter.bytes(.map(entries), style: .strict)
      try write(String(decoding: line, as: UTF8.self) + "\n")
    }
  }

  func writeCSV(to write: (String) throws -> Void) throws {
    let writer = CSVWriter()
    try write(
      writer.line(of: ["id"] + (origins.isEmpty ? [] : ["store"]) + columns.map(\.name)))
    for row in ids.indices {
      try write(
        writer.line(
          of: [ids[row]] + (origins.isEmpty ? [] : [origins[row].path])
            + columns.map { Self.text(of: $0.values[row]) }))
    }
  }

  /// A value in full, as a table for programs has it.
  static func text(of value: Value?) -> String {
    switch value {
    case nil, .null: ""
    case .text(let text): text
    case .time(let time): time.description
    case .list, .map, .opaque, .bytes:
      String(decoding: JSONWriter.bytes(value ?? .null, style: .strict), as: UTF8.self)
    case let value?: value.description
    }
  }
}

extension QueryField {
  /// Whether a column of the usual ones has the field's values.
  fileprivate func isMeant(by column: String) -> Bool {
    readings.contains { reading in
      switch reading {
      case .fixed(let fixed): fixed.rawValue == column
      case .metric(let name, .last): name == column
      case .entry(.config, let path): path.joined(separator: ".") == column
      case .entry(.result, []): column == "result"
      default: false
      }
    }
  }
}

extension RunListing.Column {
  /// The width that its numbers need, where it has other values too, which may be cut.
  fileprivate var widthOfNumbers: Int? {
    let there = values.compactMap { $0 }
    guard there.contains(where: { $0.doubleValue == nil }) else { return nil }
    return there.filter { $0.doubleValue != nil }.map { NumberText.text(of: $0).count }.max()
      .map { max($0, 8) }
  }

  /// Whether its values are numbers for the most part.
  fileprivate var holdsNumbers: Bool {
    let there = values.compactMap { $0 }
    return !there.isEmpty && 2 * there.count { $0.doubleValue != nil } > there.count
  }
}

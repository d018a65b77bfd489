import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections

/// The runs in which a metric was least or greatest, the best first.
struct BestRuns {
  /// What is best.
  enum Goal: String, CaseIterable {
    case min, max
  }

  /// A run with its best point.
  struct Run {
    var id: String
    var name: String
    var status: String
    var value: Value
    var step: Value?
    var time: Timestamp?
    var start: Timestamp?
    /// Whether no run is better.
    var isBest: Bool

    /// From the run's start to its best point.
    var elapsed: Duration? {
      guard let time, let start else { return nil }
      return time.since(start)
    }
  }

  let metric: String
  let goal: Goal
  let runs: [Run]
  /// What of the store could not be read, one line each.
  let notes: [String]
  /// The entries of the configuration that are not the same in all of the runs.
  private let entries: [(name: String, values: [Value?])]

  /// Finds the runs.
  ///
  /// - Parameters:
  ///   - metric: The metric's name.
  ///   - goal: What is best.
  ///   - query: Which runs may be best.
  ///   - store: Where they are.
  ///   - limit: The most runs.
  ///   - now: The present moment.
  /// - Throws: The database's error.
  init(
    of metric: String, _ goal: Goal, among query: Query, in store: FileStore, limit: Int,
    now: Timestamp
  ) throws {
    (self.metric, self.goal) = (metric, goal)
    let isMin = goal == .min
    let best = QueryField(.metric(metric, isMin ? .min : .max))
    let fields = [
      best, QueryField(.metric(metric, isMin ? .minStep : .maxStep)),
      QueryField(.metric(metric, isMin ? .minTime : .maxTime)), QueryField(.fixed(.started)),
      QueryField(.fixed(.name)), QueryField(.fixed(.status)), QueryField(.entry(.config, [])),
      QueryField(.fixed(.liveness)),
    ]
    let condition = QueryCondition.has(best)
    let table = try store.table(
      RunSelection(
        Query(query.condition.map { .all([$0, condition]) } ?? condition),
        order: [RunOrder(best, isDescending: !isMin)], fields: fields, limit: limit, now: now))
    let columns = table.columns
    notes = table.notes
    let winner = columns[0].first ?? nil
    runs = table.ids.indices.compactMap { row -> Run? in
      guard let value = columns[0][row] else { return nil }
      return Run(
        id: table.ids[row], name: columns[4][row]?.textValue ?? "",
        status: RunListing.word(ofStatus: columns[5][row], liveness: columns[7][row])?.textValue
          ?? "",
        value: value, step: columns[1][row],
        time: columns[2][row]?.timeValue, start: columns[3][row]?.timeValue,
        isBest: winner.map { value.equals($0) } ?? false)
    }
    entries = RunListing.differing(columns[6])
  }

  // MARK: - For people

  var table: TextTable {
    let hasNames = Set(runs.map(\.name)).count > 1
    let hasStatus = runs.contains { $0.status != RunStatus.completed.rawValue }
    var columns = [TextTable.Column(""), TextTable.Column("id", .right)]
    if hasNames { columns.append(TextTable.Column("name", minimumWidth: 8, cut: .middle)) }
    if hasStatus { columns.append(TextTable.Column("status")) }
    columns += [
      TextTable.Column("\(metric) \(goal.rawValue)", .decimal), TextTable.Column("step", .right),
      TextTable.Column("after", .right),
    ]
    columns += entries.map { entry in
      entry.values.allSatisfy { $0?.doubleValue != nil }
        ? TextTable.Column(entry.name, .decimal)
        : TextTable.Column(entry.name, minimumWidth: 8, cut: .middle)
    }
    let rows = runs.enumerated().map { row, run in
      let style: TextStyle = run.isBest ? [.bold, .green] : []
      var cells = [
        TextTable.Cell(run.isBest ? "*" : "", style),
        TextTable.Cell(run.id, run.isBest ? style : .bold),
      ]
      if hasNames { cells.append(TextTable.Cell(run.name, style)) }
      if hasStatus { cells.append(TextTable.Cell(run.status, RunListing.style(of: run.status))) }
      cells += [
        TextTable.Cell(NumberText.text(of: run.value), style),
        TextTable.Cell(run.step.map { NumberText.text(of: $0) } ?? "", style),
        TextTable.Cell(run.elapsed.map { TimeText.text(of: $0) } ?? "", style),
      ]
      return cells
        + entries.map { entry in
          TextTable.Cell(entry.values[row].map { NumberText.text(of: $0) } ?? "", style)
        }
    }
    return TextTable(columns: columns, rows: rows, leftOutHint: "all in --json")
  }

  // MARK: - For programs

  private static let facts = ["id", "name", "status", "value", "step", "time", "seconds"]

  private func values(of run: Run) -> [Value?] {
    let seconds = run.elapsed.map { elapsed in
      let parts = elapsed.components
      return Value.double(Double(parts.seconds) + Double(parts.attoseconds) * 1e-18)
    }
    return [
      .id(run.id), .text(run.name), .text(run.status), run.value, run.step,
      run.time.map(Value.time), seconds,
    ]
  }

  func writeJSON(to write: (String) throws -> Void) throws {
    for (row, run) in runs.enumerated() {
      var object: Value.Entries = [:]
      for (name, value) in zip(Self.facts, values(of: run)) { object[name] = value ?? .null }
      let config = entries.compactMap { entry in entry.values[row].map { (entry.name, $0) } }
      object["config"] = .map(Value.Entries(config) { first, _ in first })
      let line = JSONWriter.bytes(.map(object), style: .strict)
      try write(String(decoding: line, as: UTF8.self) + "\n")
    }
  }

  func writeCSV(to write: (String) throws -> Void) throws {
    let writer = CSVWriter()
    try write(writer.line(of: Self.facts + entries.map { "config.\($0.name)" }))
    for (row, run) in runs.enumerated() {
      let cells = values(of: run) + entries.map { $0.values[row] }
      try write(writer.line(of: cells.map(RunListing.text(of:))))
    }
  }
}

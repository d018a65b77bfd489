import GrailCore
import GrailRecord
import OrderedCollections

/// Groups of runs as `grail ls --group-by` shows them.
struct GroupListing: Listing {
  let groups: RunGroups
  /// Short names for the paths of stores, where there are several.
  let storeNames: [String: String]

  // MARK: - For people

  var table: TextTable {
    let left = groups.valueNames.indices.filter { position in
      groups.groups.contains { $0.summaries[position].leftOutCount > 0 }
    }
    var columns: [TextTable.Column] = []
    for (position, name) in groups.keyNames.enumerated() {
      let areNumbers = groups.groups.allSatisfy {
        $0.key[position]?.queryForm.doubleValue != nil || $0.key[position] == nil
      }
      columns.append(
        areNumbers
          ? TextTable.Column(name, .decimal)
          : TextTable.Column(name, minimumWidth: 8, cut: .middle))
    }
    columns.append(TextTable.Column("n", .right))
    for (position, name) in groups.valueNames.enumerated() {
      columns += RunGroups.Statistic.allCases.map {
        TextTable.Column("\(name) \($0.rawValue)", .decimal)
      }
      if left.contains(position) { columns.append(TextTable.Column("left out", .right)) }
    }
    let rows = groups.groups.map { group in
      var cells = zip(groups.keyNames, group.key).map { name, value in
        if name == RunGrouping.storeName, let short = value?.textValue.flatMap({ storeNames[$0] }) {
          return TextTable.Cell(short, .bold)
        }
        return value.map { TextTable.Cell(NumberText.text(of: $0), .bold) }
          ?? TextTable.Cell("–", .dim)
      }
      cells.append(TextTable.Cell("\(group.count)"))
      for (position, summary) in group.summaries.enumerated() {
        cells += RunGroups.Statistic.allCases.map { statistic in
          TextTable.Cell(
            summary.value(of: statistic).map { NumberText.text(of: $0) } ?? "",
            statistic == .mean ? [] : .dim)
        }
        if left.contains(position) {
          let count = summary.leftOutCount
          cells.append(TextTable.Cell(count > 0 ? "\(count)" : "", .yellow))
        }
      }
      return cells
    }
    return TextTable(
      columns: columns, rows: rows, leftOutHint: "choose with --columns; all in --json")
  }

  // MARK: - For programs

  func writeJSON(to write: (String) throws -> Void) throws {
    for group in groups.groups {
      let key = zip(groups.keyNames, group.key).compactMap { name, value in
        value.map { (name, $0) }
      }
      let values = zip(groups.valueNames, group.summaries).map { name, summary in
        (name, summary.object)
      }
      let object: Value = [
        "group": .map(Value.Entries(key) { first, _ in first }), "n": .int(Int64(group.count)),
        "values": .map(Value.Entries(values) { first, _ in first }),
      ]
      let line = JSONWriter.bytes(object, style: .strict)
      try write(String(decoding: line, as: UTF8.self) + "\n")
    }
  }

  func writeCSV(to write: (String) throws -> Void) throws {
    let writer = CSVWriter()
    let heads = groups.valueNames.flatMap { name in
      ["mean", "median", "sd", "n"].map { "\(name).\($0)" }
    }
    try write(writer.line(of: groups.keyNames + ["n"] + heads))
    for group in groups.groups {
      let cells = group.summaries.flatMap { summary in
        RunGroups.Statistic.allCases.map { summary.value(of: $0)?.description ?? "" }
          + ["\(summary.count)"]
      }
      try write(
        writer.line(of: group.key.map(RunListing.text(of:)) + ["\(group.count)"] + cells))
    }
  }
}

extension SampleSummary {
  /// The members that are no numbers.
  fileprivate var leftOutCount: Int { missingCount + notANumberCount }

  fileprivate var object: Value {
    [
      "n": .int(Int64(count)), "missing": .int(Int64(missingCount)),
      "nan": .int(Int64(notANumberCount)), "mean": mean.map(Value.double) ?? .null,
      "median": median.map(Value.double) ?? .null, "sd": deviation.map(Value.double) ?? .null,
    ]
  }
}

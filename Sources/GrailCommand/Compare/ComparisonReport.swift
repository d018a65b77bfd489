import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections
import SystemPackage

/// A comparison of runs as `grail diff` prints it.
struct ComparisonReport {
  let comparison: RunComparison
  private let compared: ComparedRuns
  private let context: CommandContext
  private var terminal: Terminal { context.output }

  init(_ compared: ComparedRuns, _ comparison: RunComparison, _ context: CommandContext) {
    (self.compared, self.comparison, self.context) = (compared, comparison, context)
  }

  // MARK: - For people

  func write(to write: (String) throws -> Void) throws {
    guard !comparison.isEmpty else { return try write(sameness + "\n") }
    try table.write(for: terminal, to: write)
  }

  /// That nothing differs, and what always does.
  private var sameness: String {
    let names = compared.names.map { DisplayText($0).text }
    let runs = "\(names.dropLast().joined(separator: ", ")) and \(names.last ?? "")"
    let records = compared.runs.map(\.record)
    let always: [(name: String, differs: Bool)] = [
      ("id", true), ("start time", Set(records.map(\.startTime)).count > 1),
      ("elapsed time", Set(records.map(\.elapsed)).count > 1),
    ]
    let different = always.filter(\.differs).map(\.name)
    let list =
      different.count > 1
      ? different.dropLast().joined(separator: ", ") + " and " + (different.last ?? "")
      : different.joined()
    return "runs \(runs) are the same but for \(list)"
  }

  private var table: TextTable {
    let isPair = compared.runs.count == 2
    let columns =
      [TextTable.Column("", minimumWidth: 12, cut: .middle)]
      + compared.names.map { TextTable.Column($0, minimumWidth: 10, cut: .middle) }
    var rows = [
      [""]
        + compared.runs.map { run in
          TextTable.Cell(
            run.record.startTime.map { TimeText.age(of: $0, at: context.now) } ?? "not started",
            .dim)
        }
    ]
    if !terminal.isInteractive { rows = [] }
    for (part, entries) in comparison.differences {
      if !rows.isEmpty { rows.append([]) }
      rows.append([TextTable.Cell(part.rawValue, .bold)])
      for entry in entries {
        let cells = entry.values.enumerated().map { position, value in
          cell(value, style: isPair ? (position == 0 ? .red : .green) : [])
        }
        rows.append([TextTable.Cell("  " + entry.name)] + cells + change(of: entry, in: part))
      }
    }
    let hasChanges = isPair && rows.contains { $0.count > 3 }
    return TextTable(
      columns: columns + (hasChanges ? [TextTable.Column("")] : []), rows: rows,
      leftOutHint: "all of them: --json")
  }

  private func cell(_ value: Value?, style: TextStyle) -> TextTable.Cell {
    switch value {
    case nil: TextTable.Cell("–", .dim)
    case .text(let text)? where text.isEmpty: TextTable.Cell("''", style)
    case let value?: TextTable.Cell(NumberText.text(of: value), style)
    }
  }

  /// What became of a file from the first run of two to the second.
  private func change(of entry: RunComparison.Entry, in part: RunComparison.Part) -> [TextTable
    .Cell]
  {
    guard compared.runs.count == 2, part == .sources || part == .dependencies else { return [] }
    let word =
      switch (entry.values[0], entry.values[1]) {
      case (nil, _): "added"
      case (_, nil): "gone"
      default: "changed"
      }
    return [TextTable.Cell(word, .dim)]
  }

  // MARK: - Lines of texts

  /// Writes the lines in which sources differ, and those of the stored differences from commits.
  func writeSources(to write: (String) throws -> Void) throws {
    let (old, new) = (compared.runs[0], compared.runs[1])
    var pairs: OrderedDictionary<String, [(mark: String?, path: String?)?]> = [:]
    for (side, run) in [old, new].enumerated() {
      for source in run.record.experiment.sources {
        pairs[source.path, default: [nil, nil]][side] =
          (source.contentMark, run.reader.path(of: source))
      }
      for tree in run.record.workingTrees {
        guard let stored = tree.storedChanges else { continue }
        pairs["differences from \(tree.url)", default: [nil, nil]][side] =
          (SourceRecord.mark(inName: stored), run.reader.path(ofShared: stored))
      }
    }
    for (name, sides) in pairs {
      if let old = sides[0]?.mark, old == sides[1]?.mark { continue }
      try writeLines(
        of: name, to: write,
        texts: sides.map { side in
          { sink in
            guard let path = side?.path else { return }
            try sink(WholeFile.read(path))
          }
        })
    }
  }

  /// Writes the lines in which outputs differ, their times left out.
  func writeOutput(to write: (String) throws -> Void) throws {
    try writeLines(
      of: "output", to: write,
      texts: compared.runs.map { run in { try run.readTimelessOutput(into: $0) } })
  }

  private func writeLines(
    of name: String, to write: (String) throws -> Void,
    texts: [(LineDifference.Sink) throws -> Void]
  ) throws {
    let heading = terminal.styled(DisplayText(name), .bold)
    var hasHeading = false
    let isCompared: Bool
    do {
      isCompared = try LineDifference.find(from: texts[0], to: texts[1]) { line in
        if !hasHeading { try write("\n\(heading)\n") }
        hasHeading = true
        try write("  " + terminal.styled(DisplayText(line), LineDifference.style(of: line)) + "\n")
      }
    } catch let error as Errno {
      return try write("\n\(heading): cannot be read: \(DisplayText("\(error)"))\n")
    }
    if !isCompared {
      try write("\n\(heading): the program 'diff' is needed to show lines\n")
    }
  }

  // MARK: - For programs

  func writeJSON(to write: (String) throws -> Void) throws {
    var differences: Value.Entries = [:]
    for (part, entries) in comparison.differences {
      var values: Value.Entries = [:]
      for entry in entries {
        let there = zip(compared.names, entry.values).compactMap { name, value in
          value.map { (name, $0) }
        }
        values[entry.name] = .map(Value.Entries(there) { first, _ in first })
      }
      differences[part.rawValue] = .map(values)
    }
    let object: Value = [
      "runs": .list(compared.names.map(Value.text)), "same": .bool(comparison.isEmpty),
      "differences": .map(differences),
    ]
    try write(String(decoding: JSONWriter.bytes(object, style: .strict), as: UTF8.self) + "\n")
  }
}

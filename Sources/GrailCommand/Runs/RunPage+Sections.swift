import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections

extension RunPage {
  /// Lays out everything of a run.
  ///
  /// - Parameters:
  ///   - run: The run.
  ///   - terminal: What the output can show.
  ///   - isWhole: Whether nothing is folded.
  ///   - outputLines: The number of last lines of its output.
  ///   - now: The present moment.
  init(
    of run: StoredDirectory, for terminal: Terminal, isWhole: Bool, outputLines: Int, now: Timestamp
  ) {
    self.init(for: terminal, isWhole: isWhole)
    let record = run.record
    addHeading(run, now: now)
    addFailure(record)
    addConfig(record)
    if !record.result.isNull {
      begin("Result")
      add(record.result)
    }
    addMetrics(run)
    if !record.info.isEmpty {
      begin("Info")
      add(.map(record.info))
    }
    addProgress(record, isRunning: run.liveness == .alive, now: now)
    addTroubles(run, now: now)
    addFiles(run)
    addOrigin(record)
    addOutput(run, lineCount: outputLines)
  }

  // MARK: - Heading

  private mutating func addHeading(_ run: StoredDirectory, now: Timestamp) {
    let (record, added) = (run.record, run.annotations)
    let state = StateText(record, liveness: run.liveness, now: now)
    let name = added.name ?? record.experiment.name
    let shortName = DisplayText(name, maximumWidth: max(12, width - 40)).text
    add(
      [
        (record.id, .bold), ("  ", []), (shortName, .bold), ("  ", []),
        (state.word, [state.style, .bold]), (state.detail.isEmpty ? "" : " " + state.detail, []),
      ], indent: 0)
    var entries: [(name: String, parts: [Part])] = []
    func entry(_ name: String, _ text: String?, _ style: TextStyle = []) {
      if let text, !text.isEmpty { entries.append((name, [(text, style)])) }
    }
    func moment(_ name: String, _ time: Timestamp?) {
      guard let time else { return }
      entries.append(
        (
          name,
          [
            ("\(TimeText.moment(time)) UTC", []), ("  \(TimeText.age(of: time, at: now))", .dim),
          ]
        ))
    }
    entry("state", state.advice, .yellow)
    if record.startTime == nil { moment("queued", record.queueTime) }
    moment("started", record.startTime)
    entry("tags", added.tags.joined(separator: ", "), .cyan)
    entry("note", added.note)
    entry("comment", record.meta["comment"]?.textValue)
    if name != record.experiment.name { entry("experiment", record.experiment.name) }
    // Sacred's commands are called "main" unless another is called.
    let usual = record.key == nil ? "main" : "run"
    if record.command != usual { entry("command", record.command) }
    entry("group", record.group)
    entry("parent", record.parent)
    if record.sessions.count > 1 { entry("sessions", "\(record.sessions.count)") }
    if isWhole { entry("key", record.key?.description) }
    add(entries: entries)
  }

  private mutating func addFailure(_ record: RunRecord) {
    let lines = record.failTrace.joined().split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).map { $0.split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "    ") }
    let trace = lines.last == "" ? Array(lines.dropLast()) : lines
    guard !trace.isEmpty else { return }
    begin("Why it ended", style: [.bold, .red])
    addFolded(trace, head: 6, tail: 10)
  }

  private mutating func addConfig(_ record: RunRecord) {
    guard !record.config.isEmpty else { return }
    begin("Config")
    add(
      .map(record.config),
      notes: Dictionary(uniqueKeysWithValues: record.configSources.lazy.map { ($0.key, $0.value) }))
  }

  // MARK: - Metrics and progress

  /// The most rows of a table, unless everything is laid out.
  private static let mostRows = 20

  private mutating func addMetrics(_ run: StoredDirectory) {
    let metrics = run.metrics
    guard !metrics.isEmpty else { return }
    begin("Metrics")
    let shown = isWhole || metrics.count <= Self.mostRows + 1 ? metrics.count : Self.mostRows
    add(
      TextTable(
        columns: [
          TextTable.Column("name", .left, minimumWidth: 16, cut: .middle),
          TextTable.Column("count", .right), TextTable.Column("first", .decimal),
          TextTable.Column("last", .decimal), TextTable.Column("min", .decimal),
          TextTable.Column("at step", .right), TextTable.Column("max", .decimal),
          TextTable.Column("at step", .right), TextTable.Column("mean", .decimal),
        ],
        rows: metrics.prefix(shown).map { Self.row(of: $0, in: run) },
        leftOutHint: "all in --json"))
    addRest(metrics.count - shown, "metrics")
  }

  private static func row(
    of metric: MetricDescriptor, in run: StoredDirectory
  ) -> [TextTable.Cell] {
    let name = metric.name + (metric.unit.map { " (\($0))" } ?? "")
    let statistics: QueryMetric?
    do {
      statistics = try run.statistics(metric.name)
    } catch {
      return [TextTable.Cell(name), TextTable.Cell("unreadable", .red)]
    }
    guard let statistics else { return [TextTable.Cell(name), "0"] }
    func number(_ value: Value?) -> TextTable.Cell {
      TextTable.Cell(
        DisplayText(value.map { NumberText.text(of: $0, maximumWidth: 24) } ?? "", maximumWidth: 24)
      )
    }
    func step(_ point: QueryMetric.Point?) -> TextTable.Cell {
      TextTable.Cell(point?.step.map(String.init) ?? "", .dim)
    }
    return [
      TextTable.Cell(name), TextTable.Cell(NumberText.text(ofCount: statistics.count)),
      number(statistics.first?.value), number(statistics.last?.value),
      number(statistics.min?.value), step(statistics.min),
      number(statistics.max?.value), step(statistics.max),
      number(statistics.mean.map(Value.double)),
    ]
  }

  private mutating func addProgress(_ record: RunRecord, isRunning: Bool, now: Timestamp) {
    guard !record.progress.isEmpty else { return }
    begin("Progress")
    let shown = isWhole ? record.progress.count : min(Self.mostRows, record.progress.count)
    add(
      TextTable(
        columns: [
          TextTable.Column("", .left, minimumWidth: 8, cut: .middle), TextTable.Column(""),
          TextTable.Column("", .right), TextTable.Column("", .right), TextTable.Column(""),
        ],
        rows: record.progress.suffix(shown).map { progress in
          let text = ProgressText(progress)
          let remaining = isRunning ? text.remaining(at: now) : nil
          return [
            TextTable.Cell(progress.label), TextTable.Cell(text.bar(width: 16), .cyan),
            TextTable.Cell(text.percentage), TextTable.Cell(text.count),
            TextTable.Cell(remaining.map { "\(TimeText.text(of: $0)) left" } ?? "", .dim),
          ]
        }, hasHeader: false))
    addRest(record.progress.count - shown, "loops")
  }

  // MARK: - Troubles

  private mutating func addTroubles(_ run: StoredDirectory, now: Timestamp) {
    let record = run.record
    if !record.warnings.isEmpty {
      begin("Warnings", style: [.bold, .yellow])
      let shown = isWhole ? record.warnings.count : min(10, record.warnings.count)
      for warning in record.warnings.prefix(shown) {
        let (message, time) = (warning.message, TimeText.momentWithSeconds(warning.time))
        addWhole("\(time)  \(message)")
      }
      addRest(record.warnings.count - shown, "warnings")
    }
    if !record.losses.isEmpty {
      begin("Lost", style: [.bold, .yellow])
      let losses = record.losses
      let counts = [
        losses.points > 0 ? "\(NumberText.text(ofCount: Int(losses.points))) points" : nil,
        losses.events > 0 ? "\(NumberText.text(ofCount: Int(losses.events))) other records" : nil,
        losses.outputBytes > 0
          ? "\(NumberText.text(ofBytes: losses.outputBytes)) of output" : nil,
      ].compactMap { $0 }.joined(separator: ", ")
      addWhole(losses.reason.map { "\(counts): \($0)" } ?? counts)
    }
    if !run.notes.isEmpty {
      begin("Not readable", style: [.bold, .yellow])
      addFolded(run.notes, head: 10, tail: 0)
    }
    addDeliveries(record, now: now)
  }

  private mutating func addDeliveries(_ record: RunRecord, now: Timestamp) {
    guard !record.deliveries.isEmpty else { return }
    begin("Deliveries")
    for delivery in record.deliveries {
      var parts: [Part] = [(delivery.observer, [])]
      parts.append(("  \(NumberText.text(ofCount: Int(delivery.offset))) received", .dim))
      if delivery.undelivered > 0 {
        parts.append(("  \(NumberText.text(ofCount: Int(delivery.undelivered))) waiting", .yellow))
      }
      if delivery.givenUp > 0 {
        parts.append(("  \(NumberText.text(ofCount: Int(delivery.givenUp))) refused", .red))
      }
      if let since = delivery.failingSince {
        parts.append(("  failing since \(TimeText.age(of: since, at: now))", .red))
      }
      add(parts)
      if let error = delivery.error { addWhole("  \(error)", .dim) }
    }
  }

  // MARK: - Files

  private mutating func addFiles(_ run: StoredDirectory) {
    let record = run.record
    addFiles(
      "Artifacts",
      record.artifacts.map { artifact in
        (
          artifact.name, artifact.byteCount, run.reader.path(of: artifact),
          artifact.contentType ?? ""
        )
      })
    addFiles(
      "Resources",
      record.resources.map { resource in
        (
          resource.path, resource.byteCount, run.reader.path(of: resource),
          resource.isReference ? "by reference" : ""
        )
      })
    let sources = record.experiment.sources
    let packages = record.experiment.dependencies
    if !sources.isEmpty || !packages.isEmpty || record.experiment.mainFile != nil {
      begin("Sources")
      let folder = record.experiment.baseDirectory
      add(entries: [
        ("files", sources.isEmpty ? nil : NumberText.text(ofCount: sources.count)),
        ("main file", record.experiment.mainFile), ("folder", folder.isEmpty ? nil : folder),
        ("packages", packages.isEmpty ? nil : NumberText.text(ofCount: packages.count)),
      ])
      if isWhole {
        for source in sources { add(source.path) }
        for package in packages { add(package, .dim) }
      }
    }
  }

  private typealias File = (name: String, byteCount: Int64?, path: String, note: String)

  private mutating func addFiles(_ title: String, _ files: [File]) {
    guard !files.isEmpty else { return }
    begin(title)
    let shown = isWhole || files.count <= Self.mostRows + 1 ? files.count : Self.mostRows
    add(
      TextTable(
        columns: [
          TextTable.Column("", .left, minimumWidth: 8, cut: .middle), TextTable.Column("", .right),
          TextTable.Column(""),
        ],
        rows: files.prefix(shown).map { file in
          let found = FileIdentity(path: file.path)
          let size = file.byteCount ?? found?.byteCount
          let note = found == nil ? "not there" : file.note
          return [
            TextTable.Cell(file.name),
            TextTable.Cell(size.map { NumberText.text(ofBytes: $0) } ?? ""),
            TextTable.Cell(note, found == nil ? .yellow : .dim),
          ]
        }, hasHeader: false))
    addRest(files.count - shown, title.lowercased())
  }

  // MARK: - Where it comes from

  private mutating func addOrigin(_ record: RunRecord) {
    addRepositories(record)
    if !record.arguments.isEmpty || record.workingDirectory != nil {
      begin("Command line")
      if !record.arguments.isEmpty {
        addWhole(record.arguments.map(ShellWord.text).joined(separator: " "))
      }
      if let folder = record.workingDirectory { add("in \(folder)", .dim) }
    }
    guard !record.host.isEmpty else { return }
    begin("Host")
    if isWhole {
      add(.map(record.host))
    } else {
      add(Self.host(record.host))
    }
  }

  private mutating func addRepositories(_ record: RunRecord) {
    var lines: OrderedSet<[String]> = []
    for tree in record.workingTrees {
      lines.append([
        tree.commit ?? "no commit", tree.branch ?? "", tree.isDirty ? "dirty" : "", tree.url,
      ])
    }
    if record.workingTrees.isEmpty {
      for repository in record.experiment.repositories {
        lines.append([
          repository["commit"]?.textValue ?? "no commit", "",
          repository["dirty"]?.boolValue == true ? "dirty" : "",
          repository["url"]?.textValue ?? "",
        ])
      }
    }
    guard !lines.isEmpty else { return }
    begin("Git")
    for line in lines {
      let commit = isWhole ? line[0] : String(line[0].prefix(12))
      add([
        (commit, TextStyle()), (line[1].isEmpty ? "" : "  \(line[1])", .cyan),
        (line[2].isEmpty ? "" : "  \(line[2])", .yellow), ("  \(line[3])", .dim),
      ])
    }
  }

  /// The machine in a line.
  private static func host(_ host: Value.Entries) -> String {
    let system = host["os"].map { os in
      os.listValue?.last?.textValue ?? os.textValue ?? NumberText.text(of: os)
    }
    return [host["hostname"]?.textValue, system, host["cpu"]?.textValue]
      .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  // MARK: - Output

  private mutating func addOutput(_ run: StoredDirectory, lineCount: Int) {
    guard lineCount > 0 else { return }
    let end = OutputEnd(of: run.reader, lineCount: lineCount, keepsColors: terminal.isColored)
    guard !end.lines.isEmpty else { return }
    begin(
      "Output", note: end.isWhole ? "" : "the last lines; 'grail logs \(run.record.id)' shows all")
    add(safe: end.lines)
  }
}

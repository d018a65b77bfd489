import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections

extension StoreStatus {
  /// A run that goes on in a page needs so much room; what else is on it needs the rest.
  private static let otherLines = 16
  /// The most runs of the other kinds on a screen.
  private static let fewRows = 4

  /// The page for people, which fits a screen where there is one.
  ///
  /// - Parameters:
  ///   - store: The store.
  ///   - terminal: What the output can show.
  ///   - now: The present moment.
  /// - Returns: The lines.
  func lines(of store: FileStore, for terminal: Terminal, now: Timestamp) -> [String] {
    var page = RunPage(for: terminal, isWhole: false)
    let isScreen = terminal.isInteractive
    if !running.isEmpty {
      page.begin("Running", style: [.bold, .cyan])
      let most = isScreen ? max(Self.fewRows, terminal.height - Self.otherLines) : running.count
      page.add(Self.table(running.prefix(most), in: store, for: terminal, now: now))
      Self.addRest(running.count - most, "running", to: &page)
    }
    if !died.isEmpty {
      page.begin("Died", note: "'grail doctor' finishes their records", style: [.bold, .red])
      let most = isScreen ? Self.fewRows : died.count
      page.add(
        Self.table(died.prefix(most)) { entry in
          let last = entry.seen.map { "last heard of \(TimeText.age(of: $0, at: now))" } ?? ""
          return entry.liveness == .probablyDead ? "\(last), probably dead" : last
        })
      Self.addRest(died.count - most, "running", to: &page)
    }
    if !queued.isEmpty {
      page.begin("Queued")
      let most = isScreen ? Self.fewRows : queued.count
      page.add(
        Self.table(queued.prefix(most)) { entry in
          entry.seen.map { TimeText.age(of: $0, at: now) } ?? ""
        })
      Self.addRest(queued.count - most, "queued", to: &page)
    }
    addEnded(to: &page)
    if running.isEmpty, died.isEmpty, queued.isEmpty {
      page.begin("Nothing runs", note: "in \(store.folder.path)", style: .dim)
    }
    return Array(page.lines.dropFirst())
  }

  private static func addRest(_ count: Int, _ status: String, to page: inout RunPage) {
    guard count > 0 else { return }
    page.add(
      "… \(NumberText.text(ofCount: count)) more; 'grail ls status=\(status)' lists them", .dim)
  }

  private static func table(
    _ entries: some Sequence<Entry>, _ text: (Entry) -> String
  ) -> TextTable {
    TextTable(
      columns: [
        TextTable.Column("", .right), TextTable.Column("", .left, minimumWidth: 8, cut: .middle),
        TextTable.Column("", .left, minimumWidth: 12),
      ],
      rows: entries.map { entry in
        [
          TextTable.Cell(entry.id, .bold), TextTable.Cell(entry.name),
          TextTable.Cell(text(entry), .dim),
        ]
      }, hasHeader: false)
  }

  private static func table(
    _ entries: some Sequence<Entry>, in store: FileStore, for terminal: Terminal, now: Timestamp
  ) -> TextTable {
    TextTable(
      columns: [
        TextTable.Column("id", .right),
        TextTable.Column("name", .left, minimumWidth: 8, cut: .middle),
        TextTable.Column("for", .right), TextTable.Column("progress"), TextTable.Column("", .right),
        TextTable.Column("left", .right), TextTable.Column("", .left, minimumWidth: 8),
        TextTable.Column("last values", .left, minimumWidth: 12),
      ],
      rows: entries.map { entry in
        let activity = RunActivity(of: entry.id, in: store, mostMetrics: 4)
        let loop = activity.loop.map(ProgressText.init)
        let isSeen = entry.liveness == .alive
        let elapsed = isSeen ? entry.started.map { now.since($0) } : entry.elapsed
        let remaining = isSeen ? loop?.remaining(at: now) : nil
        let values = activity.metrics.map {
          "\($0.name) \(NumberText.text(of: $0.value, maximumWidth: 16))"
        }
        let counted = loop.map { [$0.count, activity.loop?.label ?? ""].joined(separator: " ") }
        return [
          TextTable.Cell(entry.id, .bold), TextTable.Cell(entry.name),
          TextTable.Cell(elapsed.map { TimeText.text(of: $0) } ?? ""),
          TextTable.Cell(loop?.bar(width: terminal.width < 100 ? 8 : 16) ?? "", .cyan),
          TextTable.Cell(loop?.percentage ?? ""),
          TextTable.Cell(remaining.map { TimeText.text(of: $0) } ?? ""),
          TextTable.Cell(isSeen ? counted ?? "" : "not seen from here", .dim),
          TextTable.Cell(values.joined(separator: ", ")),
        ]
      })
  }

  private func addEnded(to page: inout RunPage) {
    guard !ended.isEmpty else { return }
    page.begin("Ended", note: "in the last 24 hours")
    page.add(
      TextTable(
        columns: [
          TextTable.Column("", .right), TextTable.Column("", .left, minimumWidth: 10),
          TextTable.Column("", .left, minimumWidth: 8),
        ],
        rows: ended.prefix(6).map { status, ids in
          // Those that went well need no look.
          let isFine = status == RunStatus.completed.rawValue
          let some = ids.prefix(5).joined(separator: ", ") + (ids.count > 5 ? ", …" : "")
          return [
            TextTable.Cell(NumberText.text(ofCount: ids.count), .bold),
            TextTable.Cell(status, RunListing.style(of: status)),
            TextTable.Cell(isFine ? "" : some, .dim),
          ]
        }, hasHeader: false))
  }

  // MARK: - For programs

  /// All of it as a value.
  ///
  /// - Parameters:
  ///   - store: The store.
  ///   - now: The present moment.
  /// - Returns: A map.
  func value(of store: FileStore, now: Timestamp) -> Value {
    func value(_ entry: Entry, elapsed: Duration?, seen: String) -> Value.Entries {
      [
        "id": .id(entry.id), "name": .text(entry.name), "liveness": .text(entry.liveness.rawValue),
        "started": entry.started.map(Value.time) ?? .null,
        "elapsed": elapsed.map { .double($0.secondsForQueries) } ?? .null,
        seen: entry.seen.map(Value.time) ?? .null,
      ]
    }
    return [
      "store": .text(store.folder.path),
      "running": .list(
        running.map { entry in
          let isSeen = entry.liveness == .alive
          let activity = RunActivity(of: entry.id, in: store, mostMetrics: .max)
          var entries = value(
            entry, elapsed: isSeen ? entry.started.map { now.since($0) } : entry.elapsed,
            seen: "heartbeat")
          entries["progress"] = .list(
            activity.progress.map { progress in
              let left = isSeen ? ProgressText(progress).remaining(at: now) : nil
              return [
                "label": .text(progress.label), "completed": .int(progress.completed),
                "total": progress.total.map(Value.int) ?? .null,
                "remaining": left.map { .double($0.secondsForQueries) } ?? .null,
              ]
            })
          entries["metrics"] = .map(
            Value.Entries(
              activity.metrics.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
          )
          return .map(entries)
        }),
      "died": .list(died.map { .map(value($0, elapsed: $0.elapsed, seen: "heartbeat")) }),
      "queued": .list(
        queued.map { entry in
          [
            "id": .id(entry.id), "name": .text(entry.name),
            "queued": entry.seen.map(Value.time) ?? .null,
          ]
        }),
      "ended": .map(ended.mapValues { .int(Int64($0.count)) }),
    ]
  }
}

import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections

/// What goes on in a store: what runs, what died, what waits, what ended lately.
struct StoreStatus {
  /// A run in few words.
  struct Entry {
    var id: String
    var name: String
    var liveness: Liveness
    var started: Timestamp?
    /// When it gave the last sign of life; of a queued run, when it was written down.
    var seen: Timestamp?
    var elapsed: Duration?
  }

  /// Runs that go on, as far as can be seen from here, the latest first.
  private(set) var running: [Entry] = []
  /// Runs whose process is gone, or not heard of for long.
  private(set) var died: [Entry] = []
  /// Runs that wait.
  private(set) var queued: [Entry] = []
  /// The ids of the runs that ended lately, by status, the latest first.
  private(set) var ended: OrderedDictionary<String, [String]> = [:]
  /// What could not be read, one line each.
  private(set) var notes: [String] = []

  /// How long "lately" is.
  static let lately = "24h"

  /// Looks at a store.
  ///
  /// - Parameters:
  ///   - store: The store.
  ///   - now: The present moment.
  /// - Throws: The store's error.
  init(of store: FileStore, now: Timestamp) throws {
    let fixed: [QueryField.Fixed] = [
      .name, .status, .liveness, .started, .heartbeat, .queued, .elapsed,
    ]
    let open = try store.table(
      RunSelection(
        Query(parsing: "status in (running, queued)"), fields: fixed.map { QueryField(.fixed($0)) },
        now: now))
    notes = open.notes
    for (row, id) in open.ids.enumerated() {
      let values = open.columns.map { $0[row] }
      let isQueued = values[1]?.textValue == RunStatus.queued.rawValue
      let started = values[3]?.timeValue
      let entry = Entry(
        id: id, name: values[0]?.textValue ?? "",
        liveness: values[2]?.textValue.flatMap(Liveness.init) ?? .unknown, started: started,
        seen: isQueued ? values[5]?.timeValue : values[4]?.timeValue ?? started,
        elapsed: values[6]?.doubleValue.flatMap {
          $0.isFinite && abs($0) < 1e15 ? .seconds($0) : nil
        })
      switch entry.liveness {
      case _ where isQueued: queued.append(entry)
      case .dead, .probablyDead: died.append(entry)
      default: running.append(entry)
      }
    }
    let over = try store.table(
      RunSelection(
        Query(parsing: "not status in (running, queued) and stopped > -\(Self.lately)"),
        order: [RunOrder(QueryField(.fixed(.stopped)), isDescending: true)],
        fields: [QueryField(.fixed(.status))], now: now))
    for (id, status) in zip(over.ids, over.columns.first ?? []) {
      ended[status?.textValue ?? "UNKNOWN", default: []].append(id)
    }
    ended.sort { left, right in
      left.value.count != right.value.count
        ? left.value.count > right.value.count : left.key < right.key
    }
  }
}

/// What a run does at the moment.
struct RunActivity {
  /// How far its loops have come.
  var progress: [ProgressRecord] = []
  /// The last values of its first metrics.
  var metrics: [(name: String, value: Value)] = []

  /// Reads it; what cannot be read is left out.
  ///
  /// - Parameters:
  ///   - id: The run's id.
  ///   - store: Its store.
  ///   - mostMetrics: The most metrics that are read.
  init(of id: String, in store: FileStore, mostMetrics: Int) {
    guard let run = try? store.directory(id) else { return }
    progress = run.record.progress
    for metric in run.metrics.prefix(mostMetrics) {
      guard let last = (try? run.statistics(metric.name))?.last else { continue }
      metrics.append((metric.name, last.value))
    }
  }

  /// The loop that tells most of how long the run takes: the first that is not done.
  var loop: ProgressRecord? {
    progress.first { loop in loop.total.map { loop.completed < $0 } ?? false } ?? progress.last
  }
}

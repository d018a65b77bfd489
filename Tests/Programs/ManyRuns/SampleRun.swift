import CGrailRecord
import GrailCore
import GrailRecord
import OrderedCollections

/// A run with twenty entries and five metrics of a thousand points, different in each.
///
/// Its directory has what an experiment's run leaves there. Only `metrics.json` stays empty: it is
/// the largest by far, and is not read where there is a journal.
struct SampleRun {
  private let files: RunFiles
  private let journal: JournalWriter
  private var record: RunRecord

  /// Begins a run and logs its points.
  init(in store: StoreFolder) throws {
    let (id, directory) = try store.claimRun(id: nil)
    let number = Int(id) ?? 0
    let now = Timestamp(microseconds: grail_clock_precise())
    var generator = SystemRandomNumberGenerator()
    let key = RunKey(time: now, using: &generator)
    files = RunFiles(directory: directory)
    journal = try JournalWriter(path: "\(directory)/journal.1", key: key, session: 1, time: now)
    record = RunRecord(
      key: key, id: id, experiment: ExperimentRecord(name: "sample", baseDirectory: "/project"),
      command: "run", status: .running)
    record.config = Self.config(number)
    record.host = [
      "hostname": .text("node\(number % 7)"), "os": ["Linux", "6.1"], "cpu": "a processor",
    ]
    record.meta = ["command": "run", "options": [:]]
    record.startTime = now
    record.sessions = [
      SessionRecord(
        number: 1, startTime: now,
        process: .ofThisProcess(beatInterval: 10_000_000, holdsLock: journal.holdsLock))
    ]
    journal.append(.started(record), time: now)
    for name in 0..<5 {
      let metric = journal.metric("m\(name)", unit: nil, kind: .double)
      var state = UInt64(number &* 5 &+ name) &* 0x9E37_79B9_7F4A_7C15 | 1
      for step in 0..<1000 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let noise = Double(state >> 40) / 0x1p24
        metric.append(
          (1 + noise) / Double(step + 1), step: Int64(step), time: grail_clock_coarse())
      }
    }
    try files.writeConfig(record.config)
    try files.writeInfo([:])
    try files.writeNoMetrics()
    try files.touchOutput()
    try files.writeRun(record)
  }

  /// Ends the run.
  func finish() throws {
    let now = Timestamp(microseconds: grail_clock_precise())
    let ending = RunEnding(status: .completed, time: now)
    try journal.close(ending, time: now)
    var record = record
    record.heartbeat = now
    record.apply(.ended(ending))
    try files.writeRun(record)
  }

  /// Twenty entries; a tenth of the runs has each value of `entry3`.
  private static func config(_ number: Int) -> Value.Entries {
    [
      "number": .int(Int64(number)), "entry1": .double(Double(1 + number % 97) * 1e-4),
      "entry2": "adam", "entry3": .int(Int64(number % 10)), "entry4": [32, 32], "entry5": true,
      "entry6": 0.9, "entry7": 0.999, "entry8": "cosine", "entry9": .int(32 << Int64(number % 4)),
      "entry10": 50, "entry11": "data/train.csv", "entry12": 0.1, "entry13": 4,
      "entry14": false, "entry15": "relu", "entry16": 1e-4, "entry17": 3, "entry18": "none",
      "entry19": 0.5,
    ]
  }
}

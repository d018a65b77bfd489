import Foundation
import Grail
import Synchronization

/// How the tool's answers depend on the number of runs: its index made anew, used, brought up to date.
///
/// - Parameters:
///   - tool: The program `grail`.
///   - counts: The numbers of finished runs, ascending.
/// - Throws: What the runs throw.
func measureStore(tool: String, counts: [Int] = [1000, 10_000, 100_000]) async throws {
  let folder = try Folder()
  let store = folder.path + "/runs"
  let cache = folder.path + "/cache"
  var table = Table("a store of finished runs, 20 entries and 5 metrics of 1,000 points each")
  var count = 0
  for wanted in counts {
    let start = ContinuousClock.now
    try await addRuns(count..<wanted, to: store)
    let perRun = (ContinuousClock.now - start).seconds / Double(wanted - count)
    count = wanted
    let name = count.formatted(.number.grouping(.automatic))
    table.add("\(name) runs: made, ms a run", (perRun * 1e3).text(2))
    try? FileManager.default.removeItem(atPath: cache)
    let query = ["ls", "entry3 == 7", "--sort", "metrics.m2.min", "-n", "20"]
    let cold = Tool.run(tool, query, store: store, cache: cache)
    table.add("  index made anew, s", cold.seconds.text(2))
    table.add("  the most memory that took, MiB", cold.mebibytes.text())
    let index = (FileManager.default.enumerator(atPath: cache)?.compactMap { $0 as? String } ?? [])
      .reduce(0) { size, name in
        let path = "\(cache)/\(name)"
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.type] as? FileAttributeType == .typeRegular
          ? size + (attributes?[.size] as? Int ?? 0) : size
      }
    table.add("  its size, MiB", (Double(index) / 1_048_576).text())
    // The store's folder has to be left alone for a moment before its time can be trusted.
    try await Task.sleep(for: .seconds(4))
    _ = Tool.run(tool, query, store: store, cache: cache)
    let aims = count == counts.last
    table.add(
      "  ls, filter and sort on a minimum, ms", warm(tool, query, store, cache),
      aim: aims ? "≤ 50" : "")
    table.add("  ls, the latest 20, ms", warm(tool, ["ls", "-n", "20"], store, cache))
    let living = try await addLive(10, to: store)
    var times: [Double] = []
    for round in 0..<7 {
      try await addRuns(count..<count + 10, to: store, seed: round)
      times.append(Tool.run(tool, query, store: store, cache: cache).seconds * 1e3)
      count += 10
    }
    living.finish()
    table.add(
      "  the same, 10 runs new and 10 live, ms", Rounds(times).text(), aim: aims ? "≤ 100" : "")
  }
  table.show()
}

private func warm(_ tool: String, _ words: [String], _ store: String, _ cache: String) -> String {
  let times = (0..<15).map { _ in Tool.run(tool, words, store: store, cache: cache).seconds * 1e3 }
  return Rounds(times).text()
}

/// Runs the tool to its end, its output thrown away.
private enum Tool {
  static func run(
    _ tool: String, _ words: [String], store: String, cache: String
  ) -> (seconds: Double, mebibytes: Double) {
    let process = Process()
    process.executableURL = URL(filePath: tool)
    process.arguments = words + ["--store", store]
    process.environment = ["XDG_CACHE_HOME": cache, "PATH": "/usr/bin:/bin"]
    process.standardOutput = FileHandle.nullDevice
    let time = seconds {
      try? process.run()
      process.waitUntilExit()
    }
    var after = rusage()
    #if canImport(Glibc)
      getrusage(RUSAGE_CHILDREN.rawValue, &after)
    #else
      getrusage(RUSAGE_CHILDREN, &after)
    #endif
    // The most that any child had so far.
    return (time, Double(after.ru_maxrss) / 1024)
  }
}

/// Records runs by two threads at a time, and leaves out the file that can be made from the journal.
private func addRuns(_ numbers: Range<Int>, to store: String, seed: Int = 0) async throws {
  let experiment = Experiment("sample", config: Sample(number: 0)) { run in logSample(run) }
  try await withThrowingTaskGroup(of: Void.self) { group in
    let half = numbers.lowerBound + numbers.count / 2
    for part in [numbers.lowerBound..<half, half..<numbers.upperBound] {
      group.addTask {
        for number in part {
          let record = try await experiment.run(
            with: Sample(number: number), settings: settings(store))
          try? FileManager.default.removeItem(atPath: "\(store)/\(record.id)/metrics.json")
        }
      }
    }
    try await group.waitForAll()
  }
}

/// Starts runs that go on until they are told to end.
private func addLive(_ count: Int, to store: String) async throws -> Living {
  let living = Living()
  let experiment = Experiment("sample", config: Sample(number: 0)) { run in
    logSample(run)
    while living.goesOn { try await Task.sleep(for: .milliseconds(20)) }
  }
  for number in 0..<count {
    let config = Sample(number: number)
    Task { try await experiment.run(with: config, settings: settings(store)) }
  }
  try await Task.sleep(for: .seconds(1))
  return living
}

/// Whether the runs that are live go on.
private final class Living: Sendable {
  private let isOver = Mutex(false)

  var goesOn: Bool { isOver.withLock { !$0 } }

  func finish() { isOver.withLock { $0 = true } }
}

private func settings(_ store: String) -> RunSettings {
  var settings = RunSettings()
  settings.store = store
  settings.logLevel = .critical
  settings.provenance = .none
  return settings
}

private func logSample(_ run: Run) {
  for name in 0..<5 {
    let metric = run.metric("m\(name)")
    for step in 0..<1000 {
      metric.log(Double((step &* 7919 &+ name) % 1000) / Double(step + 1), step: step)
    }
  }
}

/// A configuration of twenty entries; `entry3` has ten values, so that a tenth of the runs has each.
private struct Sample: Codable, Sendable {
  var number = 0
  var entry1 = 0.001, entry2 = "adam", entry3 = 0, entry4 = [32, 32], entry5 = true
  var entry6 = 0.9, entry7 = 0.999, entry8 = "cosine", entry9 = 128, entry10 = 50
  var entry11 = "data/train.csv", entry12 = 0.1, entry13 = 4, entry14 = false, entry15 = "relu"
  var entry16 = 1e-4, entry17 = 3, entry18 = "none", entry19 = 0.5

  init(number: Int) {
    self.number = number
    entry3 = number % 10
    entry1 = Double(1 + number % 97) * 1e-4
    entry9 = 32 << (number % 4)
  }
}

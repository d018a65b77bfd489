import Foundation
import Grail

/// How what people wait for depends on the number of runs in a store: the tool's answers, and the
/// start of the next run.
///
/// The runs are written on the disk of the working directory: 100,000 take 9 GB, and minutes.
///
/// - Parameters:
///   - tool: The program `grail`.
///   - writer: The program `many-runs`.
///   - counts: The numbers of finished runs, ascending.
/// - Throws: What the runs throw.
func measureStore(tool: String, writer: String, counts: [Int]) async throws {
  let folder = try Folder()
  let store = MeasuredStore(tool: tool, writer: writer, folder: folder.path)
  var table = Table("a store of finished runs, 20 entries and 5 metrics of 1,000 points each")
  var count = 0
  for wanted in counts {
    let perRun = try seconds { try store.add(wanted - count) } / Double(wanted - count)
    count = wanted
    let isLast = wanted == counts.last
    func aim(_ text: String) -> String { isLast ? text : "" }
    let name = count.formatted(.number.grouping(.automatic))
    table.add("\(name) runs: written, ms a run", (perRun * 1e3).text(2))

    let cold = store.ask(MeasuredStore.question)
    table.add("  index made anew, s", cold.seconds.text(2))
    table.add("  the most memory that took, MiB", cold.mebibytes.text())
    table.add("  size of the index, MiB", store.indexMebibytes.text())
    // The store's folder has to be left alone for a moment before its time can be trusted.
    try await Task.sleep(for: .seconds(4))
    let first = store.ask(MeasuredStore.question)
    table.add(
      "  ls, filter and sort on a minimum, ms", store.rounds(MeasuredStore.question).text(),
      aim: aim("≤ 50"))
    table.add("  the most memory that took, MiB", first.mebibytes.text())
    table.add("  ls, the latest 20, ms", store.rounds(["ls", "-n", "20"]).text())
    table.add("  show last, ms", store.rounds(["show", "last"]).text())

    let starts = try await store.timeStarts(20)
    table.add("  a run that does nothing, ms", starts.text())
    let living = try store.addLiving(10)
    var times: [Double] = []
    for _ in 0..<7 {
      try store.add(10)
      times.append(store.ask(MeasuredStore.question).seconds * 1e3)
    }
    try living.end()
    table.add(
      "  ls, filter and sort, 10 runs new and 10 live, ms", Rounds(times).text(),
      aim: aim("≤ 100"))
    count += 20 + 10 + 70
  }
  let file = "\(folder.path)/metrics.csv"
  let export = (0..<5).map { _ in
    store.ask(["export", "metrics", "--run", "1-300", "-o", file]).seconds
  }
  table.add("export of 300 runs × 5 metrics as CSV, s", Rounds(export).text(2), aim: "≤ 1")
  table.show()
}

/// A store with the programs that work on it.
private struct MeasuredStore {
  private let tool: String
  private let writer: String
  private let path: String
  private let cache: String

  /// A tenth of the runs, by the least value of a metric.
  static let question = ["ls", "entry3 == 7", "--sort", "metrics.m2.min", "-n", "20"]

  init(tool: String, writer: String, folder: String) {
    (self.tool, self.writer) = (tool, writer)
    (path, cache) = ("\(folder)/runs", "\(folder)/cache")
  }

  /// Runs the tool to its end, its output thrown away.
  @discardableResult
  func ask(_ words: [String]) -> (seconds: Double, mebibytes: Double) {
    var usage = rusage()
    let time = seconds {
      usage = run(tool, words, store: path, environment: ["XDG_CACHE_HOME=\(cache)"])
    }
    return (time, Double(usage.ru_maxrss) / 1024)
  }

  /// The milliseconds of some rounds.
  func rounds(_ words: [String]) -> Rounds {
    Rounds((0..<15).map { _ in ask(words).seconds * 1e3 })
  }

  var indexMebibytes: Double {
    let folder = "\(cache)/grail"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let sizes = names.map { name in
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
      return attributes?[.size] as? Int ?? 0
    }
    return Double(sizes.reduce(0, +)) / 1_048_576
  }

  // MARK: - Runs

  /// Adds runs that are over.
  func add(_ count: Int) throws { try start([path, "\(count)"]).end() }

  /// Adds runs that go on until the process is ended.
  func addLiving(_ count: Int) throws -> RunWriter { try start([path, "\(count)", "alive"]) }

  /// Returns when the runs are written.
  private func start(_ words: [String]) throws -> RunWriter {
    let (process, input, output) = (Process(), Pipe(), Pipe())
    process.executableURL = URL(filePath: writer)
    process.arguments = words
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    guard !output.fileHandleForReading.availableData.isEmpty else {
      throw CocoaError(.fileWriteUnknown)
    }
    return RunWriter(process: process, input: input)
  }

  /// The milliseconds that runs take which do nothing, from their start to their end.
  func timeStarts(_ count: Int) async throws -> Rounds {
    var settings = RunSettings()
    (settings.store, settings.logLevel, settings.provenance) = (path, .critical, .none)
    let experiment = Experiment("start") { (_: Run) in }
    var times: [Double] = []
    for _ in 0..<count {
      let start = ContinuousClock.now
      try await experiment.run(settings: settings)
      times.append((ContinuousClock.now - start).seconds * 1e3)
    }
    return Rounds(times)
  }
}

/// A program that has written runs.
private struct RunWriter {
  let process: Process
  let input: Pipe

  func end() throws {
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}

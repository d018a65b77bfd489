import Foundation
import Grail

/// Values of a curve that falls and is noisy, made before anything is timed.
struct Curve: Sendable {
  let doubles: [Double]
  let floats: [Double]

  init() {
    var generator = SystemRandomNumberGenerator()
    doubles = (0..<65_536).map { step in
      exp(-Double(step) / 20_000) * Double.random(in: 0.95...1.05, using: &generator)
    }
    floats = doubles.map { Double(Float($0)) }
  }
}

/// How many calls a round makes.
let callsPerRound = 10_000_000

/// Times calls of `log` in all the ways that programs make them.
func measureLogging(rounds: Int = 5) async throws {
  let curve = Curve()
  var table = Table(
    "log: ns a call over \(callsPerRound / 1_000_000) million calls, median of \(rounds) rounds")
  let byHandle: Calls = { run, name, count in
    let metric = run.metric(name)
    for index in 0..<count { metric.log(curve.floats[index & 0xFFFF]) }
  }
  let byName: Calls = { run, name, count in
    for index in 0..<count { run.log(name, curve.floats[index & 0xFFFF]) }
  }
  let cases: [(String, Calls, [String], MetricClock, String)] = [
    ("by handle", byHandle, ["loss"], .coarse, "≤ 25"),
    ("by handle, precise clock", byHandle, ["loss"], .precise, ""),
    ("by name", byName, ["loss"], .coarse, "≤ 50"),
    ("by handle, two threads, own metrics", byHandle, ["a", "b"], .coarse, ""),
    ("by handle, two threads, one metric", byHandle, ["a", "a"], .coarse, ""),
    ("by name, two threads, own metrics", byName, ["a", "b"], .coarse, ""),
    ("by name, two threads, one metric", byName, ["a", "a"], .coarse, ""),
  ]
  for (what, calls, names, clock, aim) in cases {
    var figures: [Double] = []
    for _ in 0..<rounds { figures.append(try await time(calls, names: names, clock: clock)) }
    table.add(what, Rounds(figures).text(), aim: aim)
  }
  table.show()
}

/// Logs a number of values under a name.
typealias Calls = @Sendable (_ run: Run, _ name: String, _ count: Int) -> Void

/// Nanoseconds a call, of all threads together one after another: wall time × threads / calls.
private func time(
  _ calls: @escaping Calls, names: [String], clock: MetricClock
) async throws -> Double {
  let folder = try Folder()
  let count = callsPerRound / names.count
  let experiment = Experiment("log") { run in
    let start = ContinuousClock.now
    await withTaskGroup(of: Void.self) { group in
      for name in names { group.addTask { calls(run, name, count) } }
    }
    return (ContinuousClock.now - start).seconds * 1e9 / Double(count)
  }
  let record = try await experiment.run(settings: folder.settings(clock: clock))
  return record.result.doubleValue ?? .nan
}

/// Times single calls, alone and beside a process that keeps the disk busy.
func measureLatency() async throws {
  var table = Table("log: ns of a single call by handle, 2 million calls, clock readings included")
  for isBusy in [false, true] {
    let folder = try Folder()
    let writer = isBusy ? try startDiskWriter(in: folder.path) : nil
    if isBusy { try await Task.sleep(for: .seconds(1)) }
    let experiment = Experiment("latency") { run in
      let metric = run.metric("loss")
      var times = [UInt32](repeating: 0, count: 2_000_000)
      var last = clock_nanoseconds()
      for index in times.indices {
        metric.log(Double(index & 1023) * 0.37)
        let now = clock_nanoseconds()
        times[index] = UInt32(clamping: now - last)
        last = now
      }
      times.sort()
      return [times[1_000_000], times[1_998_000], times[1_999_999]].map(Int.init)
    }
    let result = try await experiment.run(settings: folder.settings()).result
    writer?.terminate()
    writer?.waitUntilExit()
    let figures = result.listValue?.compactMap(\.intValue) ?? []
    let what = isBusy ? "beside a saturated disk" : "alone"
    for (name, figure) in zip(["p50", "p99.9", "worst"], figures) {
      table.add("\(what), \(name)", "\(figure)")
    }
  }
  table.show()
}

private func clock_nanoseconds() -> UInt64 {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}

/// Starts a process that writes and syncs a file until it is ended, for a minute at most.
private func startDiskWriter(in folder: String) throws -> Process {
  let process = Process()
  process.executableURL = URL(filePath: "/bin/sh")
  process.arguments = [
    "-c",
    """
    end=$(( $(date +%s) + 60 ))
    while [ $(date +%s) -lt $end ]; do
      dd if=/dev/zero of='\(folder)/ballast' bs=1M count=64 conv=fsync 2>/dev/null
    done
    """,
  ]
  try process.run()
  return process
}

/// Measures what a journal takes on disk, and how soon a million points are safe there.
func measureSpace() async throws {
  let curve = Curve()
  var table = Table("space and time on disk")
  // Enough points that the last block, which is not full, counts for little.
  let count = 20_000
  for (what, values, clock, aim) in [
    ("values that are Floats", curve.floats, MetricClock.coarse, "≤ 6"),
    ("full Doubles", curve.doubles, .coarse, "≤ 9"),
    ("full Doubles, precise clock", curve.doubles, .precise, ""),
  ] {
    let folder = try Folder()
    let experiment = Experiment("space") { run in
      let metric = run.metric("loss")
      // Steps of 1 ms that are early or late by up to a half.
      var next = ContinuousClock.now
      for index in 0..<count {
        next += .microseconds(Int.random(in: 500...1500))
        while ContinuousClock.now < next {}
        metric.log(values[index & 0xFFFF])
      }
    }
    let record = try await experiment.run(settings: folder.settings(clock: clock))
    // What the run's start and end take is not the points'.
    let bytes = try journalLength(folder.path, record.id)
    let empty = try await Experiment("space") { _ in }.run(settings: folder.settings())
    let points = Double(bytes - (try journalLength(folder.path, empty.id))) / Double(count)
    table.add("bytes a point, jittered times, \(what)", points.text(2), aim: aim)
  }
  var durable: [Double] = []
  var ended: [Double] = []
  for _ in 0..<3 {
    let folder = try Folder()
    let experiment = Experiment("durable") { run in
      let metric = run.metric("loss")
      let start = ContinuousClock.now
      for index in 0..<1_000_000 { metric.log(curve.doubles[index & 0xFFFF]) }
      let file = open("\(run.directory)/journal.1", O_RDWR)
      fsync(file)
      close(file)
      return (ContinuousClock.now - start).seconds
    }
    let start = ContinuousClock.now
    let record = try await experiment.run(settings: folder.settings())
    ended.append((ContinuousClock.now - start).seconds)
    durable.append(record.result.doubleValue ?? .nan)
  }
  table.add("s until a million points are durable", Rounds(durable).text(3), aim: "≤ 0.1")
  table.add("s of that run from start to end, metrics.json written", Rounds(ended).text(2))
  table.show()
}

private func journalLength(_ folder: String, _ id: String) throws -> Int {
  let path = "\(folder)/runs/\(id)/journal.1"
  return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
}

import Foundation
import Grail

/// Starts this program again for a part that needs a process of its own.
private func startChild(_ part: String, _ arguments: [String]) throws -> Process {
  let process = Process()
  process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
  process.arguments = ["--child", part] + arguments
  try process.run()
  return process
}

private func runChild(_ part: String, _ arguments: [String]) throws -> String {
  let process = Process()
  let output = Pipe()
  process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
  process.arguments = ["--child", part] + arguments
  process.standardOutput = output
  try process.run()
  let text = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
}

/// Does a part in this process, which was started for it.
func runAsChild(_ part: String, _ arguments: [String]) async throws {
  switch part {
  case "memory": try await logForMemory(count: Int(arguments[0]) ?? 0)
  case "view": try viewForTime(directory: arguments[0])
  case "output": try await printAsChild(arguments)
  case "crash": try await logUntilKilled(store: arguments[0], shared: arguments[1])
  default: fatalError("there is no part '\(part)'")
  }
}

// MARK: - Memory

func measureMemory() throws {
  var table = Table("memory: MiB at the peak beyond a process that logs one point")
  let bare = Double(try runChild("memory", ["1"])) ?? .nan
  for millions in [1, 10, 40] {
    let peak = Double(try runChild("memory", ["\(millions * 1_000_000)"])) ?? .nan
    table.add("\(millions) million points, two metrics", (peak - bare).text(), aim: "≤ 30")
  }
  table.show()
}

private func logForMemory(count: Int) async throws {
  let folder = try Folder()
  let experiment = Experiment("memory") { run in
    let (loss, rate) = (run.metric("loss"), run.metric("rate"))
    for index in 0..<count / 2 + 1 {
      loss.log(Double(index) * 0.37)
      rate.log(1 / Double(index + 1))
    }
  }
  try await experiment.run(settings: folder.settings())
  var usage = rusage()
  #if os(Linux)
    getrusage(RUSAGE_SELF.rawValue, &usage)
  #else
    getrusage(RUSAGE_SELF, &usage)
  #endif
  print(Double(usage.ru_maxrss) / 1024)
}

// MARK: - Reading

func measureReading() async throws {
  var table = Table("reading")
  let folder = try Folder()
  let curve = Curve()
  let experiment = Experiment("read") { run in
    let metric = run.metric("loss")
    for index in 0..<10_000_000 { metric.log(curve.doubles[index & 0xFFFF]) }
  }
  let record = try await experiment.run(settings: folder.settings())
  var figures: [Double] = []
  for _ in 0..<3 {
    figures.append(
      try seconds {
        let reader = try RunReader(directory: "\(folder.path)/runs/\(record.id)")
        let count = try reader.series("loss")?.count
        precondition(count == 10_000_000)
      })
  }
  table.add("s to read back 10 million points", Rounds(figures).text(2))

  let many = Experiment("view") { run in
    for number in 0..<100 {
      let metric = run.metric("loss \(number)")
      for index in 0..<1_000_000 { metric.log(curve.floats[(index + number) & 0xFFFF]) }
    }
  }
  let wide = try await many.run(settings: folder.settings())
  let directory = "\(folder.path)/runs/\(wide.id)"
  var views: [Double] = []
  for _ in 0..<5 { views.append(Double(try runChild("view", [directory])) ?? .nan) }
  table.add(
    "ms for a view of 1,500 parts of 100 series of a million points, cold process",
    Rounds(views).text(0), aim: "≤ 150")
  table.show()
}

private func viewForTime(directory: String) throws {
  let time = try seconds {
    let reader = try RunReader(directory: directory)
    for metric in reader.metrics {
      let parts = try reader.view(metric.name, buckets: 1500) ?? []
      precondition(parts.map(\.count).reduce(0, +) == 1_000_000)
    }
  }
  print(time * 1000)
}

// MARK: - Crashes

/// Kills a process that logs at random moments, and looks for every value that it had logged.
func measureCrashes(rounds: Int = 1000) throws {
  var lost: UInt64 = 0
  var acknowledged: UInt64 = 0
  for _ in 0..<rounds {
    let folder = try Folder()
    let shared = folder.path + "/acknowledged"
    FileManager.default.createFile(atPath: shared, contents: Data(count: 16))
    let process = try startChild("crash", [folder.path + "/runs", shared])
    let limit = ContinuousClock.now + .seconds(20)
    while try counts(shared).contains(0), ContinuousClock.now < limit { usleep(200) }
    usleep(UInt32.random(in: 0...30_000))
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let reader = try RunReader(directory: folder.path + "/runs/1")
    for (name, count) in zip(["a", "b"], try counts(shared)) {
      let values = try reader.series(name)?.values.doubles ?? []
      let intact = values.enumerated().allSatisfy { Double($0.offset) == $0.element }
      lost += intact ? count - min(count, UInt64(values.count)) : count
      acknowledged += count
    }
  }
  var table = Table("kill -9 while two threads log")
  table.add("moments", "\(rounds)")
  table.add("values whose call had returned", "\(acknowledged)")
  table.add("of these a reader does not find", "\(lost)", aim: "0")
  table.show()
}

private func counts(_ path: String) throws -> [UInt64] {
  let data = try Data(contentsOf: URL(filePath: path))
  return data.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)) }
}

private func logUntilKilled(store: String, shared: String) async throws {
  let file = open(shared, O_RDWR)
  guard let memory = mmap(nil, 16, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) else { return }
  // Each thread has a word of its own, which only it writes.
  nonisolated(unsafe) let words = memory.assumingMemoryBound(to: UInt64.self)
  var settings = RunSettings()
  settings.store = store
  settings.logLevel = .critical
  let experiment = Experiment("crash") { run in
    await withTaskGroup(of: Void.self) { group in
      for (thread, name) in ["a", "b"].enumerated() {
        group.addTask {
          let metric = run.metric(name)
          for count in 0..<UInt64.max {
            metric.log(Double(count))
            words[thread] = count + 1
          }
        }
      }
    }
  }
  try await experiment.run(settings: settings)
}

// MARK: - Start

func measureStart() throws {
  let here = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
  let folder = try Folder()
  var table = Table("start to exit of hello world: ms, median of 60 runs in turn")
  var times: [String: [Double]] = [:]
  for _ in 0..<60 {
    for name in ["bare", "hello"] {
      let program = here.appending(path: name).path
      let time = seconds { run(program, store: folder.path + "/runs") }
      times[name, default: []].append(time * 1000)
    }
  }
  let (bare, hello) = (Rounds(times["bare"] ?? [.nan]), Rounds(times["hello"] ?? [.nan]))
  table.add("without Grail", bare.text())
  table.add("with Grail, recorded", hello.text())
  table.add("beyond the same program without it", (hello.median - bare.median).text())
  table.show()
}

/// Runs a program without its output and waits for its end, by the system's own calls: others look
/// for the end now and then only.
///
/// - Returns: What it used.
@discardableResult
func run(
  _ program: String, _ words: [String] = [], store: String, environment: [String] = []
) -> rusage {
  var usage = rusage()
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  for output in [STDOUT_FILENO, STDERR_FILENO] {
    posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0)
  }
  let environment =
    ["GRAIL_STORE=\(store)"] + environment
    + ["PATH", "LD_LIBRARY_PATH"].compactMap { name in
      ProcessInfo.processInfo.environment[name].map { "\(name)=\($0)" }
    }
  var arguments = ([program] + words).map { strdup($0) } + [nil]
  var variables = environment.map { strdup($0) } + [nil]
  defer { for text in arguments + variables { free(text) } }
  var child: pid_t = 0
  guard posix_spawn(&child, program, &actions, nil, &arguments, &variables) == 0 else {
    return usage
  }
  wait4(child, nil, 0, &usage)
  return usage
}

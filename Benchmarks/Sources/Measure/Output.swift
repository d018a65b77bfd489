import Foundation
import Grail

// What a program prints: how fast it passes through the capture, what a capture costs, and what of
// it is lost when somebody is killed.

/// Does a part of the measurement of output in this process, which was started for it.
func printAsChild(_ arguments: [String]) async throws {
  switch arguments[0] {
  case "plain": printLines(millions: Int(arguments[1]) ?? 1)
  case "captured":
    let millions = Int(arguments[1]) ?? 1
    let experiment = Experiment("output") { _ in printLines(millions: millions) }
    try await experiment.run(settings: capturing(arguments[2]))
  case "starts": try await measureStarts(store: arguments[1])
  case "both": try await printUntilKilled(store: arguments[1], shared: arguments[2])
  default: fatalError("there is no part '\(arguments[0])'")
  }
}

private func capturing(_ store: String) -> RunSettings {
  var settings = RunSettings()
  settings.store = store
  settings.logLevel = .critical
  settings.provenance = .none
  settings.output.capture = .fd
  return settings
}

private let line = "step 123456 of 1000000, loss 0.123456789, rate 0.000100000000000\n"

/// Prints megabytes, line by line as a buffer of the C library would.
private func printLines(millions: Int) {
  let text = Array(String(repeating: line, count: 60).utf8)
  var left = millions * 1_000_000
  while left > 0 {
    let count = text.withUnsafeBytes { write(1, $0.baseAddress, min($0.count, left)) }
    guard count > 0 else { return }
    left -= count
  }
}

// MARK: - Speed and memory

func measureOutput(rounds: Int = 200) throws {
  let folder = try Folder()
  var table = Table("output: MB/s of what a program prints, 4 kB at a time")
  func rate(_ words: [String], shell: String, _ megabytes: Int) throws -> Rounds {
    Rounds(
      try (0..<3).map { _ in
        let time = try seconds {
          _ = try childOutput(words, shell: shell)
        }
        return Double(megabytes) / time
      })
  }
  let file = folder.path + "/echo"
  let bare = try rate(["plain", "500"], shell: "\"$@\" | cat > '\(file)'", 500)
  table.add("through a bare pipe to a file, without a record", bare.text(0))
  let store = folder.path + "/runs"
  let toFile = try rate(["captured", "500", store], shell: "\"$@\" > '\(file)'", 500)
  table.add("captured, with the echo to a file", toFile.text(0))
  // script(1) gives it a terminal, and reads it.
  if FileManager.default.isExecutableFile(atPath: "/usr/bin/script") {
    let script = "script -qec \"$(printf '%q ' \"$@\")\" /dev/null > '\(file)'"
    table.add(
      "to a pseudo-terminal, without a record",
      try rate(["plain", "20"], shell: script, 20).text(0))
    table.add(
      "captured, with the echo to a pseudo-terminal",
      try rate(["captured", "20", store], shell: script, 20).text(0))
  }
  try? FileManager.default.removeItem(atPath: store)
  let peak = try peakOfWriter(store: store, echo: file)
  table.add("MiB of its own that the capturing process has at 1 GB", peak.text(), aim: "≤ 4")
  try? FileManager.default.removeItem(atPath: store)
  table.add(
    "ms that a run takes longer with a capture, start and end, median of 200",
    try childOutput(["starts", store], shell: "\"$@\" 3>&1 >/dev/null 2>&1"), aim: "≤ 1")
  table.show()
  try measureOutputKills(rounds: rounds)
}

/// Starts this program for a part, by a line of the shell whose words are the program's.
private func startShell(_ words: [String], shell: String) -> Process {
  let process = Process()
  process.executableURL = URL(filePath: "/bin/bash")
  let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path
  process.arguments = ["-c", shell, "bash", own, "--child", "output"] + words
  return process
}

private func childOutput(_ words: [String], shell: String) throws -> String {
  let process = startShell(words, shell: shell)
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let text = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
}

private func peakOfWriter(store: String, echo: String) throws -> Double {
  let process = startShell(["captured", "1000", store], shell: "exec \"$@\" > '\(echo)'")
  try process.run()
  var peak = 0.0
  while process.isRunning {
    for id in recorders(of: process.processIdentifier) {
      let status = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
      let own = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
      peak = max(peak, own.flatMap { Double($0.split(separator: " ")[1]) } ?? 0)
    }
    usleep(20_000)
  }
  return peak / 1024
}

/// The processes that record a program's output: the one that waits, and the one that writes.
private func recorders(of program: Int32) -> [Int32] {
  func children(_ parent: Int32) -> [Int32] {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(parent)/task")) ?? []
    return tasks.flatMap { task in
      let path = "/proc/\(parent)/task/\(task)/children"
      let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      return text.split(separator: " ").compactMap { Int32($0) }
    }
  }
  let guards = children(program).filter { id in
    let name = (try? String(contentsOfFile: "/proc/\(id)/comm", encoding: .utf8)) ?? ""
    return name.hasPrefix("grail-output")
  }
  return guards + guards.flatMap(children)
}

// MARK: - Start and end

private func measureStarts(store: String) async throws {
  let experiment = Experiment("starts") { _ in }
  var with: [Double] = [], without: [Double] = []
  for round in 0..<420 {
    var settings = capturing(store)
    if round % 2 == 0 { settings.output.capture = .no }
    let start = ContinuousClock.now
    try await experiment.run(settings: settings)
    let time = (ContinuousClock.now - start).seconds * 1000
    if round >= 20 { if round % 2 == 0 { without.append(time) } else { with.append(time) } }
  }
  let text = (Rounds(with).median - Rounds(without).median).text(2) + "\n"
  FileHandle(fileDescriptor: 3).write(Data(text.utf8))
}

// MARK: - Kills

/// Who is killed while two threads print and log.
private enum Victim: String, CaseIterable {
  case program = "the program"
  case writer = "the capturing process"
  case both = "both"
  case group = "the program's process group"
}

private func measureOutputKills(rounds: Int) throws {
  var table = Table("kill -9 while two threads print and log, \(rounds) moments each")
  for victim in Victim.allCases {
    var (printed, lost, unended): (UInt64, UInt64, Int) = (0, 0, 0)
    for _ in 0..<rounds {
      let one = try killOnce(victim)
      printed += one.printed
      lost += one.lost
      unended += one.isEnded ? 0 : 1
    }
    table.add("\(victim.rawValue): bytes whose write had returned", "\(printed)")
    table.add("  of these the record lacks", "\(lost)", aim: "0")
    table.add("  records that were not ended within 5 s", "\(unended)", aim: "0")
  }
  table.show()
}

private func killOnce(_ victim: Victim) throws -> (printed: UInt64, lost: UInt64, isEnded: Bool) {
  let folder = try Folder()
  let shared = folder.path + "/acknowledged"
  try Data(count: 16).write(to: URL(filePath: shared))
  let process = startShell(
    ["both", folder.path + "/runs", shared],
    shell: "exec \"$@\" >/dev/null 2>'\(folder.path)/errors'")
  try process.run()
  func counts() throws -> [UInt64] {
    try Data(contentsOf: URL(filePath: shared)).withUnsafeBytes {
      Array($0.bindMemory(to: UInt64.self))
    }
  }
  let limit = ContinuousClock.now + .seconds(20)
  while try counts().contains(0), ContinuousClock.now < limit { usleep(200) }
  usleep(UInt32.random(in: 0...20_000))
  let program = process.processIdentifier
  // The one that waits, and the one that writes.
  var found = recorders(of: program)
  while found.count < 2, ContinuousClock.now < limit { found = recorders(of: program) }
  let writer = found[1]
  switch victim {
  case .program: kill(program, SIGKILL)
  case .writer:
    kill(writer, SIGKILL)
    usleep(20_000)
    kill(program, SIGKILL)
  case .both:
    kill(writer, SIGKILL)
    kill(program, SIGKILL)
  case .group: kill(-program, SIGKILL)
  }
  process.waitUntilExit()
  let printed = try counts()
  var reader = try RunReader(directory: folder.path + "/runs/1")
  let end = ContinuousClock.now + .seconds(5)
  while reader.record.status == .running, ContinuousClock.now < end {
    usleep(5000)
    reader = try RunReader(directory: folder.path + "/runs/1")
  }
  var lost: UInt64 = 0
  for (stream, count) in zip(StandardStream.allCases, printed) {
    var found: UInt64 = 0
    try reader.readOutput(stream, filter: OutputFilter.none) { found += UInt64($0.count) }
    lost += count > found ? count - found : 0
  }
  return (printed.reduce(0, +), lost, reader.record.status != .running)
}

private func printUntilKilled(store: String, shared: String) async throws {
  let file = open(shared, O_RDWR)
  guard let memory = mmap(nil, 16, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) else { return }
  // Each thread has a word of its own, which only it writes.
  nonisolated(unsafe) let words = memory.assumingMemoryBound(to: UInt64.self)
  let experiment = Experiment("kills") { run in
    await withTaskGroup(of: Void.self) { group in
      for thread in 0..<2 {
        group.addTask {
          let metric = run.metric("loss \(thread)")
          var printed: UInt64 = 0
          while true {
            let text = "\(thread): \(printed)\n"
            let count = text.utf8.withContiguousStorageIfAvailable {
              write(Int32(1 + thread), $0.baseAddress, $0.count)
            }
            guard let count, count > 0 else { return }
            printed += UInt64(count)
            words[thread] = printed
            metric.log(Double(printed))
          }
        }
      }
    }
  }
  // As main() does, so that a dead run's record is ended.
  try await experiment.run(settings: capturing(store))
}

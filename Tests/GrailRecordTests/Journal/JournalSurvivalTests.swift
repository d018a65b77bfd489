import CGrailRecord
import Foundation
import GrailCore
import TestSupport
import Testing

@testable import GrailRecord

/// What is left of a journal when its process is killed, its disk full or its file system poor.
///
/// Serialized, because each test keeps the machine busy and waits for times of its own.
@Suite(.serialized, .timeLimit(.minutes(3))) struct JournalSurvivalTests {
  let folder = TemporaryFolder()

  // MARK: - kill -9

  @Test(arguments: [(JournalMode.mapped, 150), (.written, 50)])
  func `a killed process loses nothing that was acknowledged`(
    mode: JournalMode, rounds: Int
  ) throws {
    var generator = SeededGenerator(seed: UInt64(rounds))
    var total: UInt64 = 0
    for round in 0..<rounds {
      let journal = folder.path("\(mode)-\(round)")
      let counters = journal + ".counters"
      let process = try start([journal, counters, mode.rawValue])
      while process.isRunning, acknowledged(counters)[0] == 0 { usleep(200) }
      usleep(UInt32.random(in: 1000...40_000, using: &generator))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      #expect(process.terminationReason == .uncaughtSignal)
      let counts = acknowledged(counters)
      try check(journal, holds: counts)
      total += counts.reduce(0, +)
      for path in [journal, counters] { try FileManager.default.removeItem(atPath: path) }
    }
    print("kill -9, \(mode): \(rounds) rounds, \(total) acknowledged, none lost")
  }

  private func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Process {
    let process = Process()
    process.executableURL = Self.products.appending(path: "killed-logger")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = Pipe()
    try process.run()
    return process
  }

  /// Where the programs of this build are.
  private static let products: URL = {
    let own = URL(filePath: CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? "")
    let folder = own.deletingLastPathComponent()
    let file = folder.appending(path: "killed-logger").path
    if FileManager.default.isExecutableFile(atPath: file) { return folder }
    return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build/debug")
  }()

  private func acknowledged(_ path: String) -> [UInt64] {
    guard let data = FileManager.default.contents(atPath: path), data.count >= 4096 else {
      return [0, 0, 0]
    }
    var counts: [UInt64] = []
    for thread in 0..<3 {
      var reader = ByteReader(Array(data[64 * thread..<64 * thread + 8]))
      counts.append(reader.littleEndian(UInt64.self) ?? 0)
    }
    return counts
  }

  private func check(_ path: String, holds counts: [UInt64]) throws {
    let reader = try JournalReader(path: path)
    var damages = reader.damages
    for thread in 0..<2 where counts[thread] > 0 {
      let series = try reader.series("thread \(thread)", damages: &damages)
      let values = series?.values.doubles ?? []
      #expect(UInt64(values.count) >= counts[thread])
      let isExact = values.indices.allSatisfy { values[$0] == Double($0) / 8 }
      #expect(isExact && series?.steps == (0..<Int64(values.count)).map { $0 })
    }
    #expect(UInt64(reader.events.count) >= counts[2])
    let isInOrder = reader.events.enumerated().allSatisfy { place, event in
      event == .info(name: "n", value: .int(Int64(place))) || event.isEnding
    }
    #expect(isInOrder)
    #expect(damages.isEmpty)
  }

  // MARK: - A poor file system

  @Test func `without locks, reserved space and mappings all is recorded`() throws {
    let library = folder.path("poor.so")
    let source = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Programs/Preload/poor_file_system.c")
    do {
      let compiler = Process()
      compiler.executableURL = URL(filePath: "/usr/bin/env")
      compiler.arguments = ["clang", "-shared", "-fPIC", "-o", library, source.path, "-ldl"]
      compiler.standardError = FileHandle.nullDevice
      try compiler.run()
      compiler.waitUntilExit()
      guard compiler.terminationStatus == 0 else {
        print("left out: clang makes no shared library here")
        return
      }
    }
    let journal = folder.path("poor")
    let process = try start(
      [journal, journal + ".counters", "any", "5000"], environment: ["LD_PRELOAD": library])
    process.waitUntilExit()
    let output = try (process.standardOutput as? Pipe)?.fileHandleForReading.readToEnd()
    #expect(String(decoding: output ?? Data(), as: UTF8.self) == "written unlocked\n")
    #expect(acknowledged(journal + ".counters") == [5000, 5000, 5000])
    try check(journal, holds: [5000, 5000, 5000])
    #expect(try JournalReader(path: journal).isClosed)
  }

  // MARK: - A full disk

  @Test(arguments: [JournalMode.mapped, .written])
  func `a full disk costs what is counted, and recording goes on`(mode: JournalMode) throws {
    guard let disk = SmallDisk(megabytes: 8) else { return }
    let notices = Notices()
    let journal = try JournalWriter(
      path: disk.path + "/journal.1", key: .sample, session: 1, time: .sample, mode: mode,
      notify: { notice in notices.add(notice) })
    let metric = journal.metric("m", unit: nil, kind: .double)
    var generator = SeededGenerator(seed: 8)
    var logged: Int64 = 0
    func log(_ count: Int) {
      for _ in 0..<count {
        metric.append(Double(bitPattern: generator.next()), step: logged, time: logged * 1000)
        logged += 1
      }
    }
    log(10_000)
    #expect(journal.losses.isEmpty)
    let filler = disk.path + "/filler"
    _ = run("dd", ["if=/dev/zero", "of=" + filler, "bs=4096", "status=none"])
    log(400_000)
    #expect(journal.losses.points > 0)
    #expect(notices.wait { $0.contains { if case .full = $0 { true } else { false } } })
    // The last space is kept for events.
    #expect(journal.append(.result(1), time: .sample) || mode == .written)
    try FileManager.default.removeItem(atPath: filler)
    if mode == .mapped { #expect(notices.wait { $0.contains(.recovered) }) }
    let lost = journal.losses.points
    log(10_000)
    #expect(journal.losses.points == lost)
    #expect(notices.wait { $0.contains(.recovered) })
    try journal.close(RunEnding(status: .completed, time: .sample), time: .sample)

    let reader = try JournalReader(path: disk.path + "/journal.1")
    var damages = reader.damages
    let series = try #require(try reader.series("m", damages: &damages))
    #expect(Int64(series.count) + journal.losses.points == logged)
    #expect(damages.isEmpty && reader.isClosed)
    #expect(reader.events.contains(.losses(journal.losses)))
    print("full disk, \(mode): \(logged) logged, \(series.count) found, \(lost) counted as lost")
  }

  private func run(_ program: String, _ arguments: [String]) -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
  }
}

/// What a journal said of its disk.
private final class Notices: Sendable {
  private let heard = Monitor<[JournalNotice]>([])

  func add(_ notice: JournalNotice) { heard.change { $0.append(notice) } }

  /// Waits until something was heard; returns whether it was.
  func wait(until isHeard: ([JournalNotice]) -> Bool) -> Bool {
    heard.wait(atMost: .seconds(20)) { isHeard($0) ? true : nil } ?? false
  }
}

import CGrailRecord
import Foundation
import GrailCore
import GrailRecord

/// Logs until it is killed, and keeps count of what was acknowledged, where the count survives it.
///
/// Two threads log to metrics of their own and one records events; after each call that returned
/// the count of its thread is stored in a mapped file. Point `n` has step `n` and value `n / 8`.
@main struct KilledLogger {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3 else {
      FileHandle.standardError.write(
        Data("usage: killed-logger JOURNAL COUNTERS [mapped|written|any] [POINTS]\n".utf8))
      exit(64)
    }
    let mode = arguments.count > 3 ? JournalMode(rawValue: arguments[3]) : nil
    let limit = arguments.count > 4 ? UInt64(arguments[4]) ?? .max : .max
    guard let counters = Counters(path: arguments[2]) else { exit(73) }
    do {
      let now = Timestamp(microseconds: grail_clock_precise())
      var generator = SystemRandomNumberGenerator()
      let journal = try JournalWriter(
        path: arguments[1], key: RunKey(time: now, using: &generator), session: 1, time: now,
        mode: mode)
      let threads = [
        WorkerThread { log(to: journal, thread: 0, limit: limit, counters: counters) },
        WorkerThread { log(to: journal, thread: 1, limit: limit, counters: counters) },
        WorkerThread { record(in: journal, limit: limit, counters: counters) },
      ]
      for thread in threads { thread?.join() }
      try journal.close(RunEnding(status: .completed, time: now), time: now)
      print(journal.mode.rawValue, journal.holdsLock ? "locked" : "unlocked")
    } catch {
      FileHandle.standardError.write(Data("killed-logger: \(error)\n".utf8))
      exit(73)
    }
  }

  private static func log(
    to journal: JournalWriter, thread: Int, limit: UInt64, counters: Counters
  ) {
    let metric = journal.metric("thread \(thread)", unit: nil, kind: .double)
    var index: UInt64 = 0
    while index < limit {
      metric.append(Double(index) / 8, step: nil, time: grail_clock_coarse())
      index += 1
      counters.set(thread, to: index)
    }
  }

  private static func record(in journal: JournalWriter, limit: UInt64, counters: Counters) {
    var index: UInt64 = 0
    while index < min(limit, 1 << 20) {
      guard
        journal.append(
          .info(name: "n", value: .int(Int64(index))),
          time: Timestamp(microseconds: grail_clock_coarse()))
      else { return }
      index += 1
      counters.set(2, to: index)
    }
  }
}

/// Counts in a mapped file.
///
/// Sendable although unchecked: each count has one writer.
private final class Counters: @unchecked Sendable {
  private let memory: UnsafeMutableRawPointer

  init?(path: String) {
    let file = open(path, O_RDWR | O_CREAT, 0o644)
    guard file >= 0, ftruncate(file, 4096) == 0,
      let address = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
      address != MAP_FAILED
    else { return nil }
    memory = address
    close(file)
  }

  func set(_ thread: Int, to count: UInt64) {
    grail_store_release(memory + 64 * thread, count.littleEndian)
  }
}

import Dispatch
import Foundation
import GrailRecord
import Synchronization

/// Writes runs into a store as fast as its disk takes them, for measurements of what many cost.
///
///     many-runs STORE COUNT          runs that are over
///     many-runs STORE COUNT alive    runs that go on until the standard input ends
///
/// Says "written" when they are there.
@main struct ManyRuns {
  static func main() {
    let words = CommandLine.arguments.dropFirst()
    guard words.count >= 2, let count = Int(words[2]), count >= 0 else {
      FileHandle.standardError.write(Data("usage: many-runs STORE COUNT [alive]\n".utf8))
      exit(64)
    }
    do {
      let store = StoreFolder(path: words[1])
      try store.prepare()
      if words.last == "alive" {
        let living = try (0..<count).map { _ in try SampleRun(in: store) }
        sayWritten()
        while readLine() != nil {}
        for run in living { try run.finish() }
      } else {
        try write(count, to: store)
        sayWritten()
      }
    } catch {
      FileHandle.standardError.write(Data("many-runs: \(error)\n".utf8))
      exit(73)
    }
  }

  private static func sayWritten() {
    print("written")
    fflush(nil)
  }

  /// More than there are processors: at its end a run waits for its disk.
  private static let writersAtOnce = 16

  private static func write(_ count: Int, to store: StoreFolder) throws {
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: writersAtOnce) { writer in
      do {
        for _ in stride(from: writer, to: count, by: writersAtOnce) {
          try SampleRun(in: store).finish()
        }
      } catch {
        failure.withLock { $0 = error }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}

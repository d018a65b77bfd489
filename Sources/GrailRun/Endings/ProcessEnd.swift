import CGrailRecord
import GrailCore
import GrailRecord
import Logging
import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the process ends while runs go on: by signals, crashes or `exit`.
///
/// What belongs to the whole process is taken by `main()` alone.
package enum ProcessEnd {
  private static let state = Monitor(State())
  private static let hasBeenTaken = Atomic<Bool>(false)

  private struct State {
    var runs: [ObjectIdentifier: Recorder] = [:]
    /// How many records are being begun.
    var beginningCount = 0
    var isEnding = false
  }

  /// Whether the process's end is in these hands.
  static var isTaken: Bool { hasBeenTaken.load(ordering: .relaxed) }

  /// Takes the signals that end a process, and `exit`, for the runs that go on.
  package static func take() {
    guard !hasBeenTaken.exchange(true, ordering: .sequentiallyConsistent) else { return }
    // Who reads the output may have enough of it; the run goes on, and its record is complete.
    grail_pipe_watch()
    grail_crash_watch()
    grail_exit_watch { status in ProcessEnd.endRuns(exitStatus: status) }
    let requests = grail_signals_watch()
    guard requests >= 0 else { return }
    WorkerThread.detach {
      var number: UInt8 = 0
      while read(requests, &number, 1) < 0, errno == EINTR { continue }
      if number > 0 { end(by: Int32(number)) }
    }
  }

  /// Says that the record of a run is being begun: a signal that comes meanwhile waits for that.
  ///
  /// Once the process is about to end no record is begun any more, and this waits for that end.
  static func beginRecord() {
    _ =
      state.wait(atMost: .seconds(60)) { state -> Void? in
        guard !state.isEnding else { return nil }
        state.beginningCount += 1
      } ?? state.withLock { $0.beginningCount += 1 }
  }

  /// Says that the record of a run is begun, or will not be.
  static func endBeginning() { state.change { $0.beginningCount -= 1 } }

  static func insert(_ recorder: Recorder) {
    state.withLock { $0.runs[ObjectIdentifier(recorder)] = recorder }
  }

  static func remove(_ recorder: Recorder) {
    state.withLock { $0.runs[ObjectIdentifier(recorder)] = nil }
  }

  private static var active: [Recorder] {
    state.withLock { Array($0.runs.values) }.sorted { $0.startTime < $1.startTime }
  }

  /// Ends all runs because of a signal, and the process by it.
  private static func end(by signal: Int32) {
    state.change { $0.isEnding = true }
    _ = state.wait(atMost: .seconds(2)) { $0.beginningCount == 0 ? true : nil }
    let active = active
    let runs = active.count > 1 ? "\(active.count) runs" : "the run"
    active.first?.logger.notice(
      "\(SignalName.text(of: signal)): ending \(runs) and cleaning up; a second one ends the program at once"
    )
    for recorder in active { recorder.stop.request(.signal(signal)) }
    // Together, so that many take no longer than one.
    let threads = active.compactMap { recorder in WorkerThread { recorder.stop.end() } }
    for thread in threads { thread.join() }
    die(by: signal)
  }

  /// Ends the process by a signal, as if nobody had handled it.
  package static func die(by signal: Int32) -> Never {
    grail_flush_output()
    grail_die_by(signal)
  }

  /// Writes the end of runs whose program ends itself.
  private static func endRuns(exitStatus: Int32) {
    for recorder in active {
      if exitStatus == 0 {
        recorder.warn("the program ended itself by exit(0) before the run returned")
        _ = recorder.finish(.completed)
      } else {
        let code = exitStatus > 0 ? "exit(\(exitStatus))" : "exit"
        _ = recorder.finish(.failed, failTrace: ["The program ended itself by \(code).\n"])
      }
      recorder.finishDelivery(within: .seconds(2))
      recorder.stop.over()
    }
  }
}

import CGrailRecord
public import GrailCore
import SystemPackage

extension RunReader {
  /// Whether the run's process still lives, as far as can be told from here.
  ///
  /// On the machine where the run began, in the same boot, the journal's lock tells, and the
  /// process's id with its start time. From elsewhere only the age of the last heartbeat does, and
  /// never more than "probably".
  ///
  /// - Parameter now: The present moment, if not that of the system's clock.
  /// - Returns: What is known.
  public func liveness(now: Timestamp? = nil) -> Liveness {
    let now = now ?? SystemClock.now()
    guard record.status == .running else { return .notExpected }
    guard let session = record.sessions.last else { return livenessByHeartbeat(now: now) }
    let process = session.process
    guard process.isOfThisBoot else {
      return livenessByHeartbeat(now: now)
    }
    if process.holdsLock {
      switch lockState(ofSession: session.number) {
      case .free: return .dead
      // A child that was forked keeps the lock of a parent that is gone.
      case .held: return process.isRunning == false ? .dead : .alive
      case .unknown: break
      }
    }
    switch process.isRunning {
    case true?: return .alive
    case false?: return .dead
    case nil: return livenessByHeartbeat(now: now)
    }
  }

  private enum LockState { case free, held, unknown }

  private func lockState(ofSession number: Int) -> LockState {
    let path = FilePath("\(directory)/\(RunLayout.journal(session: number))")
    guard let file = try? FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) else {
      return .unknown
    }
    // Closing gives a lock that was to be had back.
    defer { try? file.close() }
    switch grail_lock_shared(file.rawValue) {
    case 0: return .free
    case Errno.wouldBlock.rawValue: return .held
    default: return .unknown
    }
  }

  private static let defaultBeatInterval: Int64 = 10_000_000
  private static let patience: Int64 = 120_000_000

  private func livenessByHeartbeat(now: Timestamp) -> Liveness {
    guard let beat = record.heartbeat ?? record.startTime else { return .unknown }
    let interval = record.sessions.last?.process.beatInterval ?? Self.defaultBeatInterval
    guard interval > 0 else { return .unknown }
    let limit = max(3 * interval, Self.patience)
    return now.since(beat) > .microseconds(limit) ? .probablyDead : .unknown
  }
}

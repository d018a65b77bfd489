import GrailCore
import GrailRecord
import GrailStore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Ends runs of this machine, and waits until their records say how they ended.
struct RunStopper {
  /// A signal, and how long the runs have to end after it.
  struct Step: Hashable {
    var signal: Int32
    var limit: Duration
  }

  /// A run that was told to end.
  struct Target {
    fileprivate var watch: RunWatch
    fileprivate var process: ProcessEvidence
    /// Whether its record says how it ended, or nothing more will.
    fileprivate(set) var isOver = false

    var run: StoredDirectory { watch.run }
  }

  private(set) var targets: [Target] = []
  /// What could not be done, one line each.
  private(set) var failures: [String] = []

  /// The time between two looks.
  private static let interval = Duration.milliseconds(50)

  /// Finds the processes of runs.
  ///
  /// - Parameters:
  ///   - runs: The runs.
  ///   - now: The present moment.
  init(_ runs: [StoredDirectory], now: Timestamp) {
    for run in runs {
      switch RunProcess(of: run, now: now) {
      case .here(let process): targets.append(Target(watch: RunWatch(run), process: process))
      case .outOfReach(let reason): failures.append(reason)
      }
    }
  }

  /// Whether a run still goes on.
  var isWaiting: Bool { targets.contains { !$0.isOver } }

  /// Tells the runs that go on to end, and waits.
  ///
  /// - Parameter step: How they are told, and for how long.
  /// - Throws: ``RunReaderError`` if a run's directory is gone; `CancellationError`.
  mutating func take(_ step: Step) async throws {
    targets.removeAll { target in
      guard !target.isOver, let error = target.send(step.signal), error != .noSuchProcess else {
        return false
      }
      let (id, process) = (DisplayText(target.run.record.id), target.process.processID)
      failures.append("run \(id) cannot be told to end: process \(process): \(error)")
      return true
    }
    let end = ContinuousClock.now + step.limit
    while isWaiting {
      for place in targets.indices where !targets[place].isOver { try targets[place].look() }
      guard isWaiting, ContinuousClock.now < end else { return }
      try await Task.sleep(for: Self.interval)
    }
  }
}

extension RunStopper.Target {
  /// Sends a signal; one that asks as much where the process ignores SIGINT, as what a script
  /// starts in the background does.
  fileprivate func send(_ signal: Int32) -> Errno? {
    let asks = signal == SIGINT && process.ignores(signal: SIGINT)
    return process.send(signal: asks ? SIGTERM : signal)
  }

  /// Looks whether the run is over, and finishes its record where its process could not.
  fileprivate mutating func look() throws {
    guard try !watch.goesOn() else { return }
    isOver = true
    if !run.record.status.isFinal, run.liveness == .dead {
      _ = try RunFinisher.finish(directory: run.reader.directory)
      try watch.reread()
    }
  }
}

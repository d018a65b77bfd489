package import GrailCore
package import GrailRecord
package import Logging
import Synchronization

/// Tells a run's observers what happens in it, without delaying the run.
///
/// Safe from any thread. Each observer has a thread, a place in the run's sequence of events, and a
/// file that keeps the place; none waits for another.
package final class Delivery: Sendable {
  private let feeds: [ObserverFeed]
  private let runID: String
  private let logger: Logger
  /// Kept as long as this process is the one that delivers.
  private let lock: Mutex<JournalLock?>

  /// Begins to deliver.
  ///
  /// - Parameters:
  ///   - directory: The run's directory.
  ///   - runID: What messages call the run.
  ///   - key: The run's key.
  ///   - experiment: The experiment whose observers these are.
  ///   - observers: The observers by their names.
  ///   - settings: The limits.
  ///   - repeatsRefused: Whether what an observer refused for good is delivered again.
  ///   - lock: The lock of the run's journal.
  ///   - logger: Where the messages go.
  package init(
    directory: String, runID: String, key: RunKey, experiment: String,
    observers: [String: any RunObserver], settings: DeliverySettings,
    repeatsRefused: Bool = false, lock: JournalLock?, logger: Logger
  ) {
    (self.runID, self.logger) = (runID, logger)
    self.lock = Mutex(lock)
    let opened = OpenedSequence()
    let context = ObserverFeed.Context(
      directory: directory, runID: runID, key: key, settings: settings, logger: logger,
      repeatsRefused: repeatsRefused
    ) {
      try opened.sequence(ofRun: directory, key: key)
    }
    feeds = observers.sorted { $0.key < $1.key }.map { name, observer in
      ObserverFeed(name, observer: observer, experiment: experiment, in: context)
    }
    for feed in feeds { feed.start() }
  }

  /// The sequence that the feeds share, opened when one first can.
  private final class OpenedSequence: Sendable {
    private let state = Mutex<DeliverySequence?>(nil)

    func sequence(ofRun directory: String, key: RunKey) throws -> DeliverySequence {
      try state.withLock { sequence in
        if let sequence { return sequence }
        let opened = try DeliverySequence(directory: directory, key: key)
        sequence = opened
        return opened
      }
    }
  }

  /// How far the delivery is, by the observers' names.
  package var records: [DeliveryRecord] { feeds.map(\.record) }

  /// What a feed may take beyond the time that it is given: it waits for no observer then.
  private static let patience = Duration.seconds(2)
  /// A longer wait is said.
  private static let silence = Duration.seconds(1)

  /// Delivers what is left, for a limited time, and ends.
  ///
  /// Nothing may be recorded in the run any more. Blocks the thread.
  ///
  /// - Parameters:
  ///   - limit: How long to try.
  ///   - isRenewed: Whether each batch that arrives gives as much time again.
  /// - Returns: How far the delivery is.
  package func end(within limit: Duration, isRenewed: Bool = false) -> [DeliveryRecord] {
    let end = ObserverFeed.End(limit: limit, isRenewed: isRenewed)
    for feed in feeds { feed.end(end) }
    sayWait(of: limit)
    for feed in feeds where !feed.waitForEnd(atMost: Self.patience) { feed.stop() }
    let records = self.records
    // From now on another process may deliver.
    lock.withLock { $0 = nil }
    return records
  }

  /// Says whom the end waits for, if it does for long.
  private func sayWait(of limit: Duration) {
    let end = ContinuousClock.now + Self.silence
    let late = feeds.filter { !$0.hasLeft(within: end - .now) }.map { "'\($0.name)'" }
    guard limit > Self.silence, !late.isEmpty else { return }
    logger.info(
      "run \(runID): waiting up to \(DurationText.text(of: limit)) for \(late.count == 1 ? "observer" : "observers") \(late.joined(separator: ", "))"
    )
  }

  /// As ``end(within:isRenewed:)``, while other tasks go on.
  package func end(within limit: Duration, isRenewed: Bool = false) async -> [DeliveryRecord] {
    await withCheckedContinuation { continuation in
      let work: @Sendable () -> Void = { [self] in
        continuation.resume(returning: end(within: limit, isRenewed: isRenewed))
      }
      if !WorkerThread.detach(work) { work() }
    }
  }
}

extension [DeliveryRecord] {
  /// What is not delivered, or was refused for good, for people; `nil` if all is delivered.
  package var undeliveredText: String? {
    let parts = compactMap { record -> String? in
      let reason = record.error.map { " (\($0))" } ?? ""
      if record.undelivered > 0 {
        return "observer '\(record.observer)' lacks \(record.undelivered.counted("event"))\(reason)"
      }
      guard record.givenUp > 0 else { return nil }
      return "observer '\(record.observer)' refused \(record.givenUp.counted("event"))\(reason)"
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}

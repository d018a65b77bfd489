import GrailCore
import Synchronization

/// Sends what batches tell, each event once as far as this process can know.
///
/// A batch that fails comes again as a whole; what of it was sent is remembered and left out then.
/// What can never be sent is left out too, so that it does not keep back what follows.
final class Outbox: Sendable {
  private struct Sent {
    /// The number of the run's events that are done with.
    var offset: Int64 = 0
    /// Why an event could not be sent for good, if one could not and nobody knows yet.
    var failure: DeliveryError?
    /// When the run was last heard of, in batches.
    var turn: UInt64 = 0
  }

  private struct Storage {
    var runs: [RunKey: Sent] = [:]
    var turn: UInt64 = 0
  }

  private let storage = Mutex(Storage())
  /// The most runs that are remembered.
  private static let capacity = 10_000

  /// Sends what a batch tells.
  ///
  /// - Parameters:
  ///   - batch: The batch.
  ///   - events: The events that are wanted.
  ///   - send: Sends one.
  /// - Throws: What `send` throws, or a final error of an earlier event.
  func deliver(
    _ batch: RunEventBatch, _ events: Set<NotificationEvent>,
    by send: (Occasion) async throws -> Void
  ) async throws {
    for occasion in batch.occasions(events) where occasion.offset >= begin(batch.key) {
      do {
        try await send(occasion)
        finish(occasion, nil)
      } catch let error as DeliveryError where error.isFinal {
        finish(occasion, error)
      }
    }
    if let failure = takeFailure(batch.key) { throw failure }
  }

  /// The number of a run's events that are done with.
  private func begin(_ key: RunKey) -> Int64 {
    storage.withLock { storage in
      if storage.runs[key] == nil, storage.runs.count >= Self.capacity {
        // Half of them at once, so that this is rare.
        let turns = storage.runs.values.map(\.turn).sorted()
        let middle = turns[turns.count / 2]
        storage.runs = storage.runs.filter { $0.value.turn > middle }
      }
      storage.turn += 1
      storage.runs[key, default: Sent()].turn = storage.turn
      return storage.runs[key]?.offset ?? 0
    }
  }

  private func finish(_ occasion: Occasion, _ failure: DeliveryError?) {
    storage.withLock { storage in
      storage.runs[occasion.key, default: Sent()].offset = occasion.offset + 1
      if let failure { storage.runs[occasion.key]?.failure = failure }
    }
  }

  private func takeFailure(_ key: RunKey) -> DeliveryError? {
    storage.withLock { storage in
      defer { storage.runs[key]?.failure = nil }
      return storage.runs[key]?.failure
    }
  }
}

package import GrailCore
import GrailRecord
import Logging
import Synchronization

extension Recorder {
  /// Begins to tell the observers of a run, if it has any.
  func beginDelivery(of plan: RunPlan) {
    guard !plan.settings.observers.isEmpty else { return }
    delivery.withLock { delivery in
      delivery = Delivery(
        directory: directory, runID: id, key: key, experiment: plan.experiment,
        observers: plan.settings.observers, settings: plan.settings.delivery,
        lock: journal.retainLock(), logger: logger)
    }
  }

  /// Keeps in the record how far the observers are.
  func noteDeliveries() {
    guard let delivery = delivery.withLock({ $0 }) else { return }
    let deliveries = delivery.records
    record.withLock { $0.deliveries = deliveries }
  }

  /// Waits for the observers of a run that has ended, for a limited time, and says what they lack.
  ///
  /// All output must have been recorded before.
  ///
  /// - Returns: The record.
  package func finishDelivery() async -> RunRecord {
    guard let delivery = delivery.withLock({ $0.take() }) else { return snapshot }
    return note(await delivery.end(within: observerTimeout))
  }

  /// As ``finishDelivery()``, on this thread: for a process that is about to die.
  ///
  /// - Parameter limit: How long to wait, if that is less than the run's own limit.
  /// - Returns: The record.
  @discardableResult
  package func finishDelivery(within limit: Duration) -> RunRecord {
    guard let delivery = delivery.withLock({ $0.take() }) else { return snapshot }
    return note(delivery.end(within: min(limit, observerTimeout)))
  }

  /// Notes on the record what observers received, and says what they lack.
  private func note(_ deliveries: [DeliveryRecord]) -> RunRecord {
    record.withLock { $0.deliveries = deliveries }
    do {
      try files.writeRun(snapshot, metrics: derived.withLock { $0.metrics })
    } catch {
      logger.error("the record of run \(id) does not say what its observers received: \(error)")
    }
    if let text = deliveries.undeliveredText {
      let place = storeName.map { " -F \(quoted($0))" } ?? ""
      logger.warning(
        "run \(id): \(text). To deliver it later, type: \(ProgramFacts.name) sync \(id)\(place)")
    }
    return snapshot
  }
}

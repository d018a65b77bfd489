package import GrailCore
import GrailRecord
package import Logging

/// Delivers what observers did not receive of runs that are over.
package struct DeliverySync: Sendable {
  /// The experiment whose observers these are.
  package var experiment: String
  /// The observers by their names.
  package var observers: [String: any RunObserver]
  /// How long to try without anything being delivered.
  package var limit: Duration
  /// The limits of single calls.
  package var settings: DeliverySettings
  /// Where messages go.
  package var logger: Logger

  /// What became of a run.
  package enum Outcome: Hashable, Sendable {
    /// The observers have it all; this many events were delivered now.
    case delivered(Int64)
    /// Something is undelivered or was refused for good, as these say.
    case undelivered([DeliveryRecord])
    /// The run goes on, and its process delivers.
    case isAlive
    /// Another process delivers.
    case isDelivered
    /// The run is another experiment's, which has observers of its own.
    case isOfAnother(experiment: String)
  }

  /// Creates a delivery.
  ///
  /// - Parameters:
  ///   - experiment: The experiment whose observers these are.
  ///   - observers: The observers by their names.
  ///   - limit: How long to try without anything being delivered.
  ///   - settings: The limits of single calls.
  ///   - logger: Where messages go.
  package init(
    experiment: String, observers: [String: any RunObserver], limit: Duration,
    settings: DeliverySettings, logger: Logger
  ) {
    (self.experiment, self.observers, self.limit) = (experiment, observers, limit)
    (self.settings, self.logger) = (settings, logger)
  }

  /// Says whether there is something to deliver of a run, without being asked for this one.
  ///
  /// That is so where an observer of the experiment was told of the run, and not yet of its end. One
  /// that was added later is not told all that ever ran.
  package func isWanting(ofRun directory: String) -> Bool {
    let last = RunFiles.journals(in: directory).last ?? 0
    return !observersWanting(ofRun: directory, last: last).isEmpty
  }

  private func observersWanting(ofRun directory: String, last: Int) -> [String] {
    DeliveryFile.all(in: directory).filter { file in
      file.experiment == experiment && observers[file.record.observer] != nil
        && file.completeSession != last
    }.map(\.record.observer)
  }

  /// Delivers what the observers did not receive of a run; one whose process died is ended first.
  ///
  /// - Parameters:
  ///   - directory: The run's directory.
  ///   - isAsked: Whether this run was asked for, so that all observers are told of it, and what
  ///     they refused for good is delivered again.
  /// - Returns: What became of it.
  /// - Throws: ``RunReaderError``, ``JournalError`` or ``FileError`` if the run cannot be read or
  ///   ended.
  @concurrent
  package func deliver(run directory: String, isAsked: Bool) async throws -> Outcome {
    let reader = try RunReader(directory: directory)
    guard reader.record.experiment.name == experiment else {
      return .isOfAnother(experiment: reader.record.experiment.name)
    }
    if reader.record.status == .running, try RunFinisher.finish(directory: directory) == .isAlive {
      return reader.liveness() == .dead ? .isDelivered : .isAlive
    }
    guard let key = reader.record.key else {
      throw NoKey(id: reader.record.id)
    }
    guard let lock = try await Self.lock(ofRun: directory) else { return .isDelivered }
    let last = RunFiles.journals(in: directory).last ?? 0
    let wanting = isAsked ? Array(observers.keys) : observersWanting(ofRun: directory, last: last)
    let before = Self.records(ofRun: directory, repeatsRefused: isAsked)
    let delivery = Delivery(
      directory: directory, runID: reader.record.id, key: key, experiment: experiment,
      observers: observers.filter { wanting.contains($0.key) }, settings: settings,
      repeatsRefused: isAsked, lock: lock, logger: logger)
    let records = await delivery.end(within: limit, isRenewed: true)
    RunFiles(directory: directory).noteDeliveries()
    let lacks = records.contains { record in
      record.undelivered > 0 || record.givenUp > before[record.observer]?.givenUp ?? 0
    }
    if lacks { return .undelivered(records) }
    return .delivered(records.reduce(0) { $0 + $1.offset - (before[$1.observer]?.offset ?? 0) })
  }

  /// Takes a run's lock, which whoever completes the record of a dead run has for a moment.
  private static func lock(ofRun directory: String) async throws -> JournalLock? {
    for _ in 0..<500 {
      if let lock = try JournalLock.take(ofRun: directory) { return lock }
      try await Task.sleep(for: .milliseconds(20))
    }
    return nil
  }

  private struct NoKey: Error, CustomStringConvertible {
    let id: String
    var description: String { "run '\(id)' has no key, so that no observer would know it again" }
  }

  /// How far the observers are before the delivery.
  private static func records(
    ofRun directory: String, repeatsRefused: Bool
  ) -> [String: DeliveryRecord] {
    var records: [String: DeliveryRecord] = [:]
    for var file in DeliveryFile.all(in: directory) {
      if repeatsRefused { file.returnToRefused() }
      records[file.record.observer] = file.record
    }
    return records
  }
}

import GrailCore
import GrailRecord
import GrailRun
import Logging
import Synchronization
import SystemPackage

extension Experiment {
  /// Delivers what observers did not receive, and prints what became of each run.
  ///
  /// - Parameters:
  ///   - id: The run; without one, all runs of the store of which something is undelivered.
  ///   - parsed: The options.
  ///   - program: The program's name.
  /// - Throws: ``CommandExit`` with 1 if something is still undelivered, 64 if there are no observers,
  ///   they cannot be made, or the run is another experiment's, 66 if there is no such run.
  func sync(
    _ id: String?, _ parsed: ParsedCommandLine, program: String
  ) async throws(CommandExit) {
    var settings = parsed.options.runSettings(updates: [], arguments: [])
    do {
      for hook in optionHooks.withLock({ $0 }) { try hook(&settings) }
      try ownOptions.withLock { $0 }.apply(parsed.own, &settings)
      try addObservers(to: &settings)
    } catch {
      throw CommandExit(problems: ["\(error)"], program: program)
    }
    guard !settings.observers.isEmpty else {
      throw CommandExit(
        code: 64,
        text: "\(program): the experiment has no observers; experiment.observe(…, as:) adds one",
        isError: true)
    }
    var logger = Logger(label: name)
    if let level = settings.logLevel { logger.logLevel = level }
    var sync = DeliverySync(
      experiment: name, observers: settings.observers, limit: settings.observerTimeout,
      settings: settings.delivery, logger: logger)
    let store = StoreFolder.find(named: settings.store)
    if let id {
      let directory = "\(store.path)/\(id)"
      guard StoreFolder.problem(withID: id) == nil, StoreFolder.isFolder(directory) else {
        throw CommandExit(
          code: 66, text: "\(program): there is no run \(quoted(id)) in \(quoted(store.path))",
          isError: true)
      }
      let report = await Self.sync(run: id, in: directory, sync, isAsked: true)
      if !report.isDone {
        throw CommandExit(code: report.exitCode, text: "\(program): \(report.text)", isError: true)
      }
      return write(report.text + "\n", to: .standardOutput)
    }
    let wanting = StoreFolder.names(in: store.path).filter { id in
      StoreFolder.problem(withID: id) == nil && sync.isWanting(ofRun: "\(store.path)/\(id)")
    }
    var problems: [String] = []
    var (count, left) = (0, 0)
    for id in wanting {
      let directory = "\(store.path)/\(id)"
      // All of its observers failed at an earlier run.
      guard sync.isWanting(ofRun: directory) else {
        left += 1
        continue
      }
      let report = await Self.sync(run: id, in: directory, sync, isAsked: false)
      // What a run that goes on has to tell is its own affair.
      if report.isAlive { continue }
      count += 1
      if report.isDone {
        write(report.text + "\n", to: .standardOutput)
      } else {
        problems.append("\(program): \(report.text)")
      }
      for observer in report.failing { sync.observers[observer] = nil }
    }
    if left > 0 {
      problems.append(
        "\(program): \(left.counted("more run waits", "more runs wait")) for them; type \(program) sync again when they answer"
      )
    }
    if !problems.isEmpty {
      throw CommandExit(code: 1, text: problems.joined(separator: "\n"), isError: true)
    }
    if count == 0 { write("Nothing is undelivered\n", to: .standardOutput) }
  }

  /// What became of a run, for people.
  private struct SyncReport {
    var text: String
    var isDone = false
    var isAlive = false
    var exitCode: Int32 = 1
    /// The observers that did not take all.
    var failing: [String] = []
  }

  private static func sync(
    run id: String, in directory: String, _ sync: DeliverySync, isAsked: Bool
  ) async -> SyncReport {
    do {
      switch try await sync.deliver(run: directory, isAsked: isAsked) {
      case .delivered(0):
        return SyncReport(text: "Run \(id): nothing is undelivered", isDone: true)
      case .delivered(let count):
        return SyncReport(text: "Run \(id): delivered \(count.counted("event"))", isDone: true)
      case .undelivered(let records):
        return SyncReport(
          text: "run \(id): \(records.undeliveredText ?? "")",
          failing: records.filter { $0.undelivered > 0 }.map(\.observer))
      case .isAlive:
        return SyncReport(text: "run \(id) goes on, and delivers by itself", isAlive: true)
      case .isOfAnother(let experiment):
        return SyncReport(
          text:
            "run \(id) is of the experiment \(quoted(experiment)), whose own program tells its observers",
          exitCode: 64)
      case .isDelivered:
        return SyncReport(text: "run \(id) is in the hands of another process; try again later")
      }
    } catch {
      return SyncReport(text: "run \(id): \(error)")
    }
  }
}

import Foundation
import Grail
import Synchronization

/// How the observed experiment goes on.
struct ObservedSettings: Configurable {
  var rounds = 50
  /// Microseconds.
  var pause = 2000
}

/// An experiment that logs on two threads, notes and prints, and is observed.
///
/// The environment's OBSERVER_LOG says where the observer keeps what it is told, OBSERVER how it
/// behaves: `steady`, `away` to fail always, `refuse` to refuse for good, or `shaky` to fail at random, half of the times after
/// it stored the batch.
let observed: Experiment<ObservedSettings> = {
  let observed = Experiment("observed", config: ObservedSettings.self) { run in
    await withTaskGroup(of: Void.self) { group in
      for name in ["a", "b"] {
        group.addTask {
          let metric = run.metric(name)
          for index in 0..<run.config.rounds {
            for step in 0..<20 { metric.log(Double(index * 20 + step)) }
            run.info["\(name)\(index)"] = index
            if name == "a" { print("line \(index)") }
            usleep(UInt32(run.config.pause))
          }
        }
      }
    }
    return run.config.rounds
  }
  for name in variable("OBSERVERS")?.split(separator: " ") ?? ["file"] {
    observed.observe(
      FileObserver(path: "\(variable("OBSERVER_LOG") ?? "/dev/null").\(name)"), as: String(name))
  }
  observed.optionHook { settings in
    settings.provenance = .none
  }
  return observed
}()

private func variable(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

private func append(_ text: String, to path: String) {
  let file = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o644)
  guard file >= 0 else { return }
  _ = text.withCString { write(file, $0, strlen($0)) }
  close(file)
}

/// Keeps each event as a line of a file, by its number.
///
/// A line that was not whole when the process was killed is written again; one that is there must be
/// the same when it comes again.
final class FileObserver: RunObserver {
  private let path: String

  init(path: String) { self.path = path }

  struct Away: Error, CustomStringConvertible {
    var description: String { "the server is away" }
  }

  func record(_ batch: RunEventBatch) async throws {
    let mode = variable("OBSERVER") ?? "steady"
    if mode == "away" || mode == "shaky" && Int.random(in: 0..<4) == 0 { throw Away() }
    if mode == "refuse" { throw DeliveryError("404: no such channel", isFinal: true) }
    try store(batch)
    if mode == "shaky", Int.random(in: 0..<4) == 0 { throw Away() }
  }

  private func store(_ batch: RunEventBatch) throws {
    let path = "\(path).\(batch.record.id)"
    var text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    if let end = text.lastIndex(of: "\n") {
      text = String(text[...end])
    } else {
      text = ""
    }
    truncate(path, off_t(text.utf8.count))
    let lines = text.split(separator: "\n")
    let known = max(0, lines.count - Int(batch.offset))
    if batch.offset > lines.count { append("GAP \(batch.offset)\n", to: path) }
    for (event, line) in zip(batch.events, lines.dropFirst(Int(batch.offset)))
    where Self.line(event) != line {
      append("MISMATCH \(Self.line(event))\n", to: path)
    }
    for event in batch.events.dropFirst(known) { append(Self.line(event) + "\n", to: path) }
  }

  private static func line(_ event: RunEvent) -> String {
    switch event {
    case .started(let record): "started \(record.id)"
    case .points(let series):
      "points \(series.descriptor.name) "
        + zip(series.steps, series.values.doubles).map { "\($0):\($1)" }.joined(separator: ",")
    case .output(let piece):
      "output \(piece.offset) \(Data(piece.bytes).base64EncodedString())"
    case .info(let name, let value): "info \(name) \(value ?? .null)"
    case .ended(let ending): "ended \(ending.status)"
    case .result(let value): "result \(value)"
    case .heartbeat: "heartbeat"
    default: "other"
    }
  }
}

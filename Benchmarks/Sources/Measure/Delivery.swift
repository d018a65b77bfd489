import Foundation
import Grail
import Synchronization

/// Delivers a hundred events a second, and then what a loop logs at full speed, to a server that is
/// away half of the time.
func measureDelivery(rounds: Int = 9, seconds duration: Double = 20) async throws {
  var table = Table("delivery to a server that is away half of the time, a second in two")
  let folder = try Folder()
  let server = Server()
  let experiment = Experiment("delivery") { run in
    let start = ContinuousClock.now
    for index in 0..<Int(duration * 100) {
      run.info["event"] = index
      run.log("loss", Double(index))
      try await Task.sleep(until: start + .milliseconds(10) * (index + 1))
    }
  }
  var settings = folder.settings()
  settings.observers = ["server": server]
  settings.observerTimeout = .seconds(30)
  settings.logLevel = .critical
  let record = try await experiment.run(settings: settings)
  let told = server.told.withLock { $0 }
  let recorded = Int(duration * 100)
  table.add("events in \(Int(duration)) s, and as many points", "\(recorded)")
  table.add("tries, and those that failed", "\(told.tries), \(told.failures)")
  table.add("events delivered", "\(Set(told.events).count)", aim: "\(recorded)")
  table.add("points delivered", "\(Set(told.points).count)", aim: "\(recorded)")
  table.add(
    "doubled",
    "\(told.events.count + told.points.count - Set(told.events).count - Set(told.points).count)",
    aim: "0")
  table.add(
    "lost", "\(2 * recorded - Set(told.events).count - Set(told.points).count)", aim: "0")
  table.add("undelivered at the end", "\(record.deliveries[0].undelivered)", aim: "0")

  // The slowdown of a loop that does nothing but log and note, alone and observed in turn.
  var times: [Bool: [Double]] = [:]
  for _ in 0..<rounds {
    for isObserved in [false, true] {
      var settings = folder.settings()
      settings.logLevel = .critical
      if isObserved { settings.observers = ["server": Server()] }
      let loop = Experiment("loop") { run in
        let loss = run.metric("loss")
        let start = ContinuousClock.now
        for index in 0..<20_000_000 {
          loss.log(Double(index & 1023) * 0.37)
          if index % 10_000 == 0 { run.info["index"] = index }
        }
        return (ContinuousClock.now - start).seconds
      }
      settings.observerTimeout = .zero
      let result = try await loop.run(settings: settings).result.doubleValue ?? .nan
      times[isObserved, default: []].append(result / 20_000_000 * 1e9)
    }
  }
  let (alone, observed) = (Rounds(times[false] ?? []), Rounds(times[true] ?? []))
  table.add("ns a call of a loop that logs, nobody observes", alone.text())
  table.add("the same, observed", observed.text())
  table.add("slowdown, %", ((observed.median / alone.median - 1) * 100).text())
  table.show()
}

/// A server that is away each second second, and whose answer is lost now and then.
private final class Server: RunObserver {
  struct Told: Sendable {
    var count: Int64 = 0
    var events: [Int64] = []
    var points: [Double] = []
    var tries = 0
    var failures = 0
  }

  struct Away: Error {}

  let told = Mutex(Told())

  func record(_ batch: RunEventBatch) async throws {
    let isAway = Int(Date().timeIntervalSince1970) % 2 == 0
    try told.withLock { told in
      told.tries += 1
      if isAway {
        told.failures += 1
        throw Away()
      }
      let known = max(0, told.count - batch.offset)
      for event in batch.events.dropFirst(Int(known)) {
        switch event {
        case .info("event", let value): told.events.append(value?.intValue ?? -1)
        case .points(let series) where series.descriptor.name == "loss":
          told.points += series.values.doubles
        default: break
        }
      }
      told.count = max(told.count, batch.offset + Int64(batch.events.count))
      if told.tries % 5 == 0 {
        told.failures += 1
        throw Away()
      }
    }
  }
}

import Foundation
import Grail

/// How the loop goes.
struct LoopSettings: Configurable {
  var turns = 40
  var label = "epochs"
  var stop = -1
}

/// An experiment with one loop of short turns, which may be left.
let looping = Experiment("looping", config: LoopSettings.self) { run in
  for turn in run.progress(0..<run.config.turns, label: run.config.label) {
    if turn == run.config.stop { break }
    usleep(10_000)
  }
}

struct LongSettings: Configurable {
  var points = 1_200_000
}

/// An experiment with more points than `metrics.json` takes.
let long = Experiment("long", config: LongSettings.self) { run in
  let wave = run.metric("wave")
  let count = run.config.points
  for step in 0..<count {
    // One point stands out on either side, and some are no numbers.
    let value =
      step == count / 3 ? 5.0 : step == count / 2 ? -7.0 : step % 1000 == 0 ? .nan : sine(step)
    wave.log(value, step: step)
  }
  run.log("few", 1.0)
}

private func sine(_ step: Int) -> Double { sin(Double(step) / 1000) }

/// Two runs at once, of which one asks on a thread of no run for the current one.
func runTwoThatAskFromAThread() async throws {
  let asking = Experiment("asking") { _ in
    try await Task.sleep(for: .milliseconds(300))
    Thread { print(Run.current.id) }.start()
    try await Task.sleep(for: .seconds(10))
  }
  try await withThrowingTaskGroup { group in
    for _ in 0..<2 { group.addTask { try await asking.run() } }
    try await group.waitForAll()
  }
}

// An experiment in three lines: run it as it is, or with -h.

import Grail

let experiment = Experiment("hello") { run in print("Hello from run \(run.id)") }
await experiment.main()

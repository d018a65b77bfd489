// An experiment in three lines. Run it as it is, or with --help.

import Grail

let experiment = Experiment("hello") { run in print("Hello from run \(run.id)") }
await experiment.main()

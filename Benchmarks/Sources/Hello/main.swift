import Grail

let experiment = Experiment("hello") { _ in print("Hello world!") }
await experiment.main()

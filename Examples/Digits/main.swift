// Trains a small network to read handwritten digits, and records each training as a run.

import Grail

let experiment = Experiment(
  "digits", help: "Trains a small network to read handwritten digits.", config: Settings.self
) { run in
  let file = run.config.data
  let data = try DigitsData(contentsOf: file)
  try run.addResource(file)
  var trainer = try Trainer(run, data: data)
  let loss = run.metric("train.loss", unit: "nats")

  for epoch in run.progress(0..<run.config.epochs, label: "epochs") {
    loss.log(trainer.epoch(), step: epoch)
    run.log("test.accuracy", trainer.accuracy(on: trainer.test), step: epoch)
    run.log("learning.rate", trainer.learningRate, step: epoch)
  }

  let confusion = trainer.confusion(on: trainer.test)
  try run.addArtifact("\(confusion)".utf8, name: "confusion.txt", contentType: "text/plain")
  try run.addArtifact(trainer.network.weights, name: "weights.npy")
  run.info["images"] = ["training": trainer.training.count, "test": trainer.test.count]
  return confusion.accuracy
}
await experiment.main()

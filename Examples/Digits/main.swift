// Trains a small network to read handwritten digits, and records each training as a run.

import Grail

let experiment = Experiment("digits", config: Settings()) { run in
  let settings = run.config
  let data = try DigitsData(contentsOf: settings.data)
  try run.addResource(settings.data)
  var trainer = try Trainer(settings, data: data, seed: settings.seed)
  let loss = run.metric("train.loss", unit: "nats")

  for epoch in run.progress(0..<settings.epochs, label: "epochs") {
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

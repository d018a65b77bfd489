// Fits a polynomial to noisy points: an experiment with an ingredient in two places, a choice
// of optimizers, commands, hooks, named configurations, and runs in parallel.
//
//   Curve with optimizer=momentum optimizer.decay=0.8 training.noisy
//   Curve training.stats with training.size=100
//   Curve sweep

import Grail

let experiment = Experiment(
  "curve", help: "Fits a polynomial to noisy points.", config: Fitting.self,
  ingredients: [dataset]
) { run in
  let points = run.with(\.training) { makePoints(run) }
  let others = run.with(\.test) { makePoints(run) }
  var polynomial = Polynomial(
    coefficients: [Double](repeating: 0, count: run.config.degree + 1))
  var step = [Double](repeating: 0, count: run.config.degree + 1)
  for epoch in run.progress(0..<run.config.epochs, label: "epochs") {
    let gradient = polynomial.gradient(on: points, decay: run.config.decay)
    for power in step.indices {
      switch run.config.optimizer {
      case .descent(let descent): step[power] = -descent.rate * gradient[power]
      case .momentum(let momentum):
        step[power] = momentum.decay * step[power] - momentum.rate * gradient[power]
      }
      polynomial.coefficients[power] += step[power]
    }
    run.log("training.loss", polynomial.loss(on: points), step: epoch)
    run.log("test.loss", polynomial.loss(on: others), step: epoch)
  }
  run.info["polynomial"] = polynomial
  return polynomial.loss(on: others)
}

experiment.namedConfig("quick", help: "To see whether it runs at all.") { config in
  config.epochs = 10
  config.training.size = config.degree * 5
}
experiment.namedConfig("wild", help: "A polynomial that can do more than it should.") { config in
  config.degree = 9
  config.optimizer = .momentum(Momentum())
}
experiment.configHook { config, command in
  if command == "sweep" { config.epochs = min(config.epochs, 100) }
}
experiment.postRunHook { run in run.info["finished"] = true }

experiment.command("sweep", help: "Fits with several degrees at once.") { run in
  let epochs = run.config.epochs
  let seed = run.seed
  return try await withThrowingTaskGroup(of: (Int, Double).self) { group in
    for degree in 1...5 {
      group.addTask {
        let words = ["degree=\(degree)", "epochs=\(epochs)", "seed=\(seed)"]
        let record = try await experiment.run(with: words)
        return (degree, record.result.doubleValue ?? .nan)
      }
    }
    var losses: [String: Double] = [:]
    for try await (degree, loss) in group { losses["degree \(degree)"] = loss }
    return losses
  }
}

await experiment.main()

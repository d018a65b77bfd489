// Fits a polynomial to noisy points: an experiment with an ingredient in two places, a choice
// of optimizers, commands, hooks, named configurations, and runs in parallel.
//
//   Curve with optimizer=momentum optimizer.decay=0.8 training.noisy
//   Curve training.stats with training.size=100
//   Curve sweep with quick

import Grail

let experiment = Experiment(
  "curve", help: "Fits a polynomial to noisy points.", config: Fitting.self,
  ingredients: [dataset]
) { run in
  let training = run.with(\.training) { makePoints(run) }
  let test = run.with(\.test) { makePoints(run) }
  var polynomial = Polynomial(degree: run.config.degree)
  var steps = polynomial.coefficients
  for epoch in run.progress(0..<run.config.epochs, label: "epochs") {
    let slopes = polynomial.gradient(on: training, decay: run.config.decay)
    for power in steps.indices {
      steps[power] = run.config.optimizer.step(after: steps[power], slope: slopes[power])
      polynomial.coefficients[power] += steps[power]
    }
    run.log("training.loss", polynomial.loss(on: training), step: epoch)
    run.log("test.loss", polynomial.loss(on: test), step: epoch)
  }
  run.info["polynomial"] = polynomial
  return polynomial.loss(on: test)
}

// The points are made in two places, each of which the closure above asks for by name.
experiment.place(dataset, at: \.training, \.test)

// MARK: - Named configurations

experiment.namedConfig("quick", help: "To see whether it runs at all.") { config in
  config.epochs = 10
  config.training.size = config.degree * 5
}
experiment.namedConfig("wild", help: "A polynomial that can do more than it should.") { config in
  config.degree = 9
  config.optimizer = .momentum(Momentum())
}

// MARK: - Hooks

experiment.configHook { config, command in
  // A sweep is a first look, so it takes fewer looks at the points.
  if command == "sweep" { config.epochs = min(config.epochs, 100) }
}
experiment.postRunHook { run in
  let summary = "degree \(run.config.degree), \(run.config.training.size) points\n"
  try run.addArtifact(summary.utf8, name: "summary.txt", contentType: "text/plain")
}

// MARK: - Commands

experiment.command("sweep", help: "Fits with the degrees 1 to 5 at once, a run each.") { run in
  // A run's config.json is a configuration file: the others are as this one, but for the degree.
  let config = "\(run.directory)/config.json"
  var settings = RunSettings()
  settings.parent = run.id
  settings.group = "sweep \(run.id)"
  return try await withThrowingTaskGroup(of: (Int, Double).self) { [settings] group in
    for degree in 1...5 {
      group.addTask {
        let record = try await experiment.run(
          with: [config, "degree=\(degree)"], settings: settings)
        return (degree, record.result.doubleValue ?? .nan)
      }
    }
    var losses: [String: Double] = [:]
    for try await (degree, loss) in group { losses["degree \(degree)"] = loss }
    return losses
  }
}

await experiment.main()

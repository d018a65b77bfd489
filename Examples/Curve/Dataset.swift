import Grail

/// Points of a curve with noise on them.
@Config final class Dataset {
  /// How many points there are.
  var size = 40
  /// The noise's standard deviation.
  var noise = 0.1
  /// How far from 0 the points lie at most; farther where they are many, unless set.
  lazy var range = size > 100 ? 2.0 : 1.0

  func validate(_ problems: inout ConfigProblems) {
    if size < 2 { problems.add("size", "a curve needs 2 points") }
    if !(noise >= 0) { problems.add("noise", "it must be at least 0") }
    if !(range > 0) { problems.add("range", "it must be more than 0") }
  }
}

extension Dataset {
  /// Creates the configuration of as many points with as much noise.
  convenience init(like other: Dataset) {
    self.init()
    (size, noise) = (other.size, other.noise)
  }
}

/// A point of the curve.
struct Point: Codable, Sendable {
  var x: Double
  var y: Double
}

/// The ingredient: wherever a configuration has a `Dataset`, these commands and names are too.
let dataset: Ingredient = {
  let dataset = Ingredient(Dataset.self)
  dataset.namedConfig("noisy", help: "As in the old laboratory.") { $0.noise = 0.5 }
  dataset.command("stats", help: "Says what the points are like.") { run in
    let points = makePoints(run)
    let mean = points.map(\.y).reduce(0, +) / Double(points.count)
    return ["points": Double(points.count), "mean": mean]
  }
  dataset.preRunHook { run in
    if run.config.noise > 1 { run.warn("there is more noise than curve") }
  }
  return dataset
}()

/// Makes the points; the part of the configuration that is current says which.
func makePoints(
  _ run: Run, size: Int = Dataset.current.size, noise: Double = Dataset.current.noise,
  range: Double = Dataset.current.range
) -> [Point] {
  var generator = run.generator("points")
  return (0..<size).map { _ in
    let x = generator.uniform(in: -range..<range)
    return Point(x: x, y: 1 - 2 * x + x * x * x + generator.normal(standardDeviation: noise))
  }
}

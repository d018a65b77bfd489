import Grail

/// How the network is trained.
@Config final class Settings {
  /// Units in the hidden layer.
  var hidden = 64
  /// Passes over the training images.
  var epochs = 60
  /// Images per step of the optimizer.
  var batchSize = 32
  /// Length of the first epoch's steps; it falls to a tenth of this by the last epoch.
  var learningRate = 0.05
  /// Share of the last step that the next one keeps, from 0 up to but not including 1.
  var momentum = 0.9
  /// Pull of every weight toward zero.
  var weightDecay = 0.0001
  /// Share of the images that are kept for testing.
  var testShare = 0.2
  /// What the first weights and the order of the images are drawn from.
  var seed = 1
  /// The data set, as Scripts/fetch-digits leaves it.
  var data = ".cache/digits.csv"

  func validate(_ problems: inout ConfigProblems) {
    if hidden < 1 { problems.add("hidden", "it must be at least 1") }
    if epochs < 0 { problems.add("epochs", "it must be at least 0") }
    if batchSize < 1 { problems.add("batchSize", "it must be at least 1") }
    if !(learningRate > 0) { problems.add("learningRate", "it must be more than 0") }
    if !(0..<1).contains(momentum) { problems.add("momentum", "it must be in 0..<1") }
    if !(weightDecay >= 0) { problems.add("weightDecay", "it must be at least 0") }
    if !(testShare > 0 && testShare < 1) {
      problems.add("testShare", "it must be between 0 and 1")
    }
  }
}

/// What keeps the network from being trained, in words.
struct DigitsError: Error, CustomStringConvertible {
  /// What was found, what was expected, what to do.
  var description: String
}

/// How the network is trained.
struct Settings: Codable, Sendable {
  /// Units in the hidden layer.
  var hidden = 64
  /// Passes over the training images.
  var epochs = 60
  /// Images per step of the optimizer.
  var batchSize = 32
  /// Length of the first epoch's steps; it falls to a tenth of this by the last epoch.
  var learningRate = 0.05
  /// Share of the last step that the next one keeps, `0..<1`.
  var momentum = 0.9
  /// Pull of every weight toward zero.
  var weightDecay = 0.0001
  /// Share of the images that are kept for testing.
  var testShare = 0.2
  /// What the first weights and the order of the images are drawn from.
  var seed: UInt64 = 1
  /// The data set, as `Scripts/fetch-digits` leaves it.
  var data = ".cache/digits.csv"
}

extension Settings {
  /// Checks that a network can be trained with these settings.
  ///
  /// - Throws: ``DigitsError`` that names every setting out of range.
  func validate() throws(DigitsError) {
    let checks = [
      (hidden > 0, "hidden is \(hidden), but must be at least 1"),
      (epochs >= 0, "epochs is \(epochs), but must be at least 0"),
      (batchSize > 0, "batchSize is \(batchSize), but must be at least 1"),
      (learningRate > 0, "learningRate is \(learningRate), but must be above 0"),
      ((0..<1).contains(momentum), "momentum is \(momentum), but must be in 0..<1"),
      (weightDecay >= 0, "weightDecay is \(weightDecay), but must be at least 0"),
      (testShare > 0 && testShare < 1, "testShare is \(testShare), but must be between 0 and 1"),
    ]
    let problems = checks.filter { !$0.0 }.map { $0.1 }
    guard problems.isEmpty else {
      throw DigitsError(description: problems.joined(separator: "; ") + ".")
    }
  }
}

/// What keeps the network from being trained, in words.
struct DigitsError: Error, CustomStringConvertible {
  /// What was found, what was expected, what to do.
  var description: String
}

import Foundation

/// Trains a network epoch by epoch.
///
/// Equal settings, data and seeds give equal networks, but for what another machine's `exp` and
/// `cos` round otherwise.
struct Trainer: Sendable {
  let settings: Settings
  /// The images that the network learns from.
  let training: DigitsData
  /// The images that it never sees while it learns.
  let test: DigitsData
  private(set) var network: Network
  /// The number of epochs done.
  private(set) var epochsDone = 0
  private var generator: SeededGenerator

  /// Creates a trainer of a fresh network.
  ///
  /// - Throws: ``DigitsError`` if the settings are out of range or leave a set of images empty.
  init(_ settings: Settings, data: DigitsData, seed: UInt64) throws(DigitsError) {
    try settings.validate()
    self.settings = settings
    self.generator = SeededGenerator(seed: seed)
    (self.training, self.test) = data.split(testShare: settings.testShare, using: &generator)
    guard training.count > 0, test.count > 0 else {
      throw DigitsError(
        description: "\(data.count) images cannot be divided at testShare \(settings.testShare).")
    }
    self.network = Network(hidden: settings.hidden, using: &generator)
  }

  /// The length of the next epoch's steps.
  ///
  /// It falls from the setting to a tenth along half a cosine, and stays there.
  var learningRate: Double {
    let progress = min(1, Double(epochsDone) / Double(max(1, settings.epochs - 1)))
    return settings.learningRate * (0.55 + 0.45 * cos(Double.pi * progress))
  }

  /// Learns from every training image once.
  ///
  /// - Returns: The mean loss of the images, each before the step that learned from it.
  mutating func epoch() -> Double {
    let step = Step(
      learningRate: Float(learningRate), momentum: Float(settings.momentum),
      weightDecay: Float(settings.weightDecay))
    let order = generator.shuffled(0..<training.count)
    var loss = 0.0
    for start in stride(from: 0, to: order.count, by: settings.batchSize) {
      let batch = order[start..<min(start + settings.batchSize, order.count)]
      loss += network.learn(from: training.selecting(batch), step: step)
    }
    epochsDone += 1
    return loss / Double(training.count)
  }

  /// Returns the mean loss.
  func loss(on data: DigitsData) -> Double {
    network.loss(on: data)
  }

  /// Returns the share of images that are told right, `0...1`.
  func accuracy(on data: DigitsData) -> Double {
    confusion(on: data).accuracy
  }

  /// Returns how often each digit is taken for each other.
  func confusion(on data: DigitsData) -> ConfusionMatrix {
    ConfusionMatrix(labels: data.labels, predictions: network.predictions(for: data.images))
  }
}

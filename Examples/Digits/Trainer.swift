import Foundation
import Grail

/// Trains a network epoch by epoch.
///
/// Equal settings, data and seeds give equal networks, but for what another machine's `exp` and
/// `cos` round otherwise.
struct Trainer: Sendable {
  let settings: ConfigView<Settings>
  /// The images that the network learns from.
  let training: DigitsData
  /// The images that it never sees while it learns.
  let test: DigitsData
  private(set) var network: Network
  /// The number of epochs done.
  private(set) var epochsDone = 0
  /// Puts the images in another order for each epoch.
  private var shuffler: RunGenerator

  /// Creates a trainer of a fresh network.
  ///
  /// Each purpose has a generator of its own, so that the split stays the same when the network
  /// changes, and two networks see the same images.
  ///
  /// - Throws: ``DigitsError`` if the settings leave a set of images empty.
  init(_ run: ConfiguredRun<ConfigView<Settings>>, data: DigitsData) throws(DigitsError) {
    self.settings = run.config
    self.shuffler = run.generator("order")
    var splitter = run.generator("split")
    (self.training, self.test) = data.split(testShare: settings.testShare, using: &splitter)
    guard training.count > 0, test.count > 0 else {
      throw DigitsError(
        description: "\(data.count) images cannot be divided at testShare \(settings.testShare).")
    }
    var weights = run.generator("weights")
    self.network = Network(hidden: settings.hidden, using: &weights)
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
    let order = shuffler.shuffled(0..<training.count)
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

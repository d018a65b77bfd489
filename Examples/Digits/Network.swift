import Foundation
import Grail

/// A layer in which every output sees every input.
struct DenseLayer: Sendable {
  /// What each input adds to each output, `[inputs, outputs]`.
  private(set) var weights: Matrix
  /// What is added to each output, `[outputs]`.
  private(set) var biases: [Float]
  private var weightSteps: [Float]
  private var biasSteps: [Float]

  /// Creates a layer with random weights that keep the spread of what passes through (He).
  init(inputs: Int, outputs: Int, using generator: inout RunGenerator) {
    self.weights = Matrix(rows: inputs, columns: outputs)
    let spread = (2 / Double(inputs)).squareRoot()
    for index in weights.values.indices {
      weights.values[index] = Float(generator.normal(standardDeviation: spread))
    }
    self.biases = Array(repeating: 0, count: outputs)
    self.weightSteps = Array(repeating: 0, count: inputs * outputs)
    self.biasSteps = biases
  }

  /// Returns the outputs `[images, outputs]` for inputs `[images, inputs]`.
  func callAsFunction(_ inputs: Matrix) -> Matrix {
    var result = inputs * weights
    for row in 0..<result.rows {
      for (column, index) in result.range(ofRow: row).enumerated() {
        result.values[index] += biases[column]
      }
    }
    return result
  }

  /// Takes one step downhill.
  ///
  /// - Parameters:
  ///   - inputs: What the layer was given, `[images, inputs]`.
  ///   - errors: The loss's derivative by each output, `[images, outputs]`.
  ///   - step: How far to go.
  mutating func descend(inputs: Matrix, errors: Matrix, step: Step) {
    let gradient = inputs.transposed() * errors
    for index in weights.values.indices {
      let slope = gradient.values[index] + step.weightDecay * weights.values[index]
      weightSteps[index] = step.momentum * weightSteps[index] - step.learningRate * slope
      weights.values[index] += weightSteps[index]
    }
    for column in biases.indices {
      let slope = (0..<errors.rows).reduce(0) { $0 + errors.values[$1 * errors.columns + column] }
      biasSteps[column] = step.momentum * biasSteps[column] - step.learningRate * slope
      biases[column] += biasSteps[column]
    }
  }
}

/// How far one step of the optimizer goes: stochastic gradient descent with momentum.
struct Step: Sendable {
  var learningRate: Float
  var momentum: Float
  var weightDecay: Float
}

/// A network that tells what digit an image shows: one hidden layer, rectified.
struct Network: Sendable {
  private(set) var hidden: DenseLayer
  private(set) var output: DenseLayer

  /// Creates a network with random weights.
  init(hidden units: Int, using generator: inout RunGenerator) {
    self.hidden = DenseLayer(inputs: DigitsData.pixelCount, outputs: units, using: &generator)
    self.output = DenseLayer(inputs: units, outputs: DigitsData.classCount, using: &generator)
  }

  /// Returns how probable each digit is for each image, `[images, digits]`.
  func probabilities(of images: Matrix) -> Matrix {
    Self.softmax(output(Self.rectified(hidden(images))))
  }

  /// Returns the most probable digit of each image.
  func predictions(for images: Matrix) -> [Int] {
    let probabilities = probabilities(of: images)
    return (0..<images.rows).map { row in
      let scores = probabilities.values[probabilities.range(ofRow: row)]
      return scores.indices.max { scores[$0] < scores[$1] }.map { $0 - scores.startIndex } ?? 0
    }
  }

  /// Returns the mean cross-entropy, in nats; 2.3 is what guessing gives.
  func loss(on data: DigitsData) -> Double {
    Self.crossEntropy(probabilities(of: data.images), labels: data.labels) / Double(data.count)
  }

  /// Learns from one batch.
  ///
  /// - Returns: The sum of the images' losses before the step.
  mutating func learn(from batch: DigitsData, step: Step) -> Double {
    let active = Self.rectified(hidden(batch.images))
    let probabilities = Self.softmax(output(active))

    // Cross-entropy after softmax has a simple derivative: probability less truth.
    var errors = probabilities
    for (row, label) in batch.labels.enumerated() {
      errors.values[row * errors.columns + label] -= 1
    }
    for index in errors.values.indices {
      errors.values[index] /= Float(batch.count)
    }
    var hiddenErrors = errors * output.weights.transposed()
    for index in hiddenErrors.values.indices where active.values[index] == 0 {
      hiddenErrors.values[index] = 0
    }

    output.descend(inputs: active, errors: errors, step: step)
    hidden.descend(inputs: batch.images, errors: hiddenErrors, step: step)
    return Self.crossEntropy(probabilities, labels: batch.labels)
  }

  private static func rectified(_ matrix: Matrix) -> Matrix {
    var result = matrix
    for index in result.values.indices {
      result.values[index] = max(0, result.values[index])
    }
    return result
  }

  private static func softmax(_ scores: Matrix) -> Matrix {
    var result = scores
    for row in 0..<scores.rows {
      let range = scores.range(ofRow: row)
      // Without the largest score in front, a large one would overflow.
      let largest = scores.values[range].max() ?? 0
      var sum: Float = 0
      for index in range {
        result.values[index] = Float(exp(Double(scores.values[index] - largest)))
        sum += result.values[index]
      }
      for index in range {
        result.values[index] /= sum
      }
    }
    return result
  }

  private static func crossEntropy(_ probabilities: Matrix, labels: [Int]) -> Double {
    labels.enumerated().reduce(0) { sum, label in
      let probability = probabilities.values[label.offset * probabilities.columns + label.element]
      return sum - log(Double(max(probability, .leastNormalMagnitude)))
    }
  }
}

extension Network {
  /// All weights as a NumPy file (`.npy`) with one vector of little-endian 32-bit floats.
  ///
  /// In order: the hidden layer's weights, input by input, and its biases; then those of the
  /// output layer.
  var weights: Data {
    let numbers = [hidden, output].flatMap { $0.weights.values + $0.biases }
    let shape = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(numbers.count),), }"
    // The preamble of 10 bytes, the header and its closing newline fill a multiple of 64 bytes.
    let padding = (64 - (10 + shape.utf8.count + 1) % 64) % 64
    let header = shape + String(repeating: " ", count: padding) + "\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0])
    data.append(UInt8(header.utf8.count & 0xFF))
    data.append(UInt8(header.utf8.count >> 8))
    data.append(contentsOf: header.utf8)
    for number in numbers {
      withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }
}

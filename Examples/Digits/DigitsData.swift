import Foundation
import Grail

/// Images of handwritten digits, each with the digit that it shows.
struct DigitsData: Sendable {
  /// Pixels of an image: 8 rows of 8.
  static let pixelCount = 64
  /// Kinds of digit.
  static let classCount = 10

  /// The images, `[images, pixels]`; 0 is paper and 1 is ink.
  var images: Matrix
  /// The digit that each image shows, `0..<10`.
  var labels: [Int]

  /// The number of images.
  var count: Int { labels.count }

  /// Reads images from text.
  ///
  /// - Parameter text: A line an image: 64 numbers from 0 to 16 and the digit, between commas.
  /// - Throws: ``DigitsError`` with the number of the first line that is none of this.
  init(csv text: String) throws(DigitsError) {
    var pixels: [Float] = []
    var labels: [Int] = []
    for (index, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      let numbers = line.split(separator: ",").compactMap { Int($0) }
      guard
        numbers.count == Self.pixelCount + 1, let label = numbers.last,
        numbers.dropLast().allSatisfy((0...16).contains), (0..<Self.classCount).contains(label)
      else {
        throw DigitsError(
          description: "line \(index + 1) of the digits is not 64 numbers 0 to 16 and a digit.")
      }
      pixels += numbers.dropLast().map { Float($0) / 16 }
      labels.append(label)
    }
    self.images = Matrix(rows: labels.count, columns: Self.pixelCount)
    self.images.values = pixels
    self.labels = labels
  }

  /// Reads the data set from a file.
  ///
  /// - Throws: ``DigitsError`` if the file cannot be read or is damaged.
  init(contentsOf path: String) throws(DigitsError) {
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw DigitsError(
        description: "the digits are not at '\(path)'. Run Scripts/fetch-digits to get them.")
    }
    try self.init(csv: text)
  }

  private init(images: Matrix, labels: [Int]) {
    self.images = images
    self.labels = labels
  }

  /// Returns the given images, in the given order.
  func selecting(_ indices: some Collection<Int>) -> DigitsData {
    DigitsData(images: images.selecting(indices), labels: indices.map { labels[$0] })
  }

  /// Divides the images at random into two sets.
  func split(
    testShare: Double, using generator: inout RunGenerator
  ) -> (training: DigitsData, test: DigitsData) {
    let order = generator.shuffled(0..<count)
    let testCount = Int((Double(count) * testShare).rounded())
    return (selecting(order.dropFirst(testCount)), selecting(order.prefix(testCount)))
  }
}

/// How often each digit was taken for each other.
struct ConfusionMatrix: Sendable {
  /// The number of images, `[digit shown, digit predicted]`.
  private(set) var counts: [[Int]]

  /// Counts the pairs of a shown and a predicted digit.
  init(labels: [Int], predictions: [Int]) {
    self.counts = Array(
      repeating: Array(repeating: 0, count: DigitsData.classCount), count: DigitsData.classCount)
    for (label, prediction) in zip(labels, predictions) {
      counts[label][prediction] += 1
    }
  }

  /// The share of images on the diagonal, `0...1`.
  var accuracy: Double {
    let all = counts.joined().reduce(0, +)
    let right = counts.indices.reduce(0) { $0 + counts[$1][$1] }
    return all == 0 ? 0 : Double(right) / Double(all)
  }
}

extension ConfusionMatrix: CustomStringConvertible {
  /// A table with a row for each digit shown and a column for each digit predicted.
  var description: String {
    let header = "shown \\ predicted" + counts.indices.map { Self.cell("\($0)") }.joined()
    let rows = counts.enumerated().map { digit, row in
      Self.cell("\(digit)", width: 17) + row.map { Self.cell($0 == 0 ? "." : "\($0)") }.joined()
    }
    return ([header] + rows).joined(separator: "\n") + "\n"
  }

  private static func cell(_ text: String, width: Int = 5) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

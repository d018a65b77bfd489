/// A polynomial with its coefficients, that of the lowest power first.
struct Polynomial: Codable, Sendable {
  var coefficients: [Double]

  /// Creates a polynomial that is 0 everywhere.
  init(degree: Int) { coefficients = [Double](repeating: 0, count: degree + 1) }

  func callAsFunction(_ x: Double) -> Double {
    coefficients.reversed().reduce(0) { $0 * x + $1 }
  }

  /// The mean square of what it is wrong by.
  func loss(on points: [Point]) -> Double {
    points.map { (self($0.x) - $0.y) * (self($0.x) - $0.y) }.reduce(0, +) / Double(points.count)
  }

  /// The slope of the loss along each coefficient.
  func gradient(on points: [Point], decay: Double) -> [Double] {
    coefficients.indices.map { power in
      let slopes = points.map { point in
        2 * (self(point.x) - point.y) * (0..<power).reduce(1.0) { product, _ in product * point.x }
      }
      return slopes.reduce(0, +) / Double(points.count) + decay * coefficients[power]
    }
  }
}

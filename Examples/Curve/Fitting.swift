import Grail

/// Steps of one length.
@Config final class Descent {
  /// How far one step goes.
  var rate = 0.1
}

/// Steps that keep some of the last one's direction.
@Config final class Momentum {
  /// How far one step goes.
  var rate = 0.05
  /// How much of the last step is kept, from 0 to 1.
  var decay = 0.9
}

/// How the polynomial is changed after each look at the points.
@Config enum Optimizer: ConfigChoice {
  case descent(Descent)
  case momentum(Momentum)
}

/// How a polynomial is fitted to points.
@Config final class Fitting {
  /// How often all points are looked at.
  var epochs = 200
  /// The polynomial's highest power.
  var degree = 3
  /// How strongly large coefficients are held back; more for high powers unless set.
  lazy var decay = degree > 5 ? 0.01 : 0.0
  var optimizer = Optimizer.descent(Descent())
  /// The points to learn from.
  var training = Dataset()
  /// The points to judge by.
  lazy var test = Dataset(like: training)
}

extension Dataset {
  /// Creates the configuration of points like others.
  convenience init(like other: Dataset) {
    self.init()
    (size, noise) = (other.size, other.noise)
  }
}

/// A polynomial with its coefficients, that of the lowest power first.
struct Polynomial: Codable, Sendable {
  var coefficients: [Double]

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

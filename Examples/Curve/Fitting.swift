import Grail

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
  /// The points to judge by; as many and as noisy as the others unless set.
  lazy var test = Dataset(like: training)

  func validate(_ problems: inout ConfigProblems) {
    if epochs < 1 { problems.add("epochs", "it must be at least 1") }
    if !(0...20).contains(degree) { problems.add("degree", "it must be in 0...20") }
  }
}

/// How the polynomial is changed after each look at the points.
@Config enum Optimizer: ConfigChoice {
  case descent(Descent)
  case momentum(Momentum)
}

/// Steps that follow the slope alone.
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

extension Optimizer.View {
  /// The next step of a coefficient.
  func step(after last: Double, slope: Double) -> Double {
    switch self {
    case .descent(let descent): -descent.rate * slope
    case .momentum(let momentum): momentum.decay * last - momentum.rate * slope
    }
  }
}

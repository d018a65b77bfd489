#if Macros
  import Grail

  #if canImport(FoundationEssentials)
    import FoundationEssentials
  #else
    import Foundation
  #endif

  /// A place for the configurations of tests.
  enum Lab {
    /// How a net is trained.
    @Config final class Net {
      /// Number of layers.
      var layers = 3
      var rate = 0.5
      lazy var width = layers * 10
      lazy var depth = width + 1
      lazy var data = Images(size: layers * 10)
      lazy var test = Images(size: data.size / 10)
      var widths = [32, 32]
      var bounds = ["low": 0.0]

      func validate(_ problems: inout ConfigProblems) {
        if layers < 1 { problems.add("layers", "a net needs a layer") }
        if depth > 10_000 { problems.add("depth", "too deep") }
      }
    }

    @Config final class Images {
      var path = "train.csv"
      var size = 100
      lazy var half = size / 2
      var crop = Crop()

      convenience init(size: Int) {
        self.init()
        self.size = size
      }

      func validate(_ problems: inout ConfigProblems) {
        if size < 0 { problems.add("size", "it must not be negative") }
      }
    }

    @Config final class Crop {
      var x = 1
      lazy var y = x * 2
    }

    // MARK: - Required entries

    @Config final class Needy {
      lazy var path: String = required()
      lazy var name = path + ".out"
      lazy var images = Pile(path: path)
      lazy var list: [Int] = required()
      var note: String?
    }

    @Config final class Pile {
      var path = "x"
      lazy var count: Int = required()
      lazy var twice = count * 2

      convenience init(path: String) {
        self.init()
        self.path = path
      }
    }

    @Config final class Outer {
      var inner = Pile()
      lazy var total = inner.count + 1
      lazy var optional: Int? = required()
    }

    // MARK: - Choices

    @Config final class SGD {
      var rate = 0.1
      lazy var decay = rate / 10
    }

    @Config final class Adam {
      var rate = 0.001
      var beta1 = 0.9
      var schedule = Schedule.flat
      var key = Secret<String>()

      convenience init(beta1: Double) {
        self.init()
        self.beta1 = beta1
      }
    }

    @Config final class Steps { var every = 10 }

    /// How the rate changes.
    @Config enum Schedule: ConfigChoice {
      case flat
      case steps(Steps)
    }

    /// How a step is made.
    @Config enum Optimizer: ConfigChoice {
      /// Plain.
      case sgd(SGD)
      case adam(Adam)
    }

    @Config final class Fit {
      var layers = 3
      var optimizer = Optimizer.sgd(SGD())
      lazy var second = layers > 5 ? Optimizer.adam(Adam()) : Optimizer.sgd(SGD())
      var part = Part()
    }

    @Config final class Part {
      /// A name that a choice has for its own.
      var choice = "a"
      var size = 1
      var optimizer = Optimizer.adam(Adam(beta1: 0.5))
    }
  }
#endif

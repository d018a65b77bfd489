#if Macros
  public import Grail

  /// How the network is trained.
  @Config public final class Training {
    /// Number of hidden layers.
    public var layers = 7
    var epochs = 20  // How often all images are seen.
    var `default`: Int?
    var mode = Mode.slow
    /// Weight decay;
    /// 1/√layers unless "set".
    ///
    /// Not for biases.
    lazy var alpha = 1 / Double(layers).squareRoot()
    lazy var rate = scaled(2)
    lazy var path: String = required()
    lazy var data = Dataset(size: layers * 10)
    var optimizer = Optimizer.sgd(SGD())
    var limits: [String: [Double]] = [:]
    var token = Secret<String>()
    #if os(Linux) || os(macOS)
      var isUnix = true
    #else
      var isOther = true
    #endif
    @available(*, deprecated) var old = 1
    private var cache = 3
    static let shared = 4
    var twice: Int { layers * 2 }

    /// Creates a configuration with another default.
    public convenience init(layers: Int) {
      self.init()
      self.layers = layers
    }

    private func scaled(_ factor: Double) -> Double { factor * alpha }

    /// What the private property holds.
    func cached() -> Int { cache }
  }

  enum Mode: String, Codable, CaseIterable, Sendable { case slow, fast }

  @Config final class Dataset: CustomStringConvertible {
    var size: Int = 1
    var description: String { "\(size) images" }

    convenience init(size: Int) {
      self.init()
      self.size = size
    }
  }

  @Config final class SGD { var momentum = 0.9 }

  /// A place for names.
  enum Nets {
    @Config final class Adam { var beta = 0.99 }

    @Config fileprivate final class Hidden { var a = 1 }
  }

  /// How steps are made.
  @Config enum Optimizer: ConfigChoice {
    /// Plain.
    case sgd(SGD)
    case adam(Nets.Adam), `default`
  }

  /// A configuration with designated initializers of its own.
  @Config final class Ranged {
    var low: Int = 0
    var high = 1

    init() {}

    init(low: Int, high: Int) { (self.low, self.high) = (low, high) }
  }

  /// A configuration whose type is a parameter.
  @Config final class Boxed<Item: Codable & Sendable> {
    var item: Item?
    lazy var pair = [item]
  }

  @Config final class Empty {}

  /// Defaults that depend on defaults that depend on an entry.
  @Config final class Chain {
    var first = 1
    lazy var middle = first + 1
    lazy var last = middle + 1
    lazy var choice = middle > 2 ? Optimizer.sgd(SGD()) : .default
  }

  /// A main actor's type has none of its isolation in a nested configuration.
  @MainActor enum Screen {
    @Config nonisolated final class Settings { var width = 80 }
  }

  extension Nets {
    static func hiddenNames() -> [String] { Hidden.configFields.map(\.entryName) }
  }
#endif

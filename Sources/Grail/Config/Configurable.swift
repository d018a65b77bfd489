public import GrailRun

/// A configuration that can be named by its type alone: `config: Settings.self`.
///
/// A `Codable` type says which entries it has and of which types, but not what they are unless
/// somebody sets them: only an instance knows the defaults. The requirement of an `init()`
/// closes that gap. A struct whose properties all have defaults has it already:
///
/// ```swift
/// struct Settings: Configurable {
///   var layers = 7
///   var rate = 0.1
///   var note: String?
/// }
/// ```
///
/// A type without it serves as well, by an instance.
public protocol Configurable: Codable, Sendable {
  /// Creates the configuration with all its defaults.
  init()

  /// Notes what is wrong with the values, before anything runs.
  ///
  /// ```swift
  /// func validate(_ problems: inout ConfigProblems) {
  ///   if layers < 1 { problems.add("layers", "it must be at least 1") }
  /// }
  /// ```
  ///
  /// - Parameter problems: Takes the problems.
  func validate(_ problems: inout ConfigProblems)
}

extension Configurable {
  /// Finds nothing wrong.
  public func validate(_ problems: inout ConfigProblems) {}
}

/// The configuration of an experiment that has none.
public struct NoConfiguration: Configurable {
  /// Creates it.
  public init() {}
}

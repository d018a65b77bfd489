/// An enum each of whose cases is a configuration of its own, one of which is chosen.
///
/// The macro `@Config` writes the members of an enum whose cases hold `@Config` classes:
///
/// ```swift
/// @Config enum Optimizer: ConfigChoice {
///   case sgd(SGD)
///   case adam(Adam)
/// }
///
/// @Config final class Training {
///   var optimizer = Optimizer.sgd(SGD())
/// }
/// ```
///
/// `with optimizer=adam optimizer.beta1=0.8` chooses a case and sets an entry of it; the entries
/// of the other cases do not exist then. During a run the choice is an enum of read-only views
/// with the same cases: `switch run.config.optimizer { case .adam(let adam): adam.beta1 … }`.
public protocol ConfigChoice: SendableMetatype {
  /// The same cases with read-only views in them.
  associatedtype View: Sendable

  /// The cases, in the order of their declaration.
  static var configBranches: [ConfigBranch<Self>] { get }

  /// What the enum's documentation comment says.
  static var configHelp: String { get }

  /// Returns the case with a read-only view in it.
  ///
  /// - Parameter viewer: Makes the view.
  /// - Returns: The same case.
  func configView(by viewer: ConfigViewer) -> View
}

/// One case of an enum of configurations.
///
/// The macro `@Config` writes these.
public struct ConfigBranch<Choice: ConfigChoice>: Sendable {
  /// The case's name.
  let name: String
  /// What the case's documentation comment says.
  let help: String
  /// The type of the configuration, if the case has one.
  let type: (any Configuration.Type)?
  /// Creates the case with its defaults.
  let make: @Sendable () -> Choice
  /// Whether a value is of this case.
  let matches: @Sendable (Choice) -> Bool
  /// The configuration in a value of this case.
  let configuration: @Sendable (Choice) -> (any Configuration)?

  /// Describes a case that holds a configuration.
  ///
  /// - Parameters:
  ///   - name: The case's name.
  ///   - type: The configuration's type.
  ///   - help: What the case's documentation comment says.
  ///   - make: Puts a configuration into the case.
  ///   - extract: Returns the configuration if the value is of this case.
  public init<C: Configuration>(
    _ name: String, _ type: C.Type, help: String = "",
    make: @escaping @Sendable (C) -> Choice, extract: @escaping @Sendable (Choice) -> C?
  ) {
    (self.name, self.help, self.type) = (name, help, type)
    self.make = { make(C()) }
    matches = { extract($0) != nil }
    configuration = { extract($0) }
  }

  /// Describes a case that holds nothing.
  ///
  /// - Parameters:
  ///   - name: The case's name.
  ///   - help: What the case's documentation comment says.
  ///   - make: Creates the case.
  ///   - matches: Whether a value is of this case.
  public init(
    _ name: String, help: String = "", make: @escaping @Sendable () -> Choice,
    matches: @escaping @Sendable (Choice) -> Bool
  ) {
    (self.name, self.help, self.make, self.matches) = (name, help, make, matches)
    type = nil
    configuration = { _ in nil }
  }
}

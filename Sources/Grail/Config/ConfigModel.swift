import GrailCore
import GrailRun

/// How a Swift type serves as the configuration of an experiment.
protocol ConfigModel<View>: Sendable {
  /// What a run sees of its configuration.
  associatedtype View: Sendable

  /// The entries with their types and defaults.
  var schema: ConfigSchema { get }

  /// What the type says about itself.
  var help: String { get }

  /// Makes a configuration that may still be incomplete, for edits to read from.
  ///
  /// - Parameter changes: What is decided so far; what does not fit is left out.
  /// - Returns: What an edit of this type of configuration expects.
  func scratch(_ changes: [ConfigChange]) -> Any

  /// Makes a configuration.
  ///
  /// - Parameter changes: All that is decided.
  /// - Returns: The configuration, complete and valid.
  /// - Throws: ``ConfigProblems`` with everything that is wrong.
  func build(_ changes: [ConfigChange]) throws(ConfigProblems) -> BuiltConfig<View>
}

/// A configuration that is complete and valid.
struct BuiltConfig<View: Sendable>: Sendable {
  /// The configuration as the experiment sees it.
  var view: View
  /// Its values in the order of the entries, secrets included.
  var value: Value
  /// The configuration and those nested in it.
  var parts: [RunConfiguration]
}

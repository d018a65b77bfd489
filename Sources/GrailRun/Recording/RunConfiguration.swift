/// A configuration that a run has, as a whole or nested in another, found by its type.
package struct RunConfiguration: Sendable {
  /// The dotted name; empty for the whole.
  package var path: String
  /// The type that the author knows it by.
  package var type: ObjectIdentifier
  /// What the run sees of it.
  package var view: any Sendable

  /// Creates a description of a configuration.
  ///
  /// - Parameters:
  ///   - path: The dotted name; empty for the whole.
  ///   - type: The type that the author knows it by.
  ///   - view: What the run sees of it.
  package init(path: String, type: Any.Type, view: any Sendable) {
    (self.path, self.type, self.view) = (path, ObjectIdentifier(type), view)
  }
}

/// What a run has from its start, beside what is recorded.
package struct RunInputs: Sendable {
  /// The configuration and those nested in it.
  package var configurations: [RunConfiguration]
  /// The seeds, by the dotted name of the part they are for; that of the whole is always there.
  package var seeds: [String: Int]
  /// The values of the author's own options.
  package var options: (any Sendable)?
  /// The store that was named for the run, for those that begin in it.
  package var store: String?
  /// Whether runs that begin in this one are kept.
  package var keepsInnerRuns = true

  /// Creates inputs.
  ///
  /// - Parameters:
  ///   - seed: The run's seed.
  ///   - seeds: The seeds of parts that have one of their own.
  ///   - configurations: The configuration and those nested in it.
  ///   - options: The values of the author's own options.
  package init(
    seed: Int, seeds: [String: Int] = [:], configurations: [RunConfiguration] = [],
    options: (any Sendable)? = nil
  ) {
    self.seeds = seeds
    self.seeds[""] = seed
    (self.configurations, self.options) = (configurations, options)
  }
}

import GrailRun
import Synchronization

extension Configuration {
  /// The configuration of the run that this code belongs to, to read.
  ///
  /// Meant for default arguments, so that code needs no configuration passed along and runs
  /// without an experiment too:
  ///
  /// ```swift
  /// func makeModel(layers: Int = Training.current.layers) -> Model { … }
  /// ```
  ///
  /// The run is that of the task, else the only one of the process. Before any run began it is the
  /// defaults. Where it would be ambiguous, or after the run, the program stops with a message,
  /// since a silently wrong value is worse: several runs go on and this code is in a task of none,
  /// or the configuration is nested in two places and this is neither in a command or hook of its
  /// ingredient nor in `run.with(\.place) { }`.
  public static var current: ConfigView<Self> {
    CurrentConfiguration.find(Self.self, as: ConfigView<Self>.self) {
      let object = Self()
      // All defaults are computed before the first of several threads reads one.
      _ = try? object.entries()
      return ConfigView(object)
    }
  }
}

extension Configurable {
  /// The configuration of the run that this code belongs to.
  ///
  /// The run is that of the task, else the only one of the process. Before any run began it is the
  /// defaults. Where it would be ambiguous, or after the run, the program stops with a message.
  public static var current: Self { CurrentConfiguration.find(Self.self, as: Self.self) { Self() } }
}

/// Finds the configuration that code belongs to.
private enum CurrentConfiguration {
  private static let defaults = Mutex<[ObjectIdentifier: any Sendable]>([:])

  static func find<View: Sendable>(
    _ type: Any.Type, as view: View.Type, makeDefault: () -> View
  ) -> View {
    switch ActiveRuns.find() {
    case .run(let run): return find(type, in: run)
    case .several(let count):
      fatalError(
        "\(type).current: \(count) runs go on in this process; call it in a task of one of them, "
          + "or in run.bind { }")
    case .none where ActiveRuns.hasAnyBegun:
      fatalError("\(type).current: the run is over; keep what you need of its configuration")
    case .none:
      let key = ObjectIdentifier(type)
      if let known = defaults.withLock({ $0[key] }) as? View { return known }
      // Made outside of the lock: defaults may be computed from those of another class.
      let made = makeDefault()
      return defaults.withLock { defaults in
        if let known = defaults[key] as? View { return known }
        defaults[key] = made
        return made
      }
    }
  }

  private static func find<View: Sendable>(_ type: Any.Type, in run: Run) -> View {
    let places = run.inputs.configurations.filter { $0.type == ObjectIdentifier(type) }
    let scope = RunScope.current?.path(in: run) ?? ""
    // The nearest around the scope, such as the ingredient whose command runs; else the only one.
    let around = places.last { place in
      place.path.isEmpty || place.path == scope || scope.hasPrefix("\(place.path).")
    }
    let within = places.filter { place in scope.isEmpty || place.path.hasPrefix("\(scope).") }
    let only = within.count == 1 ? within.first : places.count == 1 ? places.first : nil
    let found = around ?? only
    if let view = found?.view as? View { return view }
    if places.isEmpty {
      fatalError("\(type).current: the configuration of this run has no '\(type)'")
    }
    fatalError(
      "\(type).current: this run has \(places.count), at "
        + places.map { "'\($0.path)'" }.joined(separator: " and ")
        + "; say which by run.with(\\.\(places[0].path)) { } or by run.config.\(places[0].path)")
  }
}

extension ConfiguredRun {
  /// Runs a closure for one nested configuration, which is the current one of its class in it.
  ///
  /// Also ``Run/generator(_:)`` draws from this part's seed in it.
  ///
  /// - Parameters:
  ///   - part: The nested configuration.
  ///   - body: What belongs to it.
  /// - Returns: What the closure returns.
  public func with<C, N: Configuration, Result>(
    _ part: KeyPath<C, N>, _ body: () async throws -> Result
  ) async rethrows -> Result where Config == ConfigView<C> {
    try await withScope(path: path(of: part), body)
  }

  /// Runs a closure for one nested configuration, which is the current one of its class in it.
  ///
  /// Also ``Run/generator(_:)`` draws from this part's seed in it.
  ///
  /// - Parameters:
  ///   - part: The nested configuration.
  ///   - body: What belongs to it.
  /// - Returns: What the closure returns.
  /// - Throws: What the closure throws.
  public func with<C, N: Configuration, Result, Failure: Error>(
    _ part: KeyPath<C, N>, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result where Config == ConfigView<C> {
    try withScope(path: path(of: part), body)
  }

  private func path<C, N: Configuration>(of part: KeyPath<C, N>) -> String
  where Config == ConfigView<C> {
    let view = config[dynamicMember: part]
    return inputs.configurations.first { ($0.view as? ConfigView<N>)?.isSame(as: view) == true }?
      .path ?? ""
  }
}

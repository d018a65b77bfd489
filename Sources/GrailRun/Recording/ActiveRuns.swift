import Synchronization

/// The run that code belongs to, and the part of the configuration that it works for.
package struct RunScope: Sendable {
  /// The run.
  package var run: Run
  /// The dotted name of the part; empty for the whole experiment.
  package var path: String

  /// The scope that the present task, or thread, is in.
  @TaskLocal package static var current: RunScope?

  /// Creates a scope.
  package init(run: Run, path: String = "") { (self.run, self.path) = (run, path) }
}

extension Run {
  /// The run that this code belongs to: that of the task, else the only one of the process.
  ///
  /// Outside of a run, or where several go on and the code runs in no task of one of them, the
  /// program stops with a message: recording in the wrong run would be silently wrong.
  public static var current: Run {
    switch ActiveRuns.find() {
    case .run(let run): return run
    case .none:
      fatalError("Run.current: no run goes on here; call it inside an experiment's closure")
    case .several(let count):
      fatalError(
        "Run.current: \(count) runs go on in this process; pass the run along, or call it in a "
          + "task of its closure or in run.bind { }")
    }
  }

  /// Runs a closure as a part of this run, on whatever thread it is called.
  ///
  /// Threads that other libraries start know of no run. In the closure ``current`` is this run:
  ///
  /// ```swift
  /// DispatchQueue.concurrentPerform(iterations: 8) { index in
  ///   run.bind { Run.current.log("part", work(index)) }
  /// }
  /// ```
  ///
  /// - Parameter body: What belongs to this run.
  /// - Returns: What the closure returns.
  /// - Throws: What the closure throws.
  public final func bind<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withScope(path: currentPath, body)
  }

  /// The part of the configuration that code is about: that of the task, else the run's own.
  var currentPath: String { RunScope.current?.path(in: self) ?? path }

  /// Runs a closure for a part of the configuration.
  ///
  /// - Parameters:
  ///   - path: The part's dotted name.
  ///   - body: What belongs to the part.
  /// - Returns: What the closure returns.
  /// - Throws: What the closure throws.
  package final func withScope<Result, Failure: Error>(
    path: String, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // Task-local values know only `rethrows`, which loses the type of the error.
    let scope = RunScope(run: self, path: path)
    let outcome = RunScope.$current.withValue(scope) { () -> Swift.Result<Result, Failure> in
      do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  /// Runs a closure for a part of the configuration.
  ///
  /// - Parameters:
  ///   - path: The part's dotted name.
  ///   - body: What belongs to the part.
  /// - Returns: What the closure returns.
  package final func withScope<Result>(
    path: String, _ body: () async throws -> Result
  ) async rethrows -> Result {
    try await RunScope.$current.withValue(RunScope(run: self, path: path)) { try await body() }
  }

  /// Runs a closure as the whole of this run, which is active as long.
  package final func withCurrent<Result>(
    _ body: () async throws -> Result
  ) async rethrows -> Result {
    ActiveRuns.insert(self)
    defer { ActiveRuns.remove(self) }
    return try await withScope(path: "", body)
  }
}

extension RunScope {
  /// The part, if this is a scope of a run.
  package func path(in run: Run) -> String? { self.run.recorder === run.recorder ? path : nil }
}

/// The runs that go on in this process.
package enum ActiveRuns {
  private static let state = Mutex(State())

  private struct State {
    var runs: [ObjectIdentifier: Run] = [:]
    var hasAnyBegun = false
  }

  /// Which run code belongs to.
  package enum Finding {
    case run(Run)
    case none
    case several(count: Int)
  }

  /// Returns the run that the present task belongs to, else the only one of the process.
  package static func find() -> Finding {
    if let run = RunScope.current?.run { return .run(run) }
    let runs = state.withLock { Array($0.runs.values) }
    switch runs.count {
    case 0: return .none
    case 1: return .run(runs[0])
    default: return .several(count: runs.count)
    }
  }

  /// Whether a run has begun in this process, now or earlier.
  package static var hasAnyBegun: Bool { state.withLock { $0.hasAnyBegun } }

  static func insert(_ run: Run) {
    state.withLock { state in
      state.runs[ObjectIdentifier(run)] = run
      state.hasAnyBegun = true
    }
  }

  static func remove(_ run: Run) {
    state.withLock { $0.runs[ObjectIdentifier(run)] = nil }
  }
}

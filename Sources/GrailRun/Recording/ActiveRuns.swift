import Synchronization

extension Run {
  @TaskLocal private static var ofTask: Run?

  /// The run that this code belongs to: that of the task, else the only one of the process.
  ///
  /// Outside of a run, or where several go on and the code runs in no task of one of them, the
  /// program stops with a message: recording in the wrong run would be silently wrong.
  public static var current: Run {
    if let run = ofTask { return run }
    let active = ActiveRuns.all
    guard active.count == 1, let run = active.first else {
      fatalError(
        active.isEmpty
          ? "Run.current: no run goes on here; call it inside an experiment's closure"
          : "Run.current: \(active.count) runs go on in this process; pass the run along, or call it in a task of its closure"
      )
    }
    return run
  }

  /// Runs a closure as a part of this run, so that ``current`` is this run in it.
  package final func withCurrent<Result>(
    _ body: () async throws -> Result
  ) async rethrows -> Result {
    ActiveRuns.insert(self)
    defer { ActiveRuns.remove(self) }
    return try await Run.$ofTask.withValue(self) { try await body() }
  }
}

/// The runs that go on in this process.
private enum ActiveRuns {
  private static let runs = Mutex<[ObjectIdentifier: Run]>([:])

  static var all: [Run] { runs.withLock { Array($0.values) } }

  static func insert(_ run: Run) { runs.withLock { $0[ObjectIdentifier(run)] = run } }

  static func remove(_ run: Run) { runs.withLock { $0[ObjectIdentifier(run)] = nil } }
}

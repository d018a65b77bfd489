/// A place that keeps runs, as those who read them see it.
///
/// Reading changes no run. A store may be read from several tasks at once, and while runs go on.
/// `GrailTesting` has the checks of what is promised here, and a store in memory.
public protocol RunStore: Sendable {
  /// Where the store is, in the form of `--store`, without user and password.
  var location: String { get }

  /// Finds runs, and returns of each what is asked for.
  ///
  /// - Parameter selection: Which runs, in which order, and what of them.
  /// - Returns: The runs.
  /// - Throws: An error of the store; a run that cannot be read is left out and noted.
  func select(_ selection: RunSelection) async throws -> RunTable

  /// Opens one run.
  ///
  /// - Parameter id: What the run is known by in this store.
  /// - Returns: The run as it is now.
  /// - Throws: ``NoSuchRun`` if there is none of that id, or why it cannot be read.
  func run(_ id: String) async throws -> any StoredRun

  /// Opens runs one after the other, each when its turn comes.
  ///
  /// A store need not have this: then all of them are opened before the first comes.
  ///
  /// - Parameter ids: What the runs are known by in this store.
  /// - Returns: The runs, in that order; those that are not there any more are left out.
  /// - Throws: An error of the store.
  func runs(ids: [String]) async throws -> StoredRuns

  /// The names that the runs have, for completion and for hints at mistyped ones.
  ///
  /// - Throws: An error of the store.
  func names() async throws -> QueryNames
}

extension RunStore {
  /// Opens runs, all of them at once.
  public func runs(ids: [String]) async throws -> StoredRuns {
    var runs: [String: any StoredRun] = [:]
    for id in ids where runs[id] == nil {
      do {
        runs[id] = try await run(id)
      } catch is NoSuchRun {
        continue
      }
    }
    let location = location
    return StoredRuns(ids: ids) { [runs] id in
      guard let run = runs[id] else { throw NoSuchRun(id: id, location: location) }
      return run
    }
  }
}

/// Keeps what people add to runs later.
public protocol RunAnnotating: RunStore {
  /// Changes what was added to runs; edits of several people at once are all kept.
  ///
  /// - Parameters:
  ///   - ids: The runs.
  ///   - edits: What to change, in order.
  /// - Throws: ``NoSuchRun``, and then nothing is changed; or an error of the store.
  func edit(_ ids: [String], _ edits: [RunEdit]) async throws
}

extension RunAnnotating {
  /// Changes what was added to a run.
  ///
  /// ```swift
  /// try await store.edit("3", .tag("best"), .note("diverged after epoch 7"))
  /// ```
  ///
  /// - Parameters:
  ///   - id: The run.
  ///   - edits: What to change, in order.
  /// - Throws: ``NoSuchRun``, or an error of the store.
  public func edit(_ id: String, _ edits: RunEdit...) async throws {
    try await edit([id], edits)
  }
}

/// There is no run of an id in a store.
public struct NoSuchRun: Error, Hashable, CustomStringConvertible {
  /// The id that was asked for.
  public var id: String
  /// Where it was looked for.
  public var location: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - id: The id that was asked for.
  ///   - location: Where it was looked for.
  public init(id: String, location: String) { (self.id, self.location) = (id, location) }

  /// The error in one line.
  public var description: String {
    "there is no run '\(id)' in \(location); 'grail ls' lists the runs that there are"
  }
}

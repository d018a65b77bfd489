/// A place that keeps runs, as those who read them see it.
///
/// Reading changes no run. A store may be read from several tasks at once, and while runs go on.
package protocol RunStore: Sendable {
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

  /// The names that the runs have, for completion and for hints at mistyped ones.
  ///
  /// - Throws: An error of the store.
  func names() async throws -> QueryNames
}

/// A run that a store keeps.
package protocol StoredRun: Sendable {
  /// All that is known of the run but its points and output.
  var record: RunRecord { get }
  /// What people added later.
  var annotations: RunAnnotations { get }
  /// What could not be read, one line each.
  var notes: [String] { get }
  /// Whether the run's process still lives, as far as can be told from here.
  var liveness: Liveness { get }
  /// The metrics, in the order in which they were begun where that is known.
  var metrics: [MetricDescriptor] { get }

  /// Takes in what was recorded since.
  mutating func refresh() throws

  /// What is known of a metric without its points; `nil` if there is no such metric or no point.
  func statistics(_ name: String) throws -> QueryMetric?

  /// Reads all points of a metric, in the order of logging; `nil` if there is no such metric.
  func series(_ name: String) throws -> MetricSeries?

  /// Sums up a metric in parts of a window, as a chart shows it; `nil` if there is no such metric.
  func view(_ name: String, window: MetricWindow, buckets: Int) throws -> [MetricSummary]?

  /// Reads the content of an artifact, resource or source by its `storedPath`.
  func contents(ofStored storedPath: String) throws -> [UInt8]
}

/// Keeps what people add to runs later.
package protocol RunAnnotating: RunStore {
  /// Changes what was added to runs; edits of several people at once are all kept.
  ///
  /// - Parameters:
  ///   - ids: The runs.
  ///   - edits: What to change, in order.
  /// - Throws: ``NoSuchRun``, or an error of the store.
  func edit(_ ids: [String], _ edits: [RunEdit]) async throws
}

/// There is no run of an id in a store.
package struct NoSuchRun: Error, Hashable, CustomStringConvertible {
  /// The id that was asked for.
  package var id: String
  /// Where it was looked for.
  package var location: String

  package init(id: String, location: String) { (self.id, self.location) = (id, location) }

  /// The error in one line.
  package var description: String {
    "there is no run '\(id)' in \(location); 'grail ls' lists the runs that there are"
  }
}

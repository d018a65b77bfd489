/// A run that a store keeps, as it was when it was opened or refreshed.
public protocol StoredRun: Sendable {
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

  /// Takes in what was recorded and added since.
  ///
  /// - Throws: An error of the store, if the run is gone or cannot be read.
  mutating func refresh() throws

  /// Says what is known of a metric without its points.
  ///
  /// - Parameter name: The metric's name.
  /// - Returns: `nil` if there is no such metric or no point.
  /// - Throws: An error of the store.
  func statistics(_ name: String) throws -> QueryMetric?

  /// Reads all points of a metric.
  ///
  /// - Parameter name: The metric's name.
  /// - Returns: The points in the order of logging; `nil` if there is no such metric.
  /// - Throws: An error of the store.
  func series(_ name: String) throws -> MetricSeries?

  /// Sums up a metric in parts of a window, as a chart shows it.
  ///
  /// - Parameters:
  ///   - name: The metric's name.
  ///   - window: The points that count.
  ///   - buckets: The number of parts, at least 1; a store may make more of them.
  /// - Returns: The parts that are not empty, in order; `nil` if there is no such metric.
  /// - Throws: An error of the store.
  func view(_ name: String, window: MetricWindow, buckets: Int) throws -> [MetricSummary]?

  /// Reads the content of one of the run's files, part by part.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - write: Is given the parts in order.
  /// - Throws: An error of the store, if it does not keep the content; what `write` throws.
  func read(_ file: RunFile, into write: ([UInt8]) throws -> Void) throws

  /// Reads what the run printed, as it was recorded, part by part.
  ///
  /// - Parameters:
  ///   - stream: One stream alone; `nil` for both, and for what is known of neither.
  ///   - write: Is given the parts in order.
  /// - Throws: An error of the store; what `write` throws.
  func readOutput(_ stream: StandardStream?, into write: ([UInt8]) throws -> Void) throws

  // What follows is the same for every store, which need not say it. It stands here because Swift 6.3
  // crashes at a key path to a member of an extension, such as `runs.map(\.id)`, in a generic function.

  /// What the run is known by in its store: a number or a name.
  var id: String { get }
  /// What the run is known by in every store; a run of Sacred's has none.
  var key: RunKey? { get }
  /// The name that the run was given, or that of its experiment.
  var name: String { get }
  /// The tags that people gave it.
  var tags: [String] { get }
  /// What somebody noted about it.
  var note: String? { get }
  /// Where the run stands.
  var status: RunStatus { get }
  /// When it started.
  var startTime: Timestamp? { get }
  /// When it ended.
  var stopTime: Timestamp? { get }
  /// How long it took, or has taken until its last sign of life.
  var elapsed: Duration? { get }
  /// The configuration.
  var config: RunEntries { get }
  /// What the run noted about itself.
  var info: RunEntries { get }
  /// The machine: `hostname`, `os`, `cpu` and what else was gathered.
  var host: RunEntries { get }
  /// What the run returned.
  var result: Value { get }
  /// The files that the run made, in the order of adding.
  var artifacts: [RunFile] { get }
  /// The files that the run read, in the order of opening.
  var resources: [RunFile] { get }
  /// The sources of the run's program.
  var sources: [RunFile] { get }
}

extension StoredRun {
  /// The id in the record.
  public var id: String { record.id }
  /// The key in the record.
  public var key: RunKey? { record.key }
  /// The name that the run was given, or that of its experiment.
  public var name: String { annotations.name ?? record.experiment.name }
  /// The tags among the annotations.
  public var tags: [String] { annotations.tags }
  /// The note among the annotations.
  public var note: String? { annotations.note }
  /// The status in the record.
  public var status: RunStatus { record.status }
  /// The start in the record.
  public var startTime: Timestamp? { record.startTime }
  /// The end in the record.
  public var stopTime: Timestamp? { record.stopTime }
  /// The time from the start to the end or the last heartbeat.
  public var elapsed: Duration? { record.elapsed }
  /// The configuration in the record.
  public var config: RunEntries { RunEntries(record.config) }
  /// The info in the record.
  public var info: RunEntries { RunEntries(record.info) }
  /// The machine in the record.
  public var host: RunEntries { RunEntries(record.host) }
  /// The result in the record.
  public var result: Value { record.result }
  /// The artifacts in the record.
  public var artifacts: [RunFile] { record.artifacts.map { RunFile($0, of: self) } }
  /// The resources in the record.
  public var resources: [RunFile] { record.resources.map { RunFile($0, of: self) } }
  /// The sources in the record.
  public var sources: [RunFile] { record.experiment.sources.map { RunFile($0, of: self) } }
}

// MARK: - Values as types

extension StoredRun {
  /// Makes an instance of the configuration.
  ///
  /// ```swift
  /// struct Training: Decodable { var layers: Int, rate: Double, data: String? }
  /// let training = try run.config(as: Training.self)
  /// ```
  ///
  /// Tuples of Python's are lists here, and NumPy's numbers are numbers. An entry that not all runs
  /// have is best an optional.
  ///
  /// - Parameter type: A type with a property for each entry that is wanted.
  /// - Returns: The instance.
  /// - Throws: ``ValueDecodingError``, which names the entry.
  public func config<T: Decodable>(as type: T.Type) throws -> T {
    try decode(type, from: .map(record.config), of: "configuration")
  }

  /// Makes an instance of what the run returned.
  ///
  /// - Parameter type: The type of the instance.
  /// - Returns: The instance.
  /// - Throws: ``ValueDecodingError``.
  public func result<T: Decodable>(as type: T.Type) throws -> T {
    try decode(type, from: record.result, of: "result")
  }

  private func decode<T: Decodable>(_ type: T.Type, from value: Value, of part: String) throws -> T
  {
    do {
      return try ValueDecoder().decode(type, from: value.plainForm)
    } catch var error as ValueDecodingError {
      error.message += " (\(part) of run \(id))"
      throw error
    }
  }

  /// Reads all points of a metric as columns.
  ///
  /// ```swift
  /// let loss = try run.metric("loss")
  /// plot(loss.steps, loss.values.doubles)
  /// ```
  ///
  /// - Parameter name: The metric's name.
  /// - Returns: The points in the order of logging.
  /// - Throws: ``NoSuchMetric`` if the run has none of that name, or an error of the store.
  public func metric(_ name: String) throws -> MetricSeries {
    if let series = try series(name) { return series }
    throw NoSuchMetric(name: name, run: id, known: metrics.map(\.name))
  }
}

/// A run has no metric of a name.
public struct NoSuchMetric: Error, Hashable, CustomStringConvertible {
  /// The name that was asked for.
  public var name: String
  /// The id of the run.
  public var run: String
  /// The names of the metrics that the run has.
  public var known: [String]

  /// The error in one line.
  public var description: String {
    "run \(run) has no metric '\(name.visible)'" + known.suggestion(for: name)
  }
}

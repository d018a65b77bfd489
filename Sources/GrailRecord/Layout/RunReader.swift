public import GrailCore
import OrderedCollections
import SystemPackage

/// Opens one run's directory, ours or Sacred's, while the run goes on or later.
///
/// Reading changes nothing and needs no lock. Where there is a journal it is the truth, and the
/// files beside it are read where it says nothing; a directory of Sacred's is read from its files.
/// What is damaged costs only itself: the rest is read, and ``notes`` says what is not.
public struct RunReader: Sendable {
  /// The absolute path of the run's directory.
  public let directory: String
  /// All that is known of the run but its points.
  public private(set) var record: RunRecord
  /// What could not be read, one line each.
  public private(set) var notes: [String] = []
  private var journals: [JournalReader] = []
  private var sacredMetrics: [String: MetricSeries] = [:]

  /// Opens a run's directory.
  ///
  /// - Parameter directory: The directory's path.
  /// - Throws: ``RunReaderError`` if there is no directory, or nothing in it that says of a run.
  public init(directory: String) throws(RunReaderError) {
    self.directory = StoreFolder.absolute(directory)
    let id = self.directory.split(separator: "/").last.map(String.init) ?? directory
    guard StoreFolder.isFolder(self.directory) else {
      throw RunReaderError(directory: self.directory, found: "there is no such directory")
    }
    record = RunRecord(
      key: nil, id: id, experiment: ExperimentRecord(name: ""), command: "",
      status: RunStatus(rawValue: ""))
    try readAll()
  }

  /// Takes in what was recorded since.
  ///
  /// - Throws: ``RunReaderError`` if the directory is gone.
  public mutating func refresh() throws(RunReaderError) { try readAll() }

  private mutating func readAll() throws(RunReaderError) {
    notes = []
    let id = record.id
    let runFile = json(RunLayout.run)
    journals = []
    for session in RunFiles.journals(in: directory) {
      let name = RunLayout.journal(session: session)
      do {
        let journal = try JournalReader(path: "\(directory)/\(name)")
        notes += journal.damages.map { "\(name): \($0)" }
        journals.append(journal)
      } catch {
        notes.append("\(name): \(error.found)")
      }
    }
    guard runFile != nil || !journals.isEmpty else {
      throw RunReaderError(
        directory: directory, found: "there is neither a run.json nor a journal that can be read")
    }
    record = RecordCoding.record(from: runFile ?? [:], id: id)
    record.config = json(RunLayout.config)?.mapValue ?? [:]
    record.info = json(RunLayout.info, isOptional: true)?.mapValue ?? [:]
    readJournals(runFile: record)
    record.id = id
    let deliveries = DeliveryFile.all(in: self.directory)
    if !deliveries.isEmpty { record.deliveries = deliveries.map(\.record) }
    sacredMetrics = [:]
    if journals.isEmpty { readSacredMetrics() }
  }

  /// Makes the record anew from the journals, as far as they say it.
  private mutating func readJournals(runFile: RunRecord) {
    let events = journals.flatMap(\.events)
    guard !events.isEmpty else { return }
    if case .started = events.first { record = record.blank() }
    for event in events where !isKnown(event) { record.apply(event) }
    record.heartbeat = journals.compactMap(\.heartbeat).max() ?? record.heartbeat
    if let last = runFile.heartbeat, last > record.heartbeat ?? last { record.heartbeat = last }
    if !record.status.isFinal, runFile.status.isFinal, !runFile.status.rawValue.isEmpty {
      // The end did not fit into the journal.
      (record.status, record.stopTime) = (runFile.status, runFile.stopTime)
      (record.failTrace, record.result) = (runFile.failTrace, runFile.result)
      record.losses = runFile.losses
    }
  }

  /// Whether a damaged journal's event stands in the files that it is completed from.
  private func isKnown(_ event: RunEvent) -> Bool {
    if case .warning(let warning) = event { record.warnings.contains(warning) } else { false }
  }

  private mutating func json(_ name: String, isOptional: Bool = false) -> Value? {
    let bytes: [UInt8]
    do {
      bytes = try WholeFile.read("\(directory)/\(name)")
    } catch {
      if !isOptional, error as? Errno != .noSuchFileOrDirectory {
        notes.append("\(name): \(error)")
      }
      return nil
    }
    let prefix = JSONParser.parsePrefix(bytes)
    if let error = prefix.error { notes.append("\(name): \(error)") }
    return prefix.value.map(JSONPickle.decode)
  }

  /// Names a run's directory of which all that is needed is known.
  init(directory: String, knowing record: RunRecord) {
    (self.directory, self.record) = (directory, record)
  }

  // MARK: - Metrics

  /// The metrics, in the order in which they were begun; those of Sacred's by name.
  public var metrics: [MetricDescriptor] {
    journals.isEmpty
      ? sacredMetrics.values.map(\.descriptor).sorted { $0.name < $1.name }
      : MetricsFile.mergedDescriptors(journals)
  }

  /// What one metric is, without a look at the others; `nil` if there is no such metric.
  package func metric(_ name: String) -> MetricDescriptor? {
    guard !journals.isEmpty else { return sacredMetrics[name]?.descriptor }
    return MetricsFile.merged(journals.lazy.compactMap { $0.metric(name) }).first
  }

  /// Reads all points of a metric.
  ///
  /// - Parameter name: The metric's name.
  /// - Returns: The points in the order of logging; `nil` if there is no such metric.
  /// - Throws: The system's error, if a journal cannot be read.
  /// - Complexity: O(*n*) in the number of points.
  public func series(_ name: String) throws -> MetricSeries? {
    try series(name, damages: { _ in })
  }

  /// Reads all points of a metric, and says what of it is damaged.
  ///
  /// - Parameters:
  ///   - name: The metric's name.
  ///   - damages: Is given a line for each damage.
  /// - Returns: The points in the order of logging; `nil` if there is no such metric.
  /// - Throws: The system's error, if a journal cannot be read.
  public func series(_ name: String, damages: (String) -> Void) throws -> MetricSeries? {
    guard !journals.isEmpty else { return sacredMetrics[name] }
    guard let descriptor = metric(name) else { return nil }
    var whole: MetricSeries?
    for journal in journals {
      var found: [JournalDamage] = []
      guard let part = try journal.series(name, damages: &found) else { continue }
      for damage in found { damages(damage.description) }
      if whole?.append(contentsOf: part) == nil { whole = part }
    }
    whole?.descriptor = descriptor
    return whole
  }

  /// Sums up a metric without reading its points where a journal says the sums.
  ///
  /// - Parameter name: The metric's name.
  /// - Returns: `nil` if there is no such metric, or it has no points.
  /// - Throws: The system's error, if a journal cannot be read.
  public func summary(_ name: String) throws -> MetricSummary? {
    guard !journals.isEmpty else { return sacredMetrics[name]?.summary }
    var total: MetricSummary?
    for journal in journals {
      guard let part = try journal.summary(name) else { continue }
      if total?.merge(part) == nil { total = part }
    }
    return total
  }

  /// Sums up a metric in equal parts of a window, as a chart shows it.
  ///
  /// From a journal, blocks of points that lie in the window are taken whole from their sums where
  /// they are narrow enough, and count where their middle is; so a part's edges may be a block's, but
  /// nothing outside the window is counted and no extreme inside is lost.
  ///
  /// - Parameters:
  ///   - name: The metric's name.
  ///   - window: The points that count; the range of their steps or times is cut into parts.
  ///   - buckets: The number of parts, at least 1.
  /// - Returns: The parts that are not empty, in order, with their true extents; `nil` if there is no
  ///   such metric.
  /// - Throws: The system's error, if a journal cannot be read.
  /// - Complexity: O(blocks of the metric), and the points of those blocks that must be read.
  public func view(
    _ name: String, window: MetricWindow = .all, buckets: Int
  ) throws -> [MetricSummary]? {
    guard metric(name) != nil else { return nil }
    guard let range = try window.range ?? summary(name)?.steps else { return [] }
    let axis = ViewAxis(window, range: range, buckets: buckets)
    var view = MetricView()
    for journal in journals { try journal.add(name, along: axis, to: &view) }
    if let series = sacredMetrics[name] {
      view.add(series.columns, unit: .microsecond, along: axis)
    }
    return view.summaries
  }

  private mutating func readSacredMetrics() {
    guard let entries = json(RunLayout.metrics, isOptional: true)?.mapValue else { return }
    for (name, columns) in entries {
      guard let series = MetricSeries(name: name, columns: columns) else {
        notes.append("\(RunLayout.metrics): '\(name)' has no columns of points")
        continue
      }
      let stated = columns["values"]?.listValue?.count ?? 0
      if series.count < stated {
        notes.append("\(RunLayout.metrics): \(stated - series.count) points of '\(name)' are cut")
      }
      sacredMetrics[name] = series
    }
  }

  // MARK: - Files

  /// The path of an artifact's content.
  public func path(of artifact: ArtifactRecord) -> String {
    "\(directory)/\(artifact.storedPath)"
  }

  /// The path of a resource's content, which lies outside of the store if it is a reference.
  public func path(of resource: ResourceRecord) -> String {
    storePath(resource.storedPath, folder: "_resources")
  }

  /// The path of a source's content; `nil` where the store keeps none.
  public func path(of source: SourceRecord) -> String? {
    if let stored = source.storedPath { return storePath(stored, folder: "_sources") }
    // A queued run of Sacred's has its sources beside its record.
    let name = source.path.split(separator: "/").last.map(String.init) ?? source.path
    return "\(directory)/\(name)"
  }

  /// Returns where content lies that the store shares among runs: differences from a commit, or an
  /// executable.
  ///
  /// - Parameter storedPath: Where the store keeps it, as the record says it.
  /// - Returns: The absolute path.
  public func path(ofShared storedPath: String) -> String {
    storePath(storedPath, folder: "_sources")
  }

  /// The text that the run printed, as it was recorded.
  ///
  /// - Returns: The bytes; none where nothing was recorded.
  public func output() -> [UInt8] {
    (try? WholeFile.read("\(directory)/\(RunLayout.output)")) ?? []
  }

  /// Resolves a path as a record states it: absolute, or relative to the store.
  ///
  /// A store may have been moved since, so a file that is not where an absolute path says is
  /// looked for in the store's own folder.
  private func storePath(_ stored: String, folder: String) -> String {
    let slash = directory.lastIndex(of: "/") ?? directory.startIndex
    let store = String(directory[..<slash])
    let path = stored.hasPrefix("/") ? stored : "\(store)/\(stored)"
    if (try? Stat(FilePath(path))) != nil { return path }
    let name = stored.split(separator: "/").last.map(String.init) ?? stored
    let moved = "\(store)/\(folder)/\(name)"
    return (try? Stat(FilePath(moved))) != nil ? moved : path
  }

  /// Whether the run is over and its journal closed, so that nothing more comes.
  package var isSettled: Bool {
    record.status.isFinal && !record.status.rawValue.isEmpty && (journals.last?.isClosed ?? true)
  }

  // MARK: - What others of this target make of the journals

  var lastJournal: JournalReader? { journals.last }

  var allJournals: [JournalReader] { journals }

  /// A metric as `metrics.json` has it, where there is no journal.
  func sacredSeries(_ name: String) -> MetricSeries? {
    journals.isEmpty ? sacredMetrics[name] : nil
  }
}

/// A directory that cannot be read as a run.
public struct RunReaderError: Error, Hashable, CustomStringConvertible {
  /// The directory's path.
  public var directory: String
  /// What was found.
  public var found: String

  /// The error in one line.
  public var description: String {
    "'\(directory)' is not a run: \(found). Name the directory that holds its run.json"
  }
}

extension RunRecord {
  /// The record with nothing that events add to.
  fileprivate func blank() -> RunRecord {
    var record = self
    (record.info, record.result, record.failTrace) = ([:], .null, [])
    (record.artifacts, record.resources, record.warnings) = ([], [], [])
    (record.progress, record.losses, record.sessions) = ([], Losses(), [])
    return record
  }
}

package import GrailCore
package import GrailRecord

/// A run of a file store.
package struct StoredDirectory: StoredRun {
  /// The run's directory.
  package private(set) var reader: RunReader
  package private(set) var annotations: RunAnnotations
  private let history: ChangeHistory

  init(reader: RunReader, history: ChangeHistory) {
    (self.reader, self.history) = (reader, history)
    annotations = history.annotations(of: reader.record)
  }

  package var record: RunRecord { reader.record }
  package var notes: [String] { reader.notes }
  package var liveness: Liveness { reader.liveness() }
  package var metrics: [MetricDescriptor] { reader.metrics }

  package mutating func refresh() throws {
    try reader.refresh()
    annotations = history.annotations(of: reader.record)
  }

  package func statistics(_ name: String) throws -> QueryMetric? { try reader.statistics(name) }

  package func series(_ name: String) throws -> MetricSeries? { try reader.series(name) }

  package func view(
    _ name: String, window: MetricWindow, buckets: Int
  ) throws -> [MetricSummary]? {
    try reader.view(name, window: window, buckets: buckets)
  }

  package func read(_ file: RunFile, into write: ([UInt8]) throws -> Void) throws {
    try StoredFile(file, of: reader).read(into: write)
  }

  package func readOutput(
    _ stream: StandardStream?, into write: ([UInt8]) throws -> Void
  ) throws {
    try reader.readOutput(stream, filter: OutputFilter.none, into: write)
  }
}

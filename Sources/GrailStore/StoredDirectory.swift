package import GrailCore
package import GrailRecord

/// A run of a file store.
package struct StoredDirectory: StoredRun {
  /// The run's directory.
  package private(set) var reader: RunReader
  package let annotations: RunAnnotations

  package init(reader: RunReader, annotations: RunAnnotations) {
    (self.reader, self.annotations) = (reader, annotations)
  }

  package var record: RunRecord { reader.record }
  package var notes: [String] { reader.notes }
  package var liveness: Liveness { reader.liveness() }
  package var metrics: [MetricDescriptor] { reader.metrics }

  package mutating func refresh() throws { try reader.refresh() }

  package func statistics(_ name: String) throws -> QueryMetric? { try reader.statistics(name) }

  package func series(_ name: String) throws -> MetricSeries? { try reader.series(name) }

  package func view(
    _ name: String, window: MetricWindow, buckets: Int
  ) throws -> [MetricSummary]? {
    try reader.view(name, window: window, buckets: buckets)
  }

  package func contents(ofStored storedPath: String) throws -> [UInt8] {
    try reader.contents(ofStored: storedPath)
  }
}

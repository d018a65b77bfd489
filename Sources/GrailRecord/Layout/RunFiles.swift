package import GrailCore
import OrderedCollections
import SystemPackage

/// Writes the files that a run's directory holds beside the journal, each of which can be made
/// again from it.
package struct RunFiles: Sendable {
  private let directory: String

  /// Names a run's directory.
  package init(directory: String) { self.directory = directory }

  /// The names of these files.
  package static let names = [
    RunLayout.config, RunLayout.run, RunLayout.info, RunLayout.metrics,
  ]

  /// Writes the configuration.
  package func writeConfig(_ config: Value.Entries) throws(FileError) {
    try write(.map(config), to: RunLayout.config)
  }

  /// Writes what the run noted about itself; an empty map too, which Sacred's readers expect.
  package func writeInfo(_ info: Value.Entries) throws(FileError) {
    try write(.map(info), to: RunLayout.info)
  }

  /// Writes the record.
  ///
  /// - Parameters:
  ///   - record: The record.
  ///   - metrics: What the file of the metrics holds.
  /// - Throws: ``FileError`` if the file cannot be written.
  package func writeRun(
    _ record: RunRecord, metrics: MetricsNote? = nil
  ) throws(FileError) {
    try write(
      RecordCoding.runValue(of: record, metrics: metrics?.value), to: RunLayout.run)
  }

  /// Notes in the record what observers have received, and changes nothing else of it.
  ///
  /// What cannot be read or written is left as it is: the files of the delivery say the same.
  package func noteDeliveries() {
    let path = "\(directory)/\(RunLayout.run)"
    guard let bytes = try? WholeFile.read(path), var run = try? JSONParser.parse(bytes).mapValue,
      var ours = run["grail"]?.mapValue
    else { return }
    ours["delivery"] = .list(
      DeliveryFile.all(in: directory).map { RecordCoding.value(of: $0.record) })
    run["grail"] = .map(ours)
    try? AtomicFile.write(JSONWriter.bytes(.map(run), style: .sacred), to: path)
  }

  /// Makes the file of the output if there is none, because readers of Sacred's files open it.
  package func touchOutput() throws(FileError) {
    var file = try AtomicFile(path: "\(directory)/\(RunLayout.output)")
    try file.commit(replacing: false)
  }

  /// Writes the file of the metrics for a run that has none yet.
  package func writeNoMetrics() throws(FileError) {
    try write([:], to: RunLayout.metrics)
  }

  /// Writes the points of all metrics, from the journals.
  ///
  /// - Returns: What the file holds, for the record to say.
  package func writeMetrics() throws -> MetricsNote {
    let journals = try RunFiles.journals(in: directory).map { number throws(JournalError) in
      try JournalReader(path: "\(directory)/\(RunLayout.journal(session: number))")
    }
    let path = "\(directory)/\(RunLayout.metrics)"
    var limits = [MetricsFile.pointLimit] + MetricsFile.shortPointLimits
    while true {
      do {
        let contents = try MetricsFile.write(
          journals, to: path, pointLimit: limits.removeFirst())
        return MetricsNote(contents: contents)
      } catch let error as FileError where error.cause as? Errno == .noSpace && !limits.isEmpty {
        // A shorter file may fit.
      }
    }
  }

  /// Where an artifact is stored, relative to a run's directory; `nil` if its name leads out of it.
  package static func storedPath(ofArtifact name: String) -> String? {
    RunLayout.storedPath(ofArtifact: name)
  }

  /// The numbers of the sessions that have a journal, in order.
  package static func journals(in directory: String) -> [Int] {
    StoreFolder.names(in: directory).compactMap(RunLayout.session(ofJournal:)).sorted()
  }

  private func write(_ value: Value, to name: String) throws(FileError) {
    try AtomicFile.write(
      JSONWriter.bytes(JSONPickle.encode(value), style: .sacred), to: "\(directory)/\(name)")
  }
}

/// What `metrics.json` holds of each metric, for `run.json` to say.
package struct MetricsNote: Sendable {
  let contents: [MetricsFile.Content]

  /// The number of points that were logged.
  package var pointCount: Int { contents.reduce(0) { $0 + $1.count } }

  var value: Value {
    .list(
      contents.map { content in
        var entries: Value.Entries = [
          "name": .text(content.descriptor.name),
          "kind": .text(content.descriptor.kind.rawValue), "count": .int(Int64(content.count)),
        ]
        if let unit = content.descriptor.unit { entries["unit"] = .text(unit) }
        // A thinned file says so; the journal has all.
        if content.kept < content.count { entries["kept"] = .int(Int64(content.kept)) }
        return .map(entries)
      })
  }
}

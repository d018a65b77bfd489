import Foundation
import GrailCore
import GrailRecord
import GrailStore
import OrderedCollections
import TestSupport

/// A store of runs for one test, in Sacred's form, in a folder that is removed with the last that holds it.
struct TestStore: Sendable {
  let folder = TestFolder()
  var url: URL { folder.url }
  /// The folder of the runs.
  var runs: String { path("runs") }

  init() {
    try? FileManager.default.createDirectory(
      at: url.appending(path: "runs"), withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { folder.path(name) }

  func text(_ name: String) throws -> String { try folder.text(name) }

  func write(_ text: String, to name: String) throws { try folder.write(text, to: name) }

  /// A run's directory as the store opens it.
  func run(_ id: String) throws -> StoredDirectory {
    try FileStore(StoreFolder(path: runs), usesIndex: false).directory(id)
  }

  /// Adds a run that began a number of seconds after the start of 2026, and took a second.
  ///
  /// - Parameters:
  ///   - id: The run's id.
  ///   - second: When it began.
  ///   - name: The experiment.
  ///   - config: The configuration.
  ///   - metrics: The values of each metric, a step and a second apart.
  ///   - result: What it returned.
  ///   - output: What it printed.
  ///   - sources: The paths of sources with their texts.
  ///   - record: Further entries of the record.
  /// - Throws: The system's error, if a file cannot be written.
  func add(
    _ id: String, at second: Int = 0, name: String = "test", config: Value.Entries = [:],
    metrics: [String: [Double]] = [:], result: Value = .null, output: String = "",
    sources: [(path: String, text: String)] = [], record: Value.Entries = [:]
  ) throws {
    func time(_ second: Int) -> Value {
      let start = Timestamp(isoText: "2026-01-01T00:00:00")?.microseconds ?? 0
      return .text(Timestamp(microseconds: start + Int64(second) * 1_000_000).isoText)
    }
    var stored: [Value] = []
    for source in sources {
      let digest = FileDigest(of: Array(source.text.utf8)).md5
      let place = "_sources/\(source.path)_\(digest)"
      try write(source.text, to: "runs/\(place)")
      stored.append([.text(source.path), .text(place)])
    }
    let entries: Value.Entries = [
      "command": "main", "status": "COMPLETED", "result": result, "start_time": time(second),
      "stop_time": time(second + 1), "heartbeat": time(second + 1),
      "experiment": [
        "name": .text(name), "base_dir": "/project", "sources": .list(stored), "dependencies": [],
        "repositories": [], "mainfile": .null,
      ],
      "host": ["hostname": "lab"], "meta": [:], "artifacts": [], "resources": [],
    ]
    try write(.map(entries.merging(record) { $1 }), to: "\(id)/run.json")
    try write(.map(config), to: "\(id)/config.json")
    try write(
      .map(
        Value.Entries(
          metrics.map { name, values in
            (
              name,
              [
                "steps": .list(values.indices.map { .int(Int64($0)) }),
                "timestamps": .list(values.indices.map { time(second + $0) }),
                "values": .list(values.map(Value.double)),
              ]
            )
          }, uniquingKeysWith: { $1 })), to: "\(id)/metrics.json")
    try write(output, to: "runs/\(id)/cout.txt")
  }

  private func write(_ value: Value, to name: String) throws {
    try write(
      String(decoding: JSONWriter.bytes(value, style: .sacred), as: UTF8.self), to: "runs/\(name)")
  }
}

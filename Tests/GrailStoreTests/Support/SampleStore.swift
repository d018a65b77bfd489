import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import Testing

@testable import GrailStore

/// A store in a folder of its own, with its index beside it.
final class SampleStore: Sendable {
  let path: String
  let folder: StoreFolder

  init() {
    path = FileManager.default.temporaryDirectory.path + "/grail-store-\(UUID())"
    folder = StoreFolder(path: path + "/runs")
    try? FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The runs that Sacred itself wrote.
  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/sacred/filestorage")

  /// Copies the fixtures' runs into the store.
  func addFixtures() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: Self.fixtures.path) {
      try FileManager.default.copyItem(
        atPath: Self.fixtures.appending(path: name).path, toPath: "\(folder.path)/\(name)")
    }
  }

  /// Writes a run that is over, as Sacred would, with sources that the store keeps under some names.
  func addRun(
    _ id: String, status: String = "COMPLETED", config: Value.Entries = [:], values: [Double] = [],
    sources: [String] = []
  ) throws {
    let stored = sources.map { Value.list([.text($0), .text("_sources/\($0)")]) }
    let directory = "\(folder.path)/\(id)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try write(
      [
        "experiment": [
          "name": "sample", "sources": .list(stored), "dependencies": [], "repositories": [],
        ],
        "command": "main", "status": .text(status), "start_time": "2026-11-10T12:00:00",
        "stop_time": "2026-11-10T12:01:00", "heartbeat": "2026-11-10T12:01:00", "host": [:],
        "meta": [:], "result": nil, "artifacts": [], "resources": [],
      ], to: "\(directory)/run.json")
    try write(.map(config), to: "\(directory)/config.json")
    let steps = values.indices.map { Value.int(Int64($0)) }
    try write(
      [
        "loss": [
          "steps": .list(steps), "values": .list(values.map(Value.double)),
          "timestamps": .list(values.map { _ in "2026-11-10T12:00:30" }),
        ]
      ], to: "\(directory)/metrics.json")
  }

  private func write(_ value: Value, to path: String) throws {
    try Data(JSONWriter.bytes(value, style: .sacred)).write(to: URL(filePath: path))
  }

  /// An index in the store's own temporary folder.
  func index() throws -> RunIndex { try RunIndex(of: folder, path: path + "/index.sqlite") }

  /// The ids of the runs that match.
  func ids(_ query: String, _ index: RunIndex) throws -> [String] {
    _ = try index.refresh()
    return try index.select(
      RunSelection(try Query(parsing: query), now: Timestamp(microseconds: 1_800_000_000_000_000))
    ).ids
  }
}

import Foundation
import GrailCore
import OrderedCollections
import Testing

@testable import GrailRecord

/// Journals that are stored, or read by a program that knows only `docs/journal.md`.
@Suite struct JournalSpecificationTests {
  private static let tests = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let samples = tests.appending(path: "Fixtures/journal")

  /// The stored journals, one of each version of the format; they never change.
  @Test(arguments: ["v1.0", "v1.1", "v1.2"])
  func `reads the sample of every version`(version: String) throws {
    let folder = Self.samples.appending(path: version)
    let reader = try JournalReader(path: folder.appending(path: "journal.1").path)
    let text = Array(try Data(contentsOf: folder.appending(path: "content.json")))
    #expect(reader.isClosed && reader.damages.isEmpty)
    #expect(try Self.content(of: reader) == Self.withoutTimes(JSONParser.parse(text)))
  }

  @Test func `the header says what a process did when it ended`() throws {
    let folder = TemporaryFolder()
    let journal = try JournalWriter(
      path: folder.path("journal.1"), key: .sample, session: 1, time: .sample)
    var reader = try JournalReader(path: folder.path("journal.1"))
    #expect(reader.note.signal == nil && reader.note.activity == nil)
    journal.noteActivity("ran " + String(repeating: "é", count: 200))
    // As a handler of signals notes it, bytes 72…87 by the specification.
    let file = try FileHandle(forUpdating: URL(filePath: folder.path("journal.1")))
    try file.seek(toOffset: 72)
    try file.write(contentsOf: Data([15, 0, 0, 0, 0, 0, 0, 0, 64, 66, 15, 0, 0, 0, 0, 0]))
    try reader.refresh()
    #expect(reader.note.signalName == "SIGTERM")
    #expect(reader.note.time == Timestamp(microseconds: 1_000_000))
    #expect(reader.note.activity == "ran " + String(repeating: "é", count: 81))
    journal.noteActivity(nil)
    try reader.refresh()
    #expect(reader.note.activity == nil && reader.note.signal == 15)
    try journal.close(nil, time: .sample)
  }

  @Test(arguments: [false, true])
  func `a block of events says how many records are before it`(isGreat: Bool) throws {
    let journal = isGreat ? KnownJournal.greatClosed : KnownJournal.closed
    let blocks = journal.blocks.filter { $0.header.kind == .events }
      .sorted { $0.header.ordinal < $1.header.ordinal }
    #expect(blocks.count > 1)
    var count: Int64 = 0
    for block in blocks {
      #expect(block.header.baseStep == count)
      let content = BlockContent(journal.bytes[block.range], header: block.header)
      var reader = ByteReader(content.bytes)
      while let length = reader.littleEndian(UInt32.self) {
        let record = reader.slice(count: Int(length) + 4)
        try #require(record != nil)
        count += 1
      }
    }
  }

  @Test(arguments: ["sample", "closed", "open"])
  func `a program written from the specification reads the same`(name: String) throws {
    let folder = TemporaryFolder()
    let path = folder.path("journal.1")
    switch name {
    case "sample": try Self.writeSample(path)
    case "closed": try Data(KnownJournal.closed.bytes).write(to: URL(filePath: path))
    default: try Data(KnownJournal.open.bytes).write(to: URL(filePath: path))
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", Self.tests.appending(path: "Python/read_journal.py").path, path,
    ]
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
    try process.run()
    let text = Array(try output.fileHandleForReading.readToEnd() ?? Data())
    process.waitUntilExit()
    guard process.terminationStatus != 127 else {
      print("left out: there is no python3")
      return
    }
    #expect(process.terminationStatus == 0)
    let expected = try Self.content(of: JournalReader(path: path))
    #expect(try Self.withoutTimes(JSONParser.parse(text)) == expected)
  }

  // MARK: - The form of the comparison

  /// What a journal holds, as the program prints it; the records' times are not read.
  private static func content(of reader: JournalReader) throws -> Value {
    var metrics: [Value] = []
    for (_, stream) in reader.streams.sorted(by: { $0.key < $1.key }) {
      var points: [Value] = []
      for block in stream.blocks {
        var damages: [JournalDamage] = []
        let columns = try reader.readBlock(block, of: stream, damages: &damages)
        for (index, step) in columns.steps.enumerated() {
          let time = columns.times[index] &* block.unit.microseconds
          let value: Value =
            switch stream.descriptor.kind {
            case .int: .int(columns.ints[index])
            case .double: plain(.double(columns.doubles[index]))
            case .value: plain(columns.values[index])
            }
          points.append([.int(step), .int(time), value])
        }
      }
      var metric: Value.Entries = [
        "stream": .int(Int64(stream.number)), "name": .text(stream.descriptor.name),
        "kind": .text(stream.descriptor.kind.rawValue),
      ]
      if let unit = stream.descriptor.unit { metric["unit"] = .text(unit) }
      metric["points"] = .list(points)
      metrics.append(.map(metric))
    }
    return [
      "version": [1, .int(Int64(reader.minorVersion))],
      "key": .text(reader.key.bytes.map(hex).joined()),
      "session": .int(Int64(reader.session)), "start": .int(reader.startTime.microseconds),
      "heartbeat": reader.heartbeat.map { .int($0.microseconds) } ?? .null,
      "events": .list(reader.events.map(event)), "metrics": .list(metrics),
    ]
  }

  private static func event(_ event: RunEvent) -> Value {
    let record = JournalRecord.event(event).bytes(time: 0)
    var reader = ByteReader(record[JournalRecord.prefixLength...])
    let kind = Int64(reader.varint() ?? 0)
    _ = reader.zigzag()
    let content = reader.slice(count: reader.remaining).flatMap(ValueCoding.decode)
    return ["kind": .int(kind), "content": content.map(plain) ?? .null]
  }

  /// A value in what JSON has forms for.
  private static func plain(_ value: Value) -> Value {
    switch value {
    case .double(let number):
      let digits = String(number.bitPattern, radix: 16)
      return ["double": .text(String(repeating: "0", count: 16 - digits.count) + digits)]
    case .bytes(let bytes): return ["bytes": .text(bytes.map(hex).joined())]
    case .time(let time): return ["time": .int(time.microseconds)]
    case .list(let elements): return .list(elements.map(plain))
    case .map(let entries): return .map(entries.mapValues(plain))
    case .opaque(let opaque):
      return ["opaque": .text(opaque.typeName), "raw": plain(opaque.raw)]
    default: return value
    }
  }

  private static func hex(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return byte < 16 ? "0" + digits : digits
  }

  private static func withoutTimes(_ value: Value) -> Value {
    guard var entries = value.mapValue else { return value }
    entries["events"] = entries["events"]?.listValue.map { events in
      .list(
        events.map { event in
          guard var entries = event.mapValue else { return event }
          entries["time"] = nil
          return .map(entries)
        })
    }
    return .map(entries)
  }

  // MARK: - A sample

  /// Writes a small journal that has everything: all kinds of records, metrics and values.
  private static func writeSample(_ path: String) throws {
    let journal = try JournalWriter(
      path: path, key: .sample, session: 1, time: .sample, keepsMicroseconds: true)
    var record = RunRecord(
      key: .sample, id: "7", experiment: ExperimentRecord(name: "digits", baseDirectory: "/src"),
      command: "train", status: .running)
    record.config = ["layers": 7, "rate": 0.1, "name": "é", "none": .null]
    record.startTime = .sample
    record.output = OutputRecord(capture: .fd, redactionCount: 1)
    let later = Timestamp(microseconds: Timestamp.sample.microseconds + 1_000_000)
    var provenance = RunProvenance()
    provenance.baseDirectory = "/src"
    provenance.sources = [SourceRecord(path: "a.swift", storedPath: "_sources/a_00.swift")]
    provenance.dependencies = ["swift-log==1.16.2"]
    provenance.workingTrees = [
      WorkingTreeRecord(
        folder: "/src", url: "git:/src", commit: nil, branch: "main", isDirty: true)
    ]
    provenance.executable = ExecutableRecord(path: "/src/digits")
    provenance.host = ["memory": 1024]
    let events: [RunEvent] = [
      .queued(record), .started(record), .info(name: "note", value: ["a": [1, true]]),
      .info(name: "note", value: nil),
      .artifact(
        ArtifactRecord(name: "model", storedPath: "model.bin", byteCount: 3, metadata: ["k": 1])),
      .resource(ResourceRecord(path: "/data/x.csv", storedPath: "_resources/x.csv", md5: "00")),
      .warning(RunWarning(time: .sample, message: "the disk is slow")),
      .progress(
        ProgressRecord(label: "", completed: 1, total: 2, startTime: .sample, time: later)),
      .losses(Losses(points: 1, events: 2, outputBytes: 3, reason: "no space")), .result(0.75),
      .provenance(provenance),
    ]
    for event in events { journal.append(event, time: .sample) }
    let values: [Value] = [
      -1, .double(.pi), .text("text"), .bytes([1, 2]), .time(later), [.null], ["k": 2],
      .opaque(Value.Opaque(typeName: "tuple", raw: ["py/tuple": [1]])), -0.0,
    ]
    var time = Timestamp.sample.microseconds
    let loss = journal.metric("loss", unit: "nats", kind: .double)
    for (index, value) in [2.5, 1.25, 1.25, 0.1, .nan, -.infinity, 0.7, 0.69].enumerated() {
      time += 1000 + Int64(index * index)
      loss.append(value, step: index == 5 ? 100 : nil, time: time)
    }
    let mixed = journal.metric("mixed", unit: nil, kind: .int)
    for number in [1, 2, 3, 1000, -5] as [Int64] { mixed.append(number, step: nil, time: time) }
    for value in values { mixed.append(value, step: nil, time: time) }
    journal.beat(later)
    journal.noteActivity("ran the hook before the run")
    try journal.close(RunEnding(status: .completed, time: later), time: later)
  }

  /// Stores the sample of a version that has none yet.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"))
  func `stores the sample of a new version`() throws {
    let folder = Self.samples.appending(path: "v1.\(JournalFormat.minor)")
    let path = folder.appending(path: "journal.1").path
    guard !FileManager.default.fileExists(atPath: path) else { return }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.writeSample(path)
  }
}

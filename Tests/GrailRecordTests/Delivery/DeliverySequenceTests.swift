import Foundation
import GrailCore
import OrderedCollections
import TestSupport
import Testing

@testable import GrailRecord

@Suite(.timeLimit(.minutes(2))) struct DeliverySequenceTests {
  let folder = TemporaryFolder()

  private func makeJournal(session: UInt32 = 1) throws -> JournalWriter {
    try? FileManager.default.createDirectory(
      atPath: DeliveryFile.folder(ofRun: folder.path("")), withIntermediateDirectories: true)
    return try JournalWriter(
      path: folder.path("journal.\(session)"), key: .sample, session: session, time: .sample,
      keepsMicroseconds: true)
  }

  private func open() throws -> DeliverySequence {
    try DeliverySequence(directory: folder.path(""), key: .sample)
  }

  private var orderPath: String {
    DeliveryFile.folder(ofRun: folder.path("")) + "/" + DeliveryOrder.name
  }

  private func print(_ bytes: [UInt8]) throws {
    let path = folder.path("cout.txt")
    if !FileManager.default.fileExists(atPath: path) {
      try Data().write(to: URL(filePath: path))
    }
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(bytes))
  }

  /// All events from a place on, in batches.
  private func rest(
    of sequence: DeliverySequence, from cursor: inout DeliverySequence.Cursor
  ) throws -> [RunEvent] {
    var events: [RunEvent] = []
    while true {
      let batch = try sequence.next(&cursor)
      if batch.isEmpty { return events }
      events += batch
    }
  }

  private func whole(_ sequence: DeliverySequence) throws -> [RunEvent] {
    var cursor = sequence.start
    return try rest(of: sequence, from: &cursor)
  }

  /// What a sequence of events says of points and output.
  private struct Told {
    var values: [String: [Double]] = [:]
    var steps: [String: [Int64]] = [:]
    var output: [UInt8] = []
    var others: [RunEvent] = []

    init(_ events: [RunEvent]) {
      for event in events {
        switch event {
        case .points(let series):
          values[series.descriptor.name, default: []] += series.values.doubles
          steps[series.descriptor.name, default: []] += series.steps
          #expect((1...10_000).contains(series.count))
        case .output(let piece):
          #expect(piece.offset == output.count && !piece.bytes.isEmpty)
          #expect(piece.bytes.count <= 1 << 18)
          output += piece.bytes
        case .heartbeat: break
        default: others.append(event)
        }
      }
    }
  }

  @Test(arguments: 0..<6)
  func `every order that was decided stays, whoever reads it and when`(round: Int) throws {
    var generator = SeededGenerator(seed: UInt64(round))
    let journal = try makeJournal()
    var sequence = try open()
    let metrics = ["a", "b", "c"].map { journal.metric($0, unit: nil, kind: .int) }
    var expected: [String: [Double]] = [:]
    var (output, others): ([UInt8], [RunEvent]) = ([], [])
    var seen: [RunEvent] = []
    var cursor = sequence.start
    for index in 0..<200 {
      for _ in 0..<Int.random(in: 0...300, using: &generator) {
        let which = Int.random(in: 0..<3, using: &generator)
        // The second metric becomes one of doubles in the middle.
        let value: Value =
          which == 1 && index > 100 ? .double(Double(index) / 3) : .int(Int64(index))
        metrics[which].append(value, step: nil, time: Int64(index))
        expected[metrics[which].name, default: []].append(value.doubleValue ?? .nan)
      }
      if Bool.random(using: &generator) {
        let event = RunEvent.info(name: "n\(index)", value: .int(Int64(index)))
        journal.append(event, time: .sample)
        others.append(event)
      }
      if Int.random(in: 0..<3, using: &generator) == 0 {
        let bytes = (0..<Int.random(in: 1...2000, using: &generator)).map { UInt8($0 & 0xFF) }
        try print(bytes)
        output += bytes
      }
      if Int.random(in: 0..<5, using: &generator) == 0 { journal.beat(.sample) }
      switch Int.random(in: 0..<6, using: &generator) {
      case 0, 1: try sequence.extend(isFinal: false)
      case 2: seen += try sequence.next(&cursor)
      case 3:
        // Another process goes on, with what is on the disk.
        sequence = try open()
        cursor = try sequence.cursor(at: Int64(seen.count))
        #expect(cursor.offset == seen.count)
      default: break
      }
    }
    let ending = RunEnding(status: .completed, time: .sample)
    try journal.close(ending, time: .sample)
    while try sequence.extend(isFinal: true) {}
    seen += try rest(of: sequence, from: &cursor)

    #expect(seen.count == Int(sequence.decidedCount) && seen.last == .ended(ending))
    let told = Told(seen)
    #expect(told.values == expected && told.output == output)
    for (name, values) in expected { #expect(told.steps[name] == values.indices.map(Int64.init)) }
    #expect(told.others == others + [.ended(ending)])
    #expect(try whole(sequence) == seen)
    #expect(try whole(open()) == seen)
    #expect(cursor.record.info.count == others.count && cursor.record.status == .completed)
    // From any place on, in batches of any size, it is the same.
    for _ in 0..<20 {
      var place = try sequence.cursor(
        at: Int64.random(in: 0...Int64(seen.count), using: &generator))
      let start = Int(place.offset)
      #expect(try rest(of: sequence, from: &place) == Array(seen[start...]))
    }
    // A batch whose extent was kept comes again as it was.
    var place = sequence.start
    while true {
      let start = place
      let batch = try sequence.next(&place)
      if batch.isEmpty { break }
      var again = start
      #expect(try sequence.next(&again, count: Int64(batch.count)) == batch)
      #expect(again.offset == place.offset)
    }
  }

  @Test func `much is cut into pieces, and no metric waits for another`() throws {
    let journal = try makeJournal()
    let metrics = (0..<30).map { journal.metric("m\($0)", unit: nil, kind: .double) }
    for index in 0..<50_000 { metrics[0].append(Double(index), step: nil, time: 0) }
    for metric in metrics { for _ in 0..<5 { metric.append(0.5, step: nil, time: 0) } }
    for index in 0..<2500 {
      journal.append(.info(name: "\(index)", value: 1), time: .sample)
    }
    try print([UInt8](repeating: 7, count: 3 << 20))
    try journal.close(RunEnding(status: .completed, time: .sample), time: .sample)
    let sequence = try open()
    while try sequence.extend(isFinal: true) {}
    var cursor = sequence.start
    let first = try sequence.next(&cursor)
    #expect(Set(Told(first).values.keys).count == 30)
    var batches = [first]
    while batches.last?.isEmpty == false { batches.append(try sequence.next(&cursor)) }
    for batch in batches {
      let points = Told(batch.filter { if case .points = $0 { true } else { false } }).values
        .values.reduce(0) { $0 + $1.count }
      // A cut is taken whole, so that one more fits behind the limit.
      #expect(points <= 200_000 && batch.count <= 1100)
    }
    let told = Told(batches.flatMap { $0 })
    #expect(told.values["m0"]?.count == 50_005 && told.output.count == 3 << 20)
    #expect(told.others.count == 2501)
  }

  @Test func `the end is told last, and only when nothing more can come`() throws {
    let journal = try makeJournal()
    journal.metric("m", unit: nil, kind: .double).append(1.0, step: nil, time: 0)
    try journal.close(RunEnding(status: .completed, time: .sample), time: .sample)
    let sequence = try open()
    while try sequence.extend(isFinal: false) {}
    #expect(Told(try whole(sequence)).others.isEmpty)
    try print([1, 2, 3])
    while try sequence.extend(isFinal: true) {}
    let events = try whole(sequence)
    #expect(Told(events).output == [1, 2, 3])
    #expect(events.last == .ended(RunEnding(status: .completed, time: .sample)))
    // What comes later all the same is not told behind it.
    try print([4])
    #expect(try !sequence.extend(isFinal: true))
    #expect(try !open().extend(isFinal: true))
  }

  @Test func `sessions follow each other`() throws {
    let first = try makeJournal()
    let record = RunRecord(
      key: .sample, id: "1", experiment: ExperimentRecord(name: "e"), command: "run",
      status: .queued)
    first.append(.queued(record), time: .sample)
    try first.close(nil, time: .sample)
    let sequence = try open()
    while try sequence.extend(isFinal: true) {}
    #expect(try whole(sequence) == [.queued(record)])
    let second = try makeJournal(session: 2)
    second.append(.started(record), time: .sample)
    second.metric("m", unit: nil, kind: .double).append(1.0, step: nil, time: 0)
    try second.close(RunEnding(status: .completed, time: .sample), time: .sample)
    while try sequence.extend(isFinal: true) {}
    let events = try whole(open())
    #expect(events.count == 4 && events[1] == .started(record))
    #expect(Told(events).values == ["m": [1]])
    #expect(events.last == .ended(RunEnding(status: .completed, time: .sample)))
  }

  // MARK: - Damage

  /// A run of several cuts that is over.
  private func makeRun() throws -> [RunEvent] {
    let journal = try makeJournal()
    let metric = journal.metric("m", unit: nil, kind: .double)
    let sequence = try open()
    for index in 0..<8 {
      metric.append(Double(index), step: nil, time: 0)
      journal.append(.info(name: "\(index)", value: 1), time: .sample)
      try sequence.extend(isFinal: false)
    }
    try journal.close(RunEnding(status: .completed, time: .sample), time: .sample)
    while try sequence.extend(isFinal: true) {}
    return try whole(sequence)
  }

  @Test func `an order that is torn anywhere is decided again from there`() throws {
    let events = try makeRun()
    let bytes = try Data(contentsOf: URL(filePath: orderPath))
    for length in stride(from: 0, to: bytes.count, by: 3) {
      try bytes.prefix(length).write(to: URL(filePath: orderPath))
      let sequence = try open()
      let known = Int(sequence.decidedCount)
      #expect(try whole(sequence) == Array(events[..<known]))
      while try sequence.extend(isFinal: true) {}
      let again = try whole(sequence)
      #expect(Array(again[..<known]) == Array(events[..<known]))
      #expect(Told(again).values == Told(events).values)
      #expect(Told(again).others == Told(events).others)
    }
  }

  @Test func `what is damaged in an order is never believed`() throws {
    let events = try makeRun()
    let bytes = try Data(contentsOf: URL(filePath: orderPath))
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<300 {
      var damaged = bytes
      let place = Int.random(in: 32..<bytes.count, using: &generator)
      damaged[place] ^= UInt8.random(in: 1...255, using: &generator)
      try damaged.write(to: URL(filePath: orderPath))
      let sequence = try open()
      #expect(try whole(sequence) == Array(events[..<Int(sequence.decidedCount)]))
    }
  }

  @Test func `an order of another run or of a newer version is refused`() throws {
    _ = try makeRun()
    let bytes = try Data(contentsOf: URL(filePath: orderPath))
    for (place, word) in [(8, "newer version"), (20, "another run")] {
      var other = bytes
      other[place] = 0x7F
      try other.write(to: URL(filePath: orderPath))
      let error = #expect(throws: FileError.self) { _ = try open() }
      #expect(error?.description.contains(word) == true)
      #expect(try Data(contentsOf: URL(filePath: orderPath)) == other)
    }
  }

  @Test func `bytes that are no cut are none`() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        Bool.random(using: &generator)
          ? UInt8.random(in: 0...3, using: &generator)
          : UInt8.random(in: 0...255, using: &generator)
      }
      guard let cut = DeliveryCut(bytes[...]) else { continue }
      // Numbers may be written longer than they need be.
      #expect(DeliveryCut(cut.bytes[...]) == cut)
    }
  }
}

import Foundation
import GrailCore
import TestSupport
import Testing

@testable import GrailRecord

/// The bytes of a journal, and all that its writer committed.
struct KnownJournal: Sendable {
  /// A point of a metric, and where it stands.
  struct Point: Sendable {
    var step: Int64
    var time: Int64
    var value: Value
    var block = 0
  }

  /// A block of the journal, and what only it holds.
  struct Block: Sendable {
    var range: Range<Int>
    var header: BlockHeader
    var isSealed = false
    /// The block's metric and its points in the metric's order.
    var points: (metric: String, positions: Range<Int>)?
    var events: [RunEvent] = []
  }

  var bytes: [UInt8]
  var isClosed: Bool
  /// In the order of logging; steps rise, so that a step says which point it is.
  var points: [String: [Point]] = [:]
  var events: [RunEvent] = []
  var blocks: [Block] = []
  /// The metric of each stream.
  var streams: [UInt32: String] = [:]

  static let closed = make(isClosed: true, isGreat: false)
  static let open = make(isClosed: false, isGreat: false)
  static let greatClosed = make(isClosed: true, isGreat: true)
  static let greatOpen = make(isClosed: false, isGreat: true)

  /// Writes a journal with metrics of all kinds and events; a great one has several segments.
  private static func make(isClosed: Bool, isGreat: Bool) -> KnownJournal {
    let folder = TemporaryFolder()
    let path = folder.path("journal.1")
    do {
      var known = KnownJournal(bytes: [], isClosed: isClosed)
      let journal = try JournalWriter(
        path: path, key: .sample, session: 1, time: .sample, keepsMicroseconds: !isClosed,
        mode: .mapped)
      try known.log(to: journal, isGreat: isGreat)
      if isClosed {
        let ending = RunEnding(status: .completed, time: .sample)
        try journal.close(ending, time: .sample)
        known.events.append(.ended(ending))
      }
      known.bytes = Array(try Data(contentsOf: URL(filePath: path)))
      try known.findBlocks()
      return known
    } catch {
      Issue.record(error)
      return KnownJournal(bytes: [], isClosed: isClosed)
    }
  }

  private mutating func log(to journal: JournalWriter, isGreat: Bool) throws {
    var generator = SeededGenerator(seed: 5)
    let kinds: [(String, MetricKind)] = [
      ("loss", .double), ("count", .int), ("any", .value), ("mixed", .int), ("rare", .double),
    ]
    var metrics: [MetricWriter] = []
    for (name, kind) in kinds { metrics.append(journal.metric(name, unit: nil, kind: kind)) }
    var step: Int64 = -3
    var time = Timestamp.sample.microseconds
    for index in 0..<900 {
      step += index % 7 == 0 ? Int64.random(in: 1...300, using: &generator) : 1
      time += 1000 * Int64.random(in: 0...40, using: &generator)
      for metric in metrics {
        let value = Self.value(metric.name, index, using: &generator)
        guard let value else { continue }
        metric.append(value, step: step, time: time)
        points[metric.name, default: []].append(Point(step: step, time: time, value: value))
      }
      if index % 30 == 7 {
        let text = String(repeating: "x", count: Int.random(in: 0...900, using: &generator))
        log(.info(name: "n\(index)", value: .text(text)), to: journal)
      }
      if index == 450 { try journal.sync() }
      if isGreat, index == 500 {
        let text = String(repeating: "great ", count: 220_000)
        log(.info(name: "great", value: .text(text)), to: journal)
      }
      if isGreat, index % 100 == 0 {
        let text = String(repeating: "large ", count: 30_000)
        log(.info(name: "large\(index)", value: .text(text)), to: journal)
      }
    }
  }

  private mutating func log(_ event: RunEvent, to journal: JournalWriter) {
    journal.append(event, time: .sample)
    events.append(event)
  }

  private static func value(
    _ metric: String, _ index: Int, using generator: inout SeededGenerator
  ) -> Value? {
    switch metric {
    case "loss": .double(.sample(index, using: &generator))
    case "count": .int(Int64(bitPattern: generator.next()) >> Int64(index % 60))
    case "any" where index % 5 == 0: .random(isPlain: false, depth: 2, using: &generator)
    case "mixed" where index < 200: .int(Int64(index) * 3)
    case "mixed" where index < 400: .double(Double(index) / 7)
    case "mixed" where index < 500: .text("at \(index)")
    case "rare" where index % 300 == 100: .double(Double(index))
    default: nil
    }
  }

  private mutating func findBlocks() throws {
    let reader = try JournalReader(MemorySource(bytes), path: "known")
    #expect(reader.events == events && reader.damages.isEmpty && reader.isClosed == isClosed)
    var taken: [String: Int] = [:]
    for (number, stream) in reader.streams.sorted(by: { $0.key < $1.key }) {
      let name = stream.descriptor.name
      streams[number] = name
      for place in stream.blocks {
        var damages: [JournalDamage] = []
        let count = try reader.readBlock(place, of: stream, damages: &damages).steps.count
        let start = taken[name, default: 0]
        taken[name] = start + count
        for position in start..<start + count { points[name]?[position].block = blocks.count }
        add(at: Int(place.offset), salt: reader.salt, points: (name, start..<start + count))
      }
    }
    for (name, known) in points { #expect(taken[name] == known.count) }
    for offset in reader.eventBlocks { add(at: Int(offset), salt: reader.salt) }
    let end = blocks.map(\.range.upperBound).max() ?? 0
    // Space that was never used tells nothing after a while, and would take time.
    if !isClosed { bytes.removeSubrange(min(bytes.count, end + 20_000)...) }
  }

  private mutating func add(
    at offset: Int, salt: UInt32, points: (metric: String, positions: Range<Int>)? = nil
  ) {
    let start = bytes[offset...]
    guard let header = BlockHeader(start, salt: salt) else {
      Issue.record("no block at \(offset)")
      return
    }
    var block = Block(range: offset..<offset + header.size, header: header, points: points)
    block.isSealed = BlockSummary(start, header: header) != nil
    if points == nil {
      var reader = ByteReader(start.dropFirst(header.contentOffset))
      while let length = reader.littleEndian(UInt32.self), length > 0,
        reader.littleEndian(UInt32.self) != nil, let body = reader.slice(count: Int(length))
      {
        if case .event(let event) = JournalRecord(body: body) { block.events.append(event) }
      }
    }
    blocks.append(block)
  }
}

extension KnownJournal {
  /// Reads a damaged form of the journal and checks what is promised of it.
  ///
  /// - Parameters:
  ///   - bytes: The damaged bytes.
  ///   - damaged: Where they may differ.
  /// - Returns: The number of points that were lost.
  /// - Throws: The system's error.
  @discardableResult
  func check(_ bytes: [UInt8], damaged: [Range<Int>]) throws -> Int {
    let reader: JournalReader
    do {
      reader = try JournalReader(MemorySource(bytes), path: "damaged")
    } catch {
      #expect(damaged.contains { $0.lowerBound < 56 }, "refused although its start is intact")
      return 0
    }
    var isReported = !reader.damages.isEmpty || reader.tornEnd != nil
    // That the end is missing says that there may be more.
    if isClosed, !reader.isClosed, !reader.events.contains(where: \.isEnding) { isReported = true }
    var lost: [Int: Int] = [:]
    for (name, known) in points {
      var names = [name]
      for (number, stream) in streams where stream == name { names.append("metric \(number)") }
      var isFound = Array(repeating: false, count: known.count)
      for name in names {
        guard let metric = try found(name, known: known, in: reader) else { continue }
        for position in metric.positions { isFound[position] = true }
        if !metric.damages.isEmpty { isReported = true }
      }
      for (position, point) in known.enumerated() where !isFound[position] {
        lost[point.block, default: 0] += 1
      }
    }
    for (position, count) in lost {
      let block = blocks[position]
      #expect(damaged.contains { $0.overlaps(block.range) }, "\(count) points lost of \(block)")
      #expect(isReported || isUndetectable(block, in: bytes), "silently lost \(count) of \(block)")
    }
    checkEvents(reader, bytes: bytes, damaged: damaged, isReported: isReported)
    return lost.values.reduce(0, +)
  }

  /// Reads a metric; returns which points were found.
  private func found(
    _ name: String, known: [Point], in reader: JournalReader
  ) throws -> (positions: [Int], damages: [JournalDamage])? {
    var damages: [JournalDamage] = []
    guard let series = try reader.series(name, damages: &damages) else { return nil }
    var positions: [Int] = []
    var next = 0
    for index in 0..<series.count {
      while next < known.count, known[next].step < series.steps[index] { next += 1 }
      guard next < known.count, known[next].step == series.steps[index],
        series.timestamps[index].microseconds == known[next].time,
        series.values[index].isExactly(known[next].value)
      else {
        Issue.record("a wrong point of \(name): step \(series.steps[index])")
        return nil
      }
      positions.append(next)
      next += 1
    }
    if damages.isEmpty && reader.damages.isEmpty && reader.tornEnd == nil {
      try checkSummary(of: series, reader.summary(name))
    }
    return (positions, damages)
  }

  private func checkSummary(of series: MetricSeries, _ summary: MetricSummary?) {
    guard let summary else {
      #expect(series.count == 0)
      return
    }
    let numbers = series.values.doubles.filter { !$0.isNaN }
    #expect(summary.count == series.count && summary.numberCount == numbers.count)
    #expect(summary.min == numbers.min() || numbers.isEmpty)
    #expect(summary.max == numbers.max() || numbers.isEmpty)
    #expect(summary.steps.lowerBound == series.steps.min())
    #expect(summary.steps.upperBound == series.steps.max())
    #expect(summary.times.lowerBound == series.timestamps.min())
    #expect(summary.times.upperBound == series.timestamps.max())
  }

  private func checkEvents(
    _ reader: JournalReader, bytes: [UInt8], damaged: [Range<Int>], isReported: Bool
  ) {
    var next = 0
    var isFound = Array(repeating: false, count: events.count)
    for event in reader.events {
      while next < events.count, events[next] != event { next += 1 }
      guard next < events.count else {
        Issue.record("a wrong event, or one in a wrong place: \("\(event)".prefix(60))")
        return
      }
      isFound[next] = true
      next += 1
    }
    for block in blocks where block.points == nil {
      let missing = block.events.filter { event in
        events.firstIndex(of: event).map { !isFound[$0] } ?? true
      }
      guard !missing.isEmpty else { continue }
      #expect(damaged.contains { $0.overlaps(block.range) }, "\(missing.count) events lost")
      #expect(
        isReported || isUndetectable(block, in: bytes), "\(missing.count) events silently lost")
    }
  }

  /// Whether nothing is left that could tell of the block's content: it looks like one that was
  /// begun and not filled, or like space that was never used.
  private func isUndetectable(_ block: Block, in bytes: [UInt8]) -> Bool {
    guard block.range.lowerBound + 40 <= bytes.count else { return true }
    let rest = bytes[block.range.lowerBound..<min(block.range.upperBound, bytes.count)]
    let words = rest.dropFirst(JournalFormat.Block.commit).prefix(16)
    guard words.allSatisfy({ $0 == 0 }) else { return false }
    if rest.prefix(8).allSatisfy({ $0 == 0 }) { return rest.allSatisfy { $0 == 0 } }
    if block.isSealed, !damagedSummary(rest, block) { return false }
    let content = rest.dropFirst(block.header.contentOffset)
    let isAny = block.points.map { ["any", "mixed"].contains($0.metric) } ?? true
    return isAny || content.dropFirst(64).allSatisfy { $0 == 0 }
  }

  private func damagedSummary(_ bytes: ArraySlice<UInt8>, _ block: Block) -> Bool {
    BlockSummary(bytes, header: block.header) == nil
  }
}

extension RunEvent {
  var isEnding: Bool {
    if case .ended = self { true } else { false }
  }
}

extension Value {
  /// Whether a value is another to the bit, but for a whole number of a widened metric.
  fileprivate func isExactly(_ other: Value) -> Bool {
    switch (self, other) {
    case (.double(let left), .double(let right)): left.bitPattern == right.bitPattern
    case (.double(let left), .int(let right)): left == Double(right)
    case (.int(let left), .int(let right)): left == right
    default: ValueCoding.encode(self) == ValueCoding.encode(other)
    }
  }
}

import Foundation
import GrailCore
import SystemPackage
import TestSupport
import Testing

@testable import GrailRecord

/// A way in which a journal's bytes come to harm.
enum Harm: String, CaseIterable, Sendable {
  case cutOff, flippedBits, flippedHeaderBits, zeroedSectors, zeroedRange, garbage
  case swappedSectors, swappedBlocks, foreignBlock, repeatedBlock, zeroedWord

  /// Damages bytes; returns where.
  func damage(
    _ bytes: inout [UInt8], of journal: KnownJournal, using generator: inout SeededGenerator
  ) -> [Range<Int>] {
    let count = bytes.count
    func any(_ range: Range<Int>) -> Int { .random(in: range, using: &generator) }
    let block = journal.blocks[any(0..<journal.blocks.count)].range
    let start = any(0..<count)
    let end = min(count, start + (1 << any(0..<15)) + any(0..<64))
    switch self {
    case .cutOff:
      let near = [start, block.lowerBound + any(0..<200), block.lowerBound, count - any(0..<400)]
      let length = min(count, max(0, near[any(0..<4)]))
      bytes.removeSubrange(length...)
      return [length..<max(count, length + 1)]
    case .flippedBits, .flippedHeaderBits:
      return (0..<any(1..<4)).map { _ in
        let place = self == .flippedBits ? any(0..<count) : block.lowerBound + any(0..<120)
        bytes[place] ^= 1 << UInt8(any(0..<8))
        return place..<place + 1
      }
    case .zeroedSectors:
      let size = [512, 4096][any(0..<2)]
      let first = start / size * size
      let range = first..<min(count, first + size * any(1..<4))
      bytes.replaceSubrange(range, with: repeatElement(0, count: range.count))
      return [range]
    case .zeroedRange:
      bytes.replaceSubrange(start..<end, with: repeatElement(0, count: end - start))
      return [start..<end]
    case .garbage:
      bytes.replaceSubrange(start..<end, with: generator.bytes(end - start))
      return [start..<end]
    case .swappedSectors:
      let size = [64, 512, 4096][any(0..<3)]
      guard count > 2 * size else { return [] }
      let one = any(0..<count / size) * size
      let two = any(0..<count / size) * size
      // A header in a wrong place claims the longest block behind it.
      let longest = 4096
      return swap(one..<one + size, two..<two + size, in: &bytes)
        .map { $0.lowerBound..<$0.upperBound + longest }
    case .swappedBlocks:
      let others = journal.blocks.filter { $0.range.count == block.count }
      return swap(block, others[any(0..<others.count)].range, in: &bytes)
    case .foreignBlock:
      let header = BlockHeader(
        kind: .points, size: block.count, stream: UInt32(any(0..<4)), ordinal: UInt32(any(0..<9)))
      let content = header.bytes(salt: 7) + generator.bytes(block.count - header.length)
      bytes.replaceSubrange(block, with: content)
      return [block]
    case .repeatedBlock:
      let source = journal.blocks[any(0..<journal.blocks.count)].range
      let target = block.lowerBound..<min(count, block.lowerBound + source.count)
      bytes.replaceSubrange(target, with: journal.bytes[source.prefix(target.count)])
      return [target]
    case .zeroedWord:
      let offset = block.lowerBound + [0, 24, 32, 40, 48, 112][any(0..<6)]
      bytes.replaceSubrange(offset..<offset + 8, with: repeatElement(0, count: 8))
      return [offset..<offset + 8]
    }
  }

  private func swap(_ one: Range<Int>, _ two: Range<Int>, in bytes: inout [UInt8]) -> [Range<Int>] {
    let first = Array(bytes[one])
    bytes.replaceSubrange(one, with: Array(bytes[two]))
    bytes.replaceSubrange(two, with: first)
    return [one, two]
  }
}

@Suite struct JournalDamageTests {
  @Test(arguments: Harm.allCases, [true, false])
  func `costs what is damaged, and says so`(_ harm: Harm, isClosed: Bool) throws {
    let journal = isClosed ? KnownJournal.closed : .open
    try checkRounds(100, of: harm, on: journal, seed: 11)
  }

  @Test(arguments: Harm.allCases, [true, false])
  func `of several segments and a great event too`(_ harm: Harm, isClosed: Bool) throws {
    let journal = isClosed ? KnownJournal.greatClosed : .greatOpen
    try checkRounds(12, of: harm, on: journal, seed: 12)
  }

  private func checkRounds(
    _ count: Int, of harm: Harm, on journal: KnownJournal, seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<count {
      var bytes = journal.bytes
      let damaged = harm.damage(&bytes, of: journal, using: &generator)
      try journal.check(bytes, damaged: damaged)
    }
  }

  @Test func `ending a torn journal does not hide what is lost`() throws {
    let journal = KnownJournal.open
    let last = try #require(journal.blocks.max { $0.range.lowerBound < $1.range.lowerBound })
    var bytes = journal.bytes
    bytes[last.range.lowerBound + 20] ^= 1
    let folder = TemporaryFolder()
    let path = folder.path("journal.1")
    try Data(bytes).write(to: URL(filePath: path))
    let file = try FileDescriptor.open(FilePath(path), .readWrite)
    defer { try? file.close() }
    let ending = RunEvent.ended(RunEnding(status: .failed, time: .sample))
    try JournalEnd.write([ending], time: .sample, to: file, path: path)
    let reader = try JournalReader(path: path)
    #expect(reader.events.last == ending)
    #expect(!reader.isClosed && reader.tornEnd == Int64(last.range.lowerBound))
  }

  @Test(arguments: 0..<20)
  func `a loss of power keeps what was synced`(round: Int) throws {
    let journal = KnownJournal.open
    var generator = SeededGenerator(seed: UInt64(round))
    var torn = 0
    for block in journal.blocks {
      guard let metric = block.points?.metric else { continue }
      let start = block.range.lowerBound
      var words = ByteReader(journal.bytes[(start + JournalFormat.Block.checkpoint)...])
      let bits = words.littleEndian(UInt64.self)
      let point = CommitWord(bits: try #require(bits))
      guard point.used > 0 else { continue }
      torn += 1
      let kept = start + block.header.contentOffset + Int(point.used)
      let lost = kept..<block.range.upperBound
      var bytes = journal.bytes
      switch round % 3 {
      case 0: bytes.replaceSubrange(lost, with: repeatElement(0, count: lost.count))
      case 1: bytes.replaceSubrange(lost, with: generator.bytes(lost.count))
      default:
        let old = Int.random(in: lost, using: &generator)
        bytes.replaceSubrange(
          old..<lost.upperBound,
          with: Array(journal.bytes[..<lost.count])
            .suffix(lost.upperBound - old))
      }
      let reader = try JournalReader(MemorySource(bytes), path: "torn")
      let stream = try #require(reader.streams[block.header.stream])
      let place = try #require(stream.blocks.first { $0.offset == Int64(start) })
      var damages: [JournalDamage] = []
      let read = try reader.readBlock(place, of: stream, damages: &damages)
      let before = try committed(point, block, in: journal.bytes)
      #expect(read.steps.starts(with: before.steps) && !before.steps.isEmpty)
      try journal.check(bytes, damaged: [lost])
      #expect(!damages.isEmpty || read.steps.count > before.steps.count, "\(metric)")
    }
    #expect(torn > 3)
  }

  /// The points that a commit word stands for.
  private func committed(
    _ word: CommitWord, _ block: KnownJournal.Block, in bytes: [UInt8]
  ) throws -> PointColumns {
    let start = block.range.lowerBound + block.header.contentOffset
    var columns = PointColumns()
    let kind = try #require(block.header.metricKind)
    let isWellFormed = bytes[start..<start + Int(word.used)].withUnsafeBytes { content in
      var decoder = PointDecoder(
        content, kind: kind, baseStep: block.header.baseStep, baseTime: block.header.baseTime)
      return decoder.appendAll(to: &columns)
    }
    #expect(isWellFormed)
    return columns
  }
}

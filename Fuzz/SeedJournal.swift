import Foundation
import GrailCore

@testable import GrailRecord

/// A valid journal that inputs are edits to, because a checksum stops random bytes.
struct SeedJournal {
  private var bytes: [UInt8] = []
  private var salt: UInt32 = 0
  private var blocks: [Int] = []

  static let all: [SeedJournal] = [true, false].compactMap { try? SeedJournal(isClosed: $0) }

  init(isClosed: Bool) throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "grail-fuzz-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let time = Timestamp(microseconds: 1_700_000_000_000_000)
    var generator = SystemRandomNumberGenerator()
    let journal = try JournalWriter(
      path: path, key: RunKey(time: time, using: &generator), session: 1, time: time)
    let double = journal.metric("double", unit: nil, kind: .double)
    let int = journal.metric("int", unit: "s", kind: .int)
    let any = journal.metric("any", unit: nil, kind: .value)
    for index in 0..<100 as Range<Int64> {
      let moment = time.microseconds + index * index * 1000
      double.append(Double(index) / 3, step: nil, time: moment)
      int.append(index * 5, step: index % 9, time: moment)
      any.append([.int(index), .text("é"), .time(time)], step: nil, time: moment)
      if index == 50 { try journal.sync() }
    }
    journal.append(.info(name: "a", value: ["b": [.null, .bytes([1])]]), time: time)
    journal.append(.warning(RunWarning(time: time, message: "w")), time: time)
    if isClosed { try journal.close(RunEnding(status: .completed, time: time), time: time) }
    bytes = Array(try Data(contentsOf: URL(filePath: path)))
    let reader = try JournalReader(MemorySource(bytes), path: path)
    salt = reader.salt
    if !isClosed { bytes.removeSubrange(min(bytes.count, Int(reader.usedEnd) + 640)...) }
    var place = JournalFormat.headerLength
    while place < bytes.count, let header = BlockHeader(bytes[place...], salt: salt) {
      blocks.append(place)
      place += header.size
    }
  }

  /// Applies edits of six bytes each, then makes all checksums right again.
  func edited(_ edits: ArraySlice<UInt8>) -> [UInt8] {
    var result = bytes
    var reader = ByteReader(edits)
    while reader.remaining >= 6, let block = reader.byte(), let kind = reader.byte(),
      let offset = reader.littleEndian(UInt16.self), let value = reader.littleEndian(UInt16.self)
    {
      let start = block == 255 ? result.count - 32 : blocks[Int(block) % blocks.count]
      // Headers are where most of the decisions are.
      let place = start + Int(offset) % (kind & 1 == 0 ? 128 : 4096)
      guard place + 2 <= result.count else { continue }
      switch kind % 5 {
      case 0: result[place] = UInt8(truncatingIfNeeded: value)
      case 1: result[place] ^= 1 << UInt8(value % 8)
      case 2:
        (result[place], result[place + 1]) = (UInt8(value & 0xFF), UInt8(value >> 8))
      case 3: result[place] &+= UInt8(truncatingIfNeeded: value)
      default:
        let end = min(result.count, place + Int(value % 16))
        for at in place..<end { result[at] = UInt8(truncatingIfNeeded: value >> 8) }
      }
    }
    for block in blocks { repair(block, in: &result) }
    let trailer = result.count - JournalFormat.trailerLength
    if result[trailer...].starts(with: JournalFormat.trailerMagic) {
      let sum = JournalFormat.crc32c(salt, result[trailer..<trailer + 24])
      store(UInt64(sum), count: 4, at: trailer + 24, in: &result)
    }
    return result
  }

  private func repair(_ start: Int, in bytes: inout [UInt8]) {
    guard start + JournalFormat.Block.pointsLength <= bytes.count else { return }
    let base = bytes[start + JournalFormat.Block.baseStep..<start + JournalFormat.Block.plainLength]
    let fields = bytes[start..<start + JournalFormat.Block.checksum]
    let checksum = JournalFormat.crc32c(JournalFormat.crc32c(salt, fields), base)
    store(UInt64(checksum), count: 4, at: start + JournalFormat.Block.checksum, in: &bytes)
    guard let header = BlockHeader(bytes[start...], salt: salt) else { return }
    let content = start + header.contentOffset
    if header.kind == .events { repairRecords(from: content, in: &bytes) }
    for offset in [JournalFormat.Block.commit, JournalFormat.Block.checkpoint] {
      var reader = ByteReader(bytes[(start + offset)...])
      guard let bits = reader.littleEndian(UInt64.self), bits != 0 else { continue }
      let used = Int(CommitWord(bits: bits).used) % 4096
      guard content + used <= bytes.count else { continue }
      let sum = JournalFormat.crc32c(checksum, bytes[content..<content + used])
      let word = CommitWord(used: UInt32(used), checksum: sum)
      store(word.bits, count: 8, at: start + offset, in: &bytes)
    }
    if header.kind == .points {
      let summary = start + JournalFormat.Block.count..<start + JournalFormat.Block.summaryChecksum
      guard bytes[summary].contains(where: { $0 != 0 }) else { return }
      let sum = JournalFormat.crc32c(checksum, bytes[summary])
      store(UInt64(sum), count: 4, at: summary.upperBound, in: &bytes)
    }
  }

  private func repairRecords(from start: Int, in bytes: inout [UInt8]) {
    var place = start
    while place + JournalRecord.prefixLength < bytes.count {
      var reader = ByteReader(bytes[place...])
      guard let length = reader.littleEndian(UInt32.self), length > 0, length < 4096 else { return }
      let body = place + JournalRecord.prefixLength
      guard body + Int(length) <= bytes.count else { return }
      let sum = JournalFormat.crc32c(0, bytes[body..<body + Int(length)])
      store(UInt64(sum), count: 4, at: place + 4, in: &bytes)
      place = body + Int(length)
    }
  }

  private func store(_ number: UInt64, count: Int, at place: Int, in bytes: inout [UInt8]) {
    for at in 0..<count { bytes[place + at] = UInt8(truncatingIfNeeded: number >> UInt64(8 * at)) }
  }
}

import GrailCore
import SystemPackage

/// What a closed journal ends with: where all its blocks are and what they sum up to.
struct JournalIndex {
  var streams: [UInt32: JournalReader.Stream] = [:]
  var eventBlocks: [Int64] = []

  init(streams: [UInt32: JournalReader.Stream], eventBlocks: [Int64]) {
    (self.streams, self.eventBlocks) = (streams, eventBlocks)
  }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.append(varint: UInt64(streams.count))
    for (number, stream) in streams.sorted(by: { $0.key < $1.key }) {
      writer.append(varint: UInt64(number))
      writer.append(text: stream.descriptor.name)
      writer.append(text: stream.descriptor.unit ?? "")
      writer.append(text: stream.descriptor.kind.rawValue)
      writer.append(varint: UInt64(stream.blocks.count))
      var previous = Previous()
      for block in stream.blocks { Self.append(block, after: &previous, to: &writer) }
    }
    writer.append(varint: UInt64(eventBlocks.count))
    for offset in eventBlocks { writer.append(varint: UInt64(offset)) }
    return writer.bytes
  }

  /// What the numbers of a block are written as differences from.
  private struct Previous {
    var offset: Int64 = 0
    var ordinal: UInt32 = 0
    var step: Int64 = 0
    var time: Int64 = 0

    mutating func move(past block: JournalReader.BlockPlace, _ summary: BlockSummary) {
      offset = block.offset
      ordinal = block.ordinal &+ 1
      step = summary.maxStep
      time = summary.maxTime
    }
  }

  private static func append(
    _ block: JournalReader.BlockPlace, after previous: inout Previous, to writer: inout ByteWriter
  ) {
    let summary = block.summary ?? BlockSummary()
    writer.append(zigzag: (block.offset - previous.offset) / Int64(JournalFormat.alignment))
    writer.append(varint: UInt64(block.size / JournalFormat.alignment))
    writer.append(varint: UInt64(block.ordinal &- previous.ordinal))
    writer.bytes.append(block.unit.rawValue)
    writer.append(varint: UInt64(summary.count))
    writer.append(varint: UInt64(summary.count - summary.numberCount))
    if summary.numberCount > 0 {
      writer.append(littleEndian: summary.min.bitPattern)
      writer.append(littleEndian: summary.max.bitPattern)
      writer.append(littleEndian: summary.mean.bitPattern)
    }
    writer.append(zigzag: summary.minStep &- previous.step)
    writer.append(varint: UInt64(bitPattern: summary.maxStep &- summary.minStep))
    writer.append(zigzag: summary.minTime &- previous.time)
    writer.append(varint: UInt64(bitPattern: summary.maxTime &- summary.minTime))
    previous.move(past: block, summary)
  }

  /// Reads an index; `nil` if it is not well-formed.
  init?(_ content: ArraySlice<UInt8>) {
    var reader = ByteReader(content)
    guard let streamCount = reader.varint() else { return nil }
    for _ in 0..<streamCount {
      guard let number = reader.varint().flatMap(UInt32.init(exactly:)), let name = reader.text(),
        let unit = reader.text(), let kind = reader.text().flatMap(MetricKind.init),
        let blockCount = reader.varint(), blockCount <= UInt64(reader.remaining)
      else { return nil }
      var stream = JournalReader.Stream(
        number: number,
        descriptor: MetricDescriptor(name: name, unit: unit.isEmpty ? nil : unit, kind: kind))
      stream.blocks.reserveCapacity(Int(blockCount))
      var previous = Previous()
      for _ in 0..<blockCount {
        guard let block = Self.readBlock(after: &previous, from: &reader) else { return nil }
        stream.blocks.append(block)
      }
      streams[number] = stream
    }
    guard let eventCount = reader.varint() else { return nil }
    for _ in 0..<eventCount {
      guard let offset = reader.varint().flatMap(Int64.init(exactly:)) else { return nil }
      eventBlocks.append(offset)
    }
  }

  private static func readBlock(
    after previous: inout Previous, from reader: inout ByteReader
  ) -> JournalReader.BlockPlace? {
    guard let distance = reader.zigzag(),
      let size = reader.varint(), size <= UInt64(UInt32.max) / UInt64(JournalFormat.alignment),
      let skipped = reader.varint(), let unit = reader.byte().flatMap(TimeUnit.init),
      let count = reader.varint().flatMap(UInt32.init(exactly:)),
      let others = reader.varint(), others <= count
    else { return nil }
    var summary = BlockSummary()
    summary.count = count
    summary.numberCount = count - UInt32(others)
    if summary.numberCount > 0 {
      guard let min = reader.littleEndian(UInt64.self), let max = reader.littleEndian(UInt64.self),
        let mean = reader.littleEndian(UInt64.self)
      else { return nil }
      summary.min = Double(bitPattern: min)
      summary.max = Double(bitPattern: max)
      summary.mean = Double(bitPattern: mean)
    }
    guard let step = reader.zigzag(), let stepSpan = reader.varint(),
      let time = reader.zigzag(), let timeSpan = reader.varint()
    else { return nil }
    summary.minStep = previous.step &+ step
    summary.maxStep = summary.minStep &+ Int64(bitPattern: stepSpan)
    summary.minTime = previous.time &+ time
    summary.maxTime = summary.minTime &+ Int64(bitPattern: timeSpan)
    guard summary.minStep <= summary.maxStep, summary.minTime <= summary.maxTime else {
      return nil
    }
    let block = JournalReader.BlockPlace(
      offset: previous.offset &+ distance &* Int64(JournalFormat.alignment),
      size: Int(size) * JournalFormat.alignment,
      ordinal: previous.ordinal &+ UInt32(truncatingIfNeeded: skipped), unit: unit,
      summary: count > 0 ? summary : nil)
    previous.move(past: block, summary)
    return block
  }
}

/// The last bytes of a closed journal.
struct JournalTrailer {
  var indexOffset: Int64
  var fileLength: Int64

  init(indexOffset: Int64, fileLength: Int64) {
    (self.indexOffset, self.fileLength) = (indexOffset, fileLength)
  }

  func bytes(salt: UInt32) -> [UInt8] {
    var writer = ByteWriter()
    writer.bytes = JournalFormat.trailerMagic
    writer.append(littleEndian: indexOffset)
    writer.append(littleEndian: fileLength)
    writer.append(littleEndian: JournalFormat.crc32c(salt, writer.bytes))
    writer.append(littleEndian: UInt32(0))
    return writer.bytes
  }

  init?(_ bytes: [UInt8], salt: UInt32) {
    var reader = ByteReader(bytes)
    guard let magic = reader.slice(count: 8), Array(magic) == JournalFormat.trailerMagic,
      let indexOffset = reader.littleEndian(Int64.self),
      let fileLength = reader.littleEndian(Int64.self),
      let checksum = reader.littleEndian(UInt32.self),
      JournalFormat.crc32c(salt, bytes[..<24]) == checksum
    else { return nil }
    self.init(indexOffset: indexOffset, fileLength: fileLength)
  }
}

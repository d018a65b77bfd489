import CGrailRecord
import GrailCore

/// The part of a block's header that is written once, when the block is begun.
struct BlockHeader {
  var kind: BlockKind
  /// The whole block's bytes, header included.
  var size: Int
  var unit = TimeUnit.microsecond
  /// The kind of the points' values, so that they can be read without the metric's definition.
  var metricKind: MetricKind?
  /// The metric's number, or 0.
  var stream: UInt32 = 0
  /// The number of the stream's blocks before this.
  var ordinal: UInt32 = 0
  /// The first point's step, or the number of events before the block's first.
  var baseStep: Int64 = 0
  /// The first point's or event's time, in `unit`.
  var baseTime: Int64 = 0

  var length: Int {
    kind == .points ? JournalFormat.Block.pointsLength : JournalFormat.Block.plainLength
  }

  /// The checksum of the header, from which that of the content goes on.
  func checksum(salt: UInt32) -> UInt32 {
    let bytes = fields
    let base = bytes[JournalFormat.Block.baseStep..<JournalFormat.Block.plainLength]
    let start = bytes[..<JournalFormat.Block.checksum]
    return JournalFormat.crc32c(JournalFormat.crc32c(salt, start), base)
  }

  /// The header of a block without content, not longer than the block.
  func bytes(salt: UInt32) -> [UInt8] {
    var bytes = fields
    let checksum = checksum(salt: salt)
    withUnsafeBytes(of: checksum.littleEndian) { checksum in
      bytes.replaceSubrange(
        JournalFormat.Block.checksum..<JournalFormat.Block.commit, with: checksum)
    }
    return bytes
  }

  private var fields: [UInt8] {
    var writer = ByteWriter()
    writer.append(littleEndian: JournalFormat.blockMagic)
    writer.append(littleEndian: UInt32(truncatingIfNeeded: size))
    writer.bytes.append(kind.rawValue)
    writer.bytes.append(unit.rawValue | (metricKind?.journalNumber ?? 0) << 1)
    writer.append(littleEndian: UInt16(length))
    writer.append(littleEndian: stream)
    writer.append(littleEndian: ordinal)
    writer.append(littleEndian: UInt32(0))
    writer.append(littleEndian: UInt64(0))
    writer.append(littleEndian: UInt64(0))
    writer.append(littleEndian: baseStep)
    writer.append(littleEndian: baseTime)
    writer.bytes.append(contentsOf: repeatElement(0, count: length - writer.bytes.count))
    return writer.bytes
  }

  init(
    kind: BlockKind, size: Int, unit: TimeUnit = .microsecond, metricKind: MetricKind? = nil,
    stream: UInt32 = 0, ordinal: UInt32 = 0, baseStep: Int64 = 0, baseTime: Int64 = 0
  ) {
    (self.kind, self.size, self.stream) = (kind, size, stream)
    (self.unit, self.metricKind) = (unit, metricKind)
    (self.ordinal, self.baseStep, self.baseTime) = (ordinal, baseStep, baseTime)
  }

  /// Reads the header of a block; `nil` if these bytes begin none of this journal, or a damaged one.
  ///
  /// - Parameters:
  ///   - bytes: A block's first bytes; ``JournalFormat/Block/pointsLength`` are enough.
  ///   - salt: The journal's salt.
  init?(_ bytes: ArraySlice<UInt8>, salt: UInt32) {
    var reader = ByteReader(bytes)
    guard reader.littleEndian(UInt32.self) == JournalFormat.blockMagic,
      let size = reader.littleEndian(UInt32.self),
      let kind = reader.byte(), let flags = reader.byte(),
      let length = reader.littleEndian(UInt16.self),
      let stream = reader.littleEndian(UInt32.self),
      let ordinal = reader.littleEndian(UInt32.self),
      let checksum = reader.littleEndian(UInt32.self),
      reader.slice(count: 16) != nil,
      let baseStep = reader.littleEndian(Int64.self),
      let baseTime = reader.littleEndian(Int64.self)
    else { return nil }
    self.init(
      kind: BlockKind(rawValue: kind) ?? .padding, size: Int(size),
      unit: TimeUnit(rawValue: flags & 1) ?? .microsecond,
      metricKind: MetricKind(journalNumber: flags >> 1 & 3), stream: stream, ordinal: ordinal,
      baseStep: baseStep, baseTime: baseTime)
    let start = bytes.startIndex
    let base = bytes[start + JournalFormat.Block.baseStep..<start + JournalFormat.Block.plainLength]
    let fields = bytes[start..<start + JournalFormat.Block.checksum]
    guard JournalFormat.crc32c(JournalFormat.crc32c(salt, fields), base) == checksum,
      Int(length) >= JournalFormat.Block.plainLength, Int(length) <= Int(size),
      size % UInt32(JournalFormat.alignment) == 0,
      self.kind != .points || metricKind != nil
    else { return nil }
    statedLength = Int(length)
    self.storedChecksum = checksum
  }

  /// Where the content begins, as a header that was read says it.
  private(set) var statedLength: Int?
  /// The checksum of a header that was read.
  private(set) var storedChecksum: UInt32 = 0

  /// Where the content begins.
  var contentOffset: Int { statedLength ?? length }
}

/// What a sealed block's header says of its points.
struct BlockSummary: Equatable {
  var count: UInt32 = 0
  /// The number of points whose value is a number.
  var numberCount: UInt32 = 0
  var min = Double.infinity
  var max = -Double.infinity
  var mean = Double.nan
  var minStep: Int64 = 0
  var maxStep: Int64 = 0
  /// In the unit of the block.
  var minTime: Int64 = 0
  var maxTime: Int64 = 0

  /// The bytes of the summary as they stand in the header of a block.
  func bytes(baseStep: Int64, salt: UInt32) -> [UInt8] {
    var writer = ByteWriter()
    writer.append(littleEndian: count)
    writer.append(littleEndian: numberCount)
    writer.append(littleEndian: min.bitPattern)
    writer.append(littleEndian: max.bitPattern)
    writer.append(littleEndian: mean.bitPattern)
    writer.append(littleEndian: Int32(truncatingIfNeeded: minStep &- baseStep))
    writer.append(littleEndian: Int32(truncatingIfNeeded: maxStep &- baseStep))
    writer.append(littleEndian: minTime)
    writer.append(littleEndian: maxTime)
    writer.append(littleEndian: JournalFormat.crc32c(salt, writer.bytes))
    return writer.bytes
  }

  /// Reads the summary in the header of a block; `nil` if the block is not sealed.
  ///
  /// - Parameters:
  ///   - bytes: The block's first bytes.
  ///   - header: The header that was read from them.
  init?(_ bytes: ArraySlice<UInt8>, header: BlockHeader) {
    guard header.kind == .points, bytes.count >= JournalFormat.Block.pointsLength else {
      return nil
    }
    let start = bytes.startIndex
    let covered =
      bytes[start + JournalFormat.Block.count..<start + JournalFormat.Block.summaryChecksum]
    var reader = ByteReader(bytes[(start + JournalFormat.Block.count)...])
    guard let count = reader.littleEndian(UInt32.self),
      let numberCount = reader.littleEndian(UInt32.self),
      let min = reader.littleEndian(UInt64.self), let max = reader.littleEndian(UInt64.self),
      let mean = reader.littleEndian(UInt64.self),
      let minStep = reader.littleEndian(Int32.self), let maxStep = reader.littleEndian(Int32.self),
      let minTime = reader.littleEndian(Int64.self), let maxTime = reader.littleEndian(Int64.self),
      let checksum = reader.littleEndian(UInt32.self), count > 0, numberCount <= count,
      JournalFormat.crc32c(header.storedChecksum, covered) == checksum
    else { return nil }
    (self.count, self.numberCount) = (count, numberCount)
    self.min = Double(bitPattern: min)
    self.max = Double(bitPattern: max)
    self.mean = Double(bitPattern: mean)
    self.minStep = header.baseStep &+ Int64(minStep)
    self.maxStep = header.baseStep &+ Int64(maxStep)
    (self.minTime, self.maxTime) = (minTime, maxTime)
    guard self.minStep <= self.maxStep, minTime <= maxTime else { return nil }
  }

  init() {}

  /// Computes the summary of a block's points, which are not empty.
  init(_ columns: PointColumns) {
    count = UInt32(columns.steps.count)
    minStep = columns.steps.min() ?? 0
    maxStep = columns.steps.max() ?? 0
    minTime = columns.times.min() ?? 0
    maxTime = columns.times.max() ?? 0
    var numbers = BlockNumbers()
    for number in columns.doubles { numbers.add(number) }
    for number in columns.ints { numbers.add(Double(number)) }
    for value in columns.values {
      if let number = value.doubleValue { numbers.add(number) }
    }
    numbers.fill(&self)
  }

  /// The summary as the domain has it.
  func metricSummary(unit: TimeUnit) -> MetricSummary {
    func time(_ count: Int64) -> Timestamp {
      Timestamp(microseconds: count &* unit.microseconds)
    }
    return MetricSummary(
      count: Int(count), numberCount: Int(numberCount),
      min: numberCount > 0 ? min : .nan, max: numberCount > 0 ? max : .nan, mean: mean,
      steps: minStep...maxStep,
      times: Swift.min(time(minTime), time(maxTime))...Swift.max(time(minTime), time(maxTime)))
  }
}

/// The numbers of a block, added up as they come.
struct BlockNumbers {
  private var count: UInt32 = 0
  private var min = Double.infinity
  private var max = -Double.infinity
  private var sum = 0.0
  /// The sum again, of values divided by 2⁶⁴: it stays finite where that of the values does not.
  private var scaledSum = 0.0

  @inline(__always)
  mutating func add(_ number: Double) {
    guard !number.isNaN else { return }
    count &+= 1
    min = Swift.min(min, number)
    max = Swift.max(max, number)
    sum += number
    scaledSum += number * 0x1p-64
  }

  func fill(_ summary: inout BlockSummary) {
    summary.numberCount = count
    guard count > 0 else { return }
    (summary.min, summary.max) = (min, max)
    summary.mean =
      sum.isFinite ? sum / Double(count) : scaledSum / Double(count) * 0x1p64
  }
}

/// A block that is being filled: the only writer of its part of the journal.
struct OpenBlock {
  private let place: JournalSpace.Place
  private let space: JournalSpace
  private let start: UnsafeMutableRawPointer
  private let content: UnsafeMutableRawPointer
  private let limit: UnsafeMutableRawPointer
  /// Whether storing in memory is all that it takes to record.
  private let isMapped: Bool
  /// The checksum of the header and of the content so far.
  private(set) var checksum: UInt32
  /// Where the next record goes.
  private(set) var end: UnsafeMutableRawPointer

  init(place: JournalSpace.Place, in space: JournalSpace, header: BlockHeader, salt: UInt32) {
    (self.place, self.space) = (place, space)
    start = place.segment.memory + place.offset
    content = start + header.length
    limit = start + header.size
    end = content
    isMapped = place.segment.isMapped
    checksum = header.checksum(salt: salt)
  }

  /// The bytes that are left.
  var room: Int { limit - end }

  private var commitWord: CommitWord {
    CommitWord(used: UInt32(truncatingIfNeeded: end - content), checksum: checksum)
  }

  /// Makes the bytes that were written at ``end`` part of the record.
  ///
  /// - Returns: Whether the file has them.
  @inline(__always)
  mutating func commit(_ count: Int) -> Bool {
    guard isMapped || writeOut(end, count: count) else { return false }
    checksum = grail_crc32c_padded(checksum, end, count)
    end += count
    let word = start + JournalFormat.Block.commit
    grail_store_release(word, commitWord.bits.littleEndian)
    return isMapped || writeOut(word, count: 8)
  }

  /// Notes what is committed so far, to fall back on if the rest is torn by a loss of power.
  func checkpoint() {
    let word = start + JournalFormat.Block.checkpoint
    grail_store_release(word, commitWord.bits.littleEndian)
    _ = writeOut(word, count: 8)
  }

  /// Writes what the block's points sum up to into its header.
  func seal(_ summary: BlockSummary, baseStep: Int64, checksum: UInt32) {
    let bytes = summary.bytes(baseStep: baseStep, salt: checksum)
    let field = start + JournalFormat.Block.count
    field.copyMemory(from: bytes, byteCount: bytes.count)
    _ = writeOut(field, count: bytes.count)
  }

  /// Brings a part of the block to the file, where memory is not the file itself.
  @inline(never)
  private func writeOut(_ part: UnsafeMutableRawPointer, count: Int) -> Bool {
    space.flush(place, offset: part - start, count: count)
  }
}

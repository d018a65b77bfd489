import GrailCore

/// Reads an index of a run's output in parts, as it grows.
struct OutputIndexScanner {
  /// The bytes of the output that pieces were made of.
  private(set) var end: Int64 = 0
  /// Whether the index says that nothing more is recorded.
  private(set) var isEnded = false
  /// Whether the recording ended because the run's process died.
  private(set) var endedByDeath = false
  /// Whether it does not begin as an index of this version.
  private(set) var isUnreadable = false
  /// The number of records that are damaged.
  private(set) var damageCount = 0
  /// What was not understood yet, because more of it is to come.
  private var rest: [UInt8] = []
  private var hasHeader = false

  /// A header that claims to be longer is none.
  private static let longestHeader = 1 << 16

  /// Takes in the next bytes of the index.
  ///
  /// - Parameters:
  ///   - bytes: The bytes.
  ///   - textLength: The length of the output, as it was when the bytes were read or later.
  ///   - body: Is given the pieces in order, those that no record tells of too.
  /// - Throws: What `body` throws.
  mutating func scan(
    _ bytes: [UInt8], textLength: Int64, into body: (OutputPiece) throws -> Void
  ) rethrows {
    guard !isUnreadable else { return }
    rest += bytes
    guard !rest.isEmpty, hasHeader || takeHeader() else { return }
    let size = OutputFormat.recordLength
    var start = 0
    while start + size <= rest.count {
      let record = rest[start..<start + size]
      if let entry = Entry(record), entry.offset <= textLength {
        try add(entry, textLength: textLength, body)
      } else {
        // A last record that is being written is no damage.
        guard start + 2 * size <= rest.count else { break }
        damageCount += 1
      }
      start += size
    }
    rest.removeFirst(start)
  }

  /// The rest of the output, of which no record tells.
  mutating func takeRest(textLength: Int64) -> OutputPiece? {
    guard end < textLength else { return nil }
    defer { end = textLength }
    return OutputPiece(range: end..<textLength)
  }

  /// Takes the header away; `false` if it is none, or not all there.
  private mutating func takeHeader() -> Bool {
    var header = ByteReader(rest)
    guard let magic = header.slice(count: 8), Array(magic) == OutputFormat.magic,
      header.littleEndian(UInt16.self) == OutputFormat.major,
      header.littleEndian(UInt16.self) != nil,
      let length = header.littleEndian(UInt32.self), length >= OutputFormat.headerLength,
      length <= Self.longestHeader
    else {
      isUnreadable = rest.count >= OutputFormat.headerLength
      return false
    }
    guard rest.count >= Int(length) else { return false }
    rest.removeFirst(Int(length))
    hasHeader = true
    return true
  }

  /// Ends the reading of an index to which nothing is added any more.
  mutating func finish() {
    if !hasHeader, !rest.isEmpty { isUnreadable = true }
  }

  /// Whether a record says that nothing more is recorded.
  static func isEnd(_ record: ArraySlice<UInt8>) -> Bool {
    record.count == OutputFormat.recordLength && Entry(record)?.kind == OutputFormat.Kind.end
  }

  private struct Entry {
    var offset: Int64
    var time: Timestamp
    var count: Int64
    var stream: UInt8
    var kind: UInt8

    init?(_ record: ArraySlice<UInt8>) {
      var reader = ByteReader(record)
      guard let offset = reader.littleEndian(Int64.self),
        let time = reader.littleEndian(Int64.self),
        let count = reader.littleEndian(UInt32.self), let kinds = reader.slice(count: 2),
        let checksum = reader.littleEndian(UInt16.self),
        UInt16(truncatingIfNeeded: JournalFormat.crc32c(0, record.dropLast(2))) == checksum,
        offset >= 0
      else { return nil }
      (self.offset, self.time) = (offset, Timestamp(microseconds: time))
      (self.count, stream, kind) = (
        Int64(count), kinds[kinds.startIndex], kinds[kinds.startIndex + 1]
      )
    }
  }

  private mutating func add(
    _ entry: Entry, textLength: Int64, _ body: (OutputPiece) throws -> Void
  ) rethrows {
    if entry.offset > end {
      let gap = end..<entry.offset
      end = entry.offset
      try body(OutputPiece(range: gap))
    }
    let stream = StandardStream(rawValue: entry.stream)
    switch entry.kind {
    case OutputFormat.Kind.text:
      let start = end
      let last = min(entry.offset + entry.count, textLength)
      guard last > start else { return }
      end = last
      try body(OutputPiece(range: start..<last, time: entry.time, stream: stream))
    case OutputFormat.Kind.lost:
      try body(
        OutputPiece(
          range: end..<end, time: entry.time, stream: stream, lostByteCount: entry.count))
    case OutputFormat.Kind.end:
      (isEnded, endedByDeath) = (true, entry.stream == 1)
    default:
      break
    }
  }
}

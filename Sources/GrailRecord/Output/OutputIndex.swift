import GrailCore
import SystemPackage

/// Reads what an index says of a run's output, while it grows or later.
package struct OutputIndex: Sendable {
  /// The pieces of the output in order, with those that no record tells of.
  package private(set) var pieces: [OutputPiece] = []
  /// Whether the index says that nothing more is recorded.
  package private(set) var isEnded = false
  /// Whether the recording ended because the run's process died.
  package private(set) var endedByDeath = false
  /// What could not be read, one line each.
  package private(set) var notes: [String] = []

  /// Reads an index.
  ///
  /// - Parameters:
  ///   - bytes: The content of `cout.index`; empty where there is none.
  ///   - textLength: The length of `cout.txt`, as it was before the index was read or later.
  package init(_ bytes: [UInt8], textLength: Int64) {
    var end: Int64 = 0
    if !bytes.isEmpty { readRecords(bytes, end: &end, textLength: textLength) }
    // What nothing tells of is there all the same.
    if end < textLength { pieces.append(OutputPiece(range: end..<textLength)) }
  }

  private mutating func readRecords(_ bytes: [UInt8], end: inout Int64, textLength: Int64) {
    var header = ByteReader(bytes)
    guard let magic = header.slice(count: 8), Array(magic) == OutputFormat.magic,
      header.littleEndian(UInt16.self) == OutputFormat.major,
      header.littleEndian(UInt16.self) != nil,
      let length = header.littleEndian(UInt32.self), length >= OutputFormat.headerLength,
      length <= bytes.count
    else {
      notes.append("\(RunLayout.outputIndex): it does not begin as an index of this version")
      return
    }
    let size = OutputFormat.recordLength
    var wrong = 0
    for start in stride(from: Int(length), to: bytes.count - size + 1, by: size) {
      let record = bytes[start..<start + size]
      var reader = ByteReader(record)
      guard let offset = reader.littleEndian(Int64.self),
        let time = reader.littleEndian(Int64.self),
        let count = reader.littleEndian(UInt32.self), let kinds = reader.slice(count: 2),
        let checksum = reader.littleEndian(UInt16.self),
        UInt16(truncatingIfNeeded: JournalFormat.crc32c(0, record.prefix(size - 2))) == checksum,
        offset >= 0, offset <= textLength
      else {
        // A last record that is being written is no damage.
        if start + 2 * size <= bytes.count { wrong += 1 }
        continue
      }
      let (stream, kind) = (kinds[kinds.startIndex], kinds[kinds.startIndex + 1])
      add(
        offset: offset, time: Timestamp(microseconds: time), count: Int64(count), stream: stream,
        kind: kind, end: &end, textLength: textLength)
    }
    if wrong > 0 {
      notes.append("\(RunLayout.outputIndex): \(wrong) records are damaged; the text is not")
    }
  }

  private mutating func add(
    offset: Int64, time: Timestamp, count: Int64, stream: UInt8, kind: UInt8, end: inout Int64,
    textLength: Int64
  ) {
    if offset > end {
      pieces.append(OutputPiece(range: end..<offset))
      end = offset
    }
    switch kind {
    case OutputFormat.Kind.text:
      let last = min(offset + count, textLength)
      guard last > end else { return }
      pieces.append(
        OutputPiece(range: end..<last, time: time, stream: StandardStream(rawValue: stream)))
      end = last
    case OutputFormat.Kind.lost:
      pieces.append(
        OutputPiece(
          range: end..<end, time: time, stream: StandardStream(rawValue: stream),
          lostByteCount: count))
    case OutputFormat.Kind.end:
      (isEnded, endedByDeath) = (true, stream == 1)
    default:
      break
    }
  }
}

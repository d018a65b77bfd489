import GrailCore

/// What a journal's file begins with.
struct JournalHeader: Equatable {
  var key: RunKey
  var session: UInt32
  var time: Timestamp
  /// The last sign of life.
  var heartbeat: Timestamp?
  var major = JournalFormat.major
  var minor = JournalFormat.minor
  /// Where the first block may begin.
  var length = JournalFormat.headerLength

  init(key: RunKey, session: UInt32, time: Timestamp) {
    (self.key, self.session, self.time) = (key, session, time)
  }

  private static let checksumOffset = 52

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.bytes = JournalFormat.magic
    writer.append(littleEndian: major)
    writer.append(littleEndian: minor)
    writer.append(littleEndian: UInt32(length))
    writer.bytes.append(contentsOf: key.bytes)
    writer.append(littleEndian: session)
    writer.append(littleEndian: UInt32(0))
    writer.append(littleEndian: time.microseconds)
    writer.append(littleEndian: UInt32(JournalFormat.segmentSize))
    writer.append(littleEndian: JournalFormat.crc32c(0, writer.bytes))
    writer.bytes.append(contentsOf: repeatElement(0, count: length - writer.bytes.count))
    return writer.bytes
  }

  /// Reads the header of a journal; `nil` if it is damaged or none.
  init?(_ bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard bytes.count >= JournalFormat.headerLength,
      let magic = reader.slice(count: 8), Array(magic) == JournalFormat.magic,
      let major = reader.littleEndian(UInt16.self), let minor = reader.littleEndian(UInt16.self),
      let length = reader.littleEndian(UInt32.self),
      let keyBytes = reader.slice(count: 16), let key = RunKey(bytes: keyBytes),
      let session = reader.littleEndian(UInt32.self),
      reader.littleEndian(UInt32.self) != nil,
      let time = reader.littleEndian(Int64.self),
      reader.littleEndian(UInt32.self) != nil,
      let checksum = reader.littleEndian(UInt32.self),
      JournalFormat.crc32c(0, bytes[..<Self.checksumOffset]) == checksum,
      length >= JournalFormat.headerLength, length < JournalFormat.segmentSize
    else { return nil }
    self.init(key: key, session: session, time: Timestamp(microseconds: time))
    (self.major, self.minor, self.length) = (major, minor, Int(length))
    var beatReader = ByteReader(bytes[JournalFormat.heartbeatOffset...])
    if let beat = beatReader.littleEndian(Int64.self), beat != 0 {
      heartbeat = Timestamp(microseconds: beat)
    }
  }
}

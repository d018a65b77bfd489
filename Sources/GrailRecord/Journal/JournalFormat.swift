import CGrailRecord
import GrailCore

/// The fixed parts of the journal's format; `docs/journal.md` describes them byte by byte.
enum JournalFormat {
  static let magic: [UInt8] = Array("GRAILJNL".utf8)
  static let major: UInt16 = 1
  static let minor: UInt16 = 2
  static let headerLength = 256
  /// Where the header holds the time of the last beat of the heart.
  static let heartbeatOffset = 64
  /// Where the header holds what ended the process, and what it did.
  static let signalOffset = Int(GRAIL_SIGNAL_OFFSET)
  static let activityOffset = 88

  /// Segments start at multiples of this, and no block but a single great one crosses one.
  static let segmentSize = 1 << 20
  /// Blocks start at multiples of this.
  static let alignment = 64

  static let blockMagic: UInt32 = 0x4B4C_4247  // "GBLK"
  static let trailerMagic: [UInt8] = Array("GRAILEND".utf8)
  static let trailerLength = 32

  /// Offsets within a block's header.
  enum Block {
    static let size = 4
    static let kind = 8
    static let flags = 9
    static let headerLength = 10
    static let stream = 12
    static let ordinal = 16
    static let checksum = 20
    static let commit = 24
    static let checkpoint = 32
    static let baseStep = 40
    static let baseTime = 48
    /// The header of a block without a summary ends here.
    static let plainLength = 56
    static let count = 56
    static let numberCount = 60
    static let min = 64
    static let max = 72
    static let mean = 80
    static let minStep = 88
    static let maxStep = 92
    static let minTime = 96
    static let maxTime = 104
    static let summaryChecksum = 112
    /// The header of a block of points ends here.
    static let pointsLength = 116
  }

  /// What is mixed into every checksum, so that a block of another journal is never taken for one
  /// of this.
  static func salt(key: RunKey, session: UInt32) -> UInt32 {
    var writer = ByteWriter()
    writer.bytes = key.bytes
    writer.append(littleEndian: session)
    return crc32c(0, writer.bytes)
  }

  static func crc32c(_ checksum: UInt32, _ bytes: some Collection<UInt8>) -> UInt32 {
    let result = bytes.withContiguousStorageIfAvailable { buffer in
      grail_crc32c(checksum, buffer.baseAddress, buffer.count)
    }
    return result ?? crc32c(checksum, Array(bytes))
  }

  /// The smallest size of a block with room for a header and content.
  static func blockSize(headerLength: Int, content: Int) -> Int {
    (headerLength + content + alignment - 1) / alignment * alignment
  }
}

/// What a block holds.
enum BlockKind: UInt8 {
  case padding = 0
  case points = 1
  case events = 2
  case index = 3
}

/// How much of a block counts, with the checksum of that much: the word that commits a record.
struct CommitWord: Equatable {
  var used: UInt32
  var checksum: UInt32

  var bits: UInt64 { UInt64(checksum) << 32 | UInt64(used) }

  init(used: UInt32, checksum: UInt32) { (self.used, self.checksum) = (used, checksum) }

  init(bits: UInt64) {
    (used, checksum) = (UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits >> 32))
  }
}

extension MetricKind {
  /// The kind's number in the header of a block of points; 0 is none.
  var journalNumber: UInt8 {
    switch self {
    case .int: 1
    case .double: 2
    case .value: 3
    }
  }

  init?(journalNumber: UInt8) {
    guard let kind = Self.allCases.first(where: { $0.journalNumber == journalNumber }) else {
      return nil
    }
    self = kind
  }
}

/// The unit of the times in a block of points, in microseconds.
enum TimeUnit: UInt8 {
  case microsecond = 0
  case millisecond = 1

  var microseconds: Int64 { self == .millisecond ? 1000 : 1 }

  /// The number of whole units in a number of microseconds.
  @inline(__always)
  func count(microseconds: Int64) -> Int64 {
    // Division by a constant takes a fraction of the time of one by a variable.
    self == .millisecond ? microseconds / 1000 : microseconds
  }
}

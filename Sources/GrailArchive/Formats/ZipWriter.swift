import GrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes a zip archive to what takes bytes in order; zip64 where it grows too great.
///
/// - SeeAlso: ``Zip``.
struct ZipWriter: ArchiveWriter {
  private let write: ([UInt8]) throws -> Void
  private var byteCount: Int64 = 0
  private var directory: [UInt8] = []
  private var memberCount: UInt64 = 0
  private let deflater = Deflater(.plain)

  /// A size that is near to what four bytes hold: compressed it may grow a little.
  private static let greatSize: Int64 = 0xFFF0_0000

  /// Creates a writer.
  ///
  /// - Parameter write: Takes the archive part by part.
  init(to write: @escaping ([UInt8]) throws -> Void) { self.write = write }

  private mutating func put(_ bytes: [UInt8]) throws {
    byteCount += Int64(bytes.count)
    try write(bytes)
  }

  mutating func add(_ member: ArchiveMember, read: () throws -> [UInt8]) throws {
    var entry = Entry(member, offset: byteCount)
    try put(entry.header)
    if entry.hasContent {
      let start = byteCount
      deflater.reset()
      var (count, checksum): (Int64, CRC32) = (0, CRC32())
      while true {
        let part = try read()
        count += Int64(part.count)
        checksum.update(part)
        let compressed = deflater.compress(part, isLast: part.isEmpty)
        if !compressed.isEmpty { try put(compressed) }
        if part.isEmpty { break }
      }
      guard count == member.byteCount else { throw ArchiveMember.SizeChanged() }
      entry.checksum = checksum.value
      entry.compressedByteCount = byteCount - start
      try put(entry.descriptor)
    }
    directory += entry.directoryEntry
    memberCount += 1
  }

  mutating func finish() throws {
    let offset = byteCount
    try put(directory)
    let size = byteCount - offset
    var end = ByteWriter()
    if memberCount >= UInt64(Zip.elsewhere16) || offset + size >= Int64(Zip.elsewhere32) {
      let place = byteCount
      end.append(Zip.Signature.end64)
      end.append(littleEndian: UInt64(44))
      end.append(littleEndian: Zip.unix << 8 | Zip.version64)
      end.append(littleEndian: Zip.version64)
      end.append(littleEndian: UInt64(0))
      for number in [memberCount, memberCount, UInt64(size), UInt64(offset)] {
        end.append(littleEndian: number)
      }
      end.append(Zip.Signature.end64Locator)
      end.append(littleEndian: UInt32(0))
      end.append(littleEndian: UInt64(place))
      end.append(littleEndian: UInt32(1))
    }
    end.append(Zip.Signature.end)
    end.append(littleEndian: UInt32(0))
    for _ in 0..<2 { end.append(littleEndian: UInt16(clamping: memberCount)) }
    for number in [size, offset] { end.append(littleEndian: UInt32(clamping: number)) }
    end.append(littleEndian: UInt16(0))
    try put(end.bytes)
  }

  // MARK: - Entries

  /// What an archive says of a member, in its three places.
  private struct Entry {
    private let member: ArchiveMember
    private let offset: Int64
    var checksum: UInt32 = 0
    var compressedByteCount: Int64 = 0

    init(_ member: ArchiveMember, offset: Int64) { (self.member, self.offset) = (member, offset) }

    var hasContent: Bool { member.kind == .file }
    private var isGreat: Bool { hasContent && member.byteCount >= ZipWriter.greatSize }
    private var name: [UInt8] { Array((hasContent ? member.name : member.name + "/").utf8) }

    /// What stands in front of the content, from the version on.
    private func fixedFields(version: UInt16) -> ByteWriter {
      var writer = ByteWriter()
      writer.append(littleEndian: version)
      writer.append(littleEndian: Zip.Flag.nameIsUTF8 | (hasContent ? Zip.Flag.hasDescriptor : 0))
      writer.append(littleEndian: (hasContent ? Zip.Method.deflated : .stored).rawValue)
      writer.append(littleEndian: DOSTime(member.modified).number)
      return writer
    }

    var header: [UInt8] {
      var writer = ByteWriter()
      writer.append(Zip.Signature.member)
      writer.bytes += fixedFields(version: isGreat ? Zip.version64 : Zip.version).bytes
      // The checksum and the sizes follow behind the content.
      writer.append(littleEndian: UInt32(0))
      for _ in 0..<2 { writer.append(littleEndian: isGreat ? Zip.elsewhere32 : 0) }
      writer.append(littleEndian: UInt16(clamping: name.count))
      let extra = isGreat ? Self.field64([0, 0]) : []
      writer.append(littleEndian: UInt16(extra.count))
      return writer.bytes + name + extra
    }

    var descriptor: [UInt8] {
      var writer = ByteWriter()
      writer.append(Zip.Signature.descriptor)
      writer.append(littleEndian: checksum)
      for number in [compressedByteCount, member.byteCount] {
        if isGreat {
          writer.append(littleEndian: number)
        } else {
          writer.append(littleEndian: UInt32(clamping: number))
        }
      }
      return writer.bytes
    }

    var directoryEntry: [UInt8] {
      let numbers = [hasContent ? member.byteCount : 0, compressedByteCount, offset]
      let greater = numbers.filter { $0 >= Int64(Zip.elsewhere32) }
      let version = greater.isEmpty && !isGreat ? Zip.version : Zip.version64
      var writer = ByteWriter()
      writer.append(Zip.Signature.directoryEntry)
      writer.append(littleEndian: Zip.unix << 8 | version)
      writer.bytes += fixedFields(version: version).bytes
      writer.append(littleEndian: checksum)
      for number in [numbers[1], numbers[0]] {
        writer.append(littleEndian: UInt32(clamping: number))
      }
      let extra = greater.isEmpty ? [] : Self.field64(greater)
      writer.append(littleEndian: UInt16(clamping: name.count))
      writer.append(littleEndian: UInt16(extra.count))
      // No comment, the first disk, no text.
      for _ in 0..<3 { writer.append(littleEndian: UInt16(0)) }
      let mode: UInt32 =
        hasContent ? 0o100644 | (member.isProgram ? 0o111 : 0) : 0o040755
      writer.append(littleEndian: mode << 16 | (hasContent ? 0 : 0x10))
      writer.append(littleEndian: UInt32(clamping: offset))
      return writer.bytes + name + extra
    }

    private static func field64(_ numbers: [Int64]) -> [UInt8] {
      var writer = ByteWriter()
      writer.append(littleEndian: Zip.zip64Field)
      writer.append(littleEndian: UInt16(8 * numbers.count))
      for number in numbers { writer.append(littleEndian: number) }
      return writer.bytes
    }
  }

  /// A time as MS-DOS had it: no year before 1980, steps of two seconds, no time zone; here UTC.
  private struct DOSTime {
    var number: UInt32

    init(_ seconds: Int64) {
      var (seconds, parts) = (time_t(max(seconds, 315_532_800)), tm())
      gmtime_r(&seconds, &parts)
      let date = (parts.tm_year - 80) << 9 | (parts.tm_mon + 1) << 5 | parts.tm_mday
      let time = parts.tm_hour << 11 | parts.tm_min << 5 | parts.tm_sec / 2
      number = UInt32(UInt16(truncatingIfNeeded: date)) << 16 | UInt32(time)
    }
  }
}

import GrailRecord

/// Reads a zip archive by the directory at its end, zip64 too.
///
/// - SeeAlso: ``Zip``.
struct ZipReader: ArchiveReader {
  private let file: any ByteSource
  private let limit: SizeLimit
  private var directory: ByteStream
  /// Where the directory begins, and no content goes on.
  private let directoryOffset: Int64
  private var membersLeft: UInt64
  private var unpackedByteCount: Int64 = 0
  private var content: Content?
  private let inflater = Inflater(.plain)

  /// Opens an archive.
  ///
  /// - Parameters:
  ///   - file: Its bytes.
  ///   - limit: How many bytes it may unpack to.
  /// - Throws: ``ArchiveError``, or the system's error.
  init(_ file: any ByteSource, limit: SizeLimit) throws {
    let end = try ZipEnd(of: file)
    (self.file, self.limit) = (file, limit)
    (directoryOffset, membersLeft) = (end.directoryOffset, end.memberCount)
    directory = ByteStream(of: file, from: end.directoryOffset, count: end.directoryByteCount)
  }

  static let damage = ArchiveError("its directory is damaged; fetch it again")

  // MARK: - Members

  mutating func next() throws -> ArchiveMember? {
    content = nil
    guard membersLeft > 0 else { return nil }
    membersLeft -= 1
    let entry = try ZipEntry(from: &directory)
    var member = entry.member
    guard member.kind == .file else { return member }
    guard entry.flags & Zip.Flag.encrypted == 0 else {
      throw ArchiveError(
        "'\(member.shownName)' is encrypted; unpack it with its password, and pack anew")
    }
    guard let method = Zip.Method(rawValue: entry.method) else {
      throw ArchiveError(
        "'\(member.shownName)' is compressed by method \(entry.method), which is rare; pack it with "
          + "deflate, as most programs do")
    }
    member.byteCount = entry.byteCount
    let start = try contentOffset(of: entry)
    guard entry.compressedByteCount <= directoryOffset - start else { throw Self.damage }
    inflater.reset()
    content = Content(
      member: member, checksum: entry.checksum,
      compressed: ByteStream(of: file, from: start, count: entry.compressedByteCount),
      inflater: method == .deflated ? inflater : nil)
    return member
  }

  /// Where a member's content begins, behind a header of its own, which must be about the same.
  private func contentOffset(of entry: ZipEntry) throws -> Int64 {
    guard entry.headerOffset < directoryOffset else { throw Self.damage }
    var fixed = ByteReader(try file.read(at: entry.headerOffset, count: 30))
    guard fixed.littleEndian(UInt32.self) == Zip.Signature.member.rawValue,
      fixed.slice(count: 22) != nil, let nameCount = fixed.littleEndian(UInt16.self),
      let extraCount = fixed.littleEndian(UInt16.self)
    else { throw Self.damage }
    let nameOffset = entry.headerOffset + 30
    guard try file.read(at: nameOffset, count: Int(nameCount)) == entry.name else {
      throw ArchiveError(
        "'\(entry.member.shownName)' has another name in front of its content; pack it anew")
    }
    return nameOffset + Int64(nameCount) + Int64(extraCount)
  }

  // MARK: - Content

  /// What is being read of a member.
  private struct Content {
    let member: ArchiveMember
    let checksum: UInt32
    var compressed: ByteStream
    /// Decompresses the content; `nil` if it is stored as it is.
    let inflater: Inflater?
    var input: ArraySlice<UInt8> = []
    var byteCount: Int64 = 0
    var found = CRC32()

    /// Reads the next part; nothing at the end.
    mutating func part() throws -> [UInt8] {
      guard let inflater else { return Array(try compressed.read(upTo: ByteStream.partSize)) }
      while !inflater.isAtEnd {
        let isFresh = input.isEmpty
        if isFresh { input = try compressed.read(upTo: ByteStream.partSize) }
        let isExhausted = isFresh && input.isEmpty
        let part = try inflater.decompress(&input)
        if !part.isEmpty { return part }
        if isExhausted, !inflater.isAtEnd {
          throw ArchiveError("'\(member.shownName)' ends too early; fetch it again")
        }
      }
      return []
    }
  }

  mutating func read() throws -> [UInt8] {
    guard var content else { return [] }
    let part = try content.part()
    content.found.update(part)
    content.byteCount += Int64(part.count)
    self.content = part.isEmpty ? nil : content
    let isWhole = content.byteCount == content.member.byteCount
    guard content.byteCount <= content.member.byteCount, !part.isEmpty || isWhole else {
      throw ArchiveError(
        "'\(content.member.shownName)' has another size than its directory says; fetch it again")
    }
    guard !part.isEmpty || content.found.value == content.checksum else {
      throw ArchiveError(
        "'\(content.member.shownName)' is damaged: its checksum is wrong; fetch it again")
    }
    unpackedByteCount += Int64(part.count)
    try limit.check(unpackedByteCount)
    return part
  }
}

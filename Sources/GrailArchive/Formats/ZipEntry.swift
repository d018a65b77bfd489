import GrailRecord

/// What the directory of a zip archive says of a member.
struct ZipEntry {
  let flags: UInt16
  let method: UInt16
  let checksum: UInt32
  let name: [UInt8]
  private(set) var compressedByteCount: Int64
  private(set) var byteCount: Int64
  /// Where the member's own header is.
  private(set) var headerOffset: Int64
  /// The member, a file's size aside.
  let member: ArchiveMember

  /// Takes the next entry of a directory.
  ///
  /// - Throws: ``ArchiveError`` if it is none, or the system's error.
  init(from directory: inout ByteStream) throws {
    var reader = ByteReader(try directory.read(46))
    guard reader.littleEndian(UInt32.self) == Zip.Signature.directoryEntry.rawValue,
      let maker = reader.littleEndian(UInt16.self), reader.littleEndian(UInt16.self) != nil,
      let flags = reader.littleEndian(UInt16.self), let method = reader.littleEndian(UInt16.self),
      reader.littleEndian(UInt32.self) != nil, let checksum = reader.littleEndian(UInt32.self),
      let compressed = reader.littleEndian(UInt32.self),
      let byteCount = reader.littleEndian(UInt32.self),
      let nameCount = reader.littleEndian(UInt16.self),
      let extraCount = reader.littleEndian(UInt16.self),
      let commentCount = reader.littleEndian(UInt16.self), reader.littleEndian(UInt32.self) != nil,
      let attributes = reader.littleEndian(UInt32.self),
      let offset = reader.littleEndian(UInt32.self)
    else { throw ZipReader.damage }
    name = try directory.read(Int(nameCount))
    let extra = try directory.read(Int(extraCount))
    guard name.count == nameCount, extra.count == extraCount,
      try directory.skip(Int64(commentCount))
    else { throw ZipReader.damage }
    (self.flags, self.method, self.checksum) = (flags, method, checksum)
    let fields = Zip.extraFields(extra[...])
    var greater = ByteReader(fields[Zip.zip64Field] ?? [])
    func number(_ number: UInt32) throws(ArchiveError) -> Int64 {
      guard number == Zip.elsewhere32 else { return Int64(number) }
      guard let number = greater.littleEndian(UInt64.self), let size = Int64(exactly: number) else {
        throw ZipReader.damage
      }
      return size
    }
    self.byteCount = try number(byteCount)
    compressedByteCount = try number(compressed)
    headerOffset = try number(offset)
    member = Self.member(
      name, fields, mode: maker >> 8 == Zip.unix ? UInt16(attributes >> 16) : 0)
  }

  private static func member(
    _ bytes: [UInt8], _ fields: [UInt16: ArraySlice<UInt8>], mode: UInt16
  ) -> ArchiveMember {
    let (name, problem) = ArchiveMember.name(unicodeName(bytes, fields) ?? bytes)
    var kind: ArchiveMember.Kind =
      switch mode & 0o170000 {
      case 0, 0o100000: .file
      case 0o040000: .folder
      case 0o120000: .other("it is a symbolic link")
      default: .other("it is neither a file nor a folder")
      }
    if kind == .file, name.hasSuffix("/") { kind = .folder }
    if let problem { kind = .other(problem) }
    return ArchiveMember(name: name, kind: kind, isProgram: mode & 0o100 != 0)
  }

  /// The name that Info-ZIP keeps beside one that is not UTF-8, if it is about the same name.
  private static func unicodeName(
    _ bytes: [UInt8], _ fields: [UInt16: ArraySlice<UInt8>]
  ) -> [UInt8]? {
    guard let field = fields[Zip.unicodeNameField], field.first == 1 else { return nil }
    var reader = ByteReader(field.dropFirst())
    guard reader.littleEndian(UInt32.self) == CRC32(of: bytes).value else { return nil }
    return reader.slice(count: reader.remaining).map(Array.init)
  }
}

/// Reads a tar archive: ustar, pax and GNU's.
///
/// - SeeAlso: ``TarHeader``, ``PaxRecords``.
struct TarReader: ArchiveReader {
  private var stream: ByteStream
  private var name = ""
  /// What is left of the present member's content, and of the zeros that fill its last block.
  private var (rest, padding): (Int64, Int64) = (0, 0)

  /// Names and records of more bytes are nobody's.
  private static let mostDescription: Int64 = 1 << 20

  init(_ stream: ByteStream) { self.stream = stream }

  mutating func next() throws -> ArchiveMember? {
    guard try stream.skip(rest + padding) else { throw ending }
    var records = PaxRecords()
    var longName: [UInt8]?
    while true {
      (rest, padding) = (0, 0)
      let block = try stream.read(TarHeader.blockSize)
      guard block.count == TarHeader.blockSize else { throw ending }
      if block.allSatisfy({ $0 == 0 }) {
        // What compressed it has a checksum at its end.
        try stream.skip()
        return nil
      }
      var header = try TarHeader(block)
      if let kind = Self.description(header.type) {
        let content = try description(header)
        switch kind {
        case .member: records = try PaxRecords(content)
        case .all: _ = try PaxRecords(content)
        case .name: longName = Array(content.prefix { $0 != 0 })
        case .link: break
        }
        continue
      }
      header.byteCount = try records.number("size") ?? header.byteCount
      return try begin(header, named: records["path"] ?? longName ?? header.name, records)
    }
  }

  /// What says something about a member, and is none.
  private enum Description { case member, all, name, link }

  private static func description(_ type: UInt8) -> Description? {
    switch type {
    case UInt8(ascii: "x"), UInt8(ascii: "X"): .member
    case UInt8(ascii: "g"): .all
    case UInt8(ascii: "L"): .name
    case UInt8(ascii: "K"): .link
    default: nil
    }
  }

  private mutating func description(_ header: TarHeader) throws -> [UInt8] {
    guard header.byteCount <= Self.mostDescription else {
      throw ArchiveError("a header in it is damaged: it is longer than any name; fetch it again")
    }
    let content = try stream.read(Int(header.byteCount))
    guard content.count == header.byteCount,
      try stream.skip(Self.padding(of: header.byteCount))
    else { throw ending }
    return content
  }

  private mutating func begin(
    _ header: TarHeader, named bytes: [UInt8], _ records: PaxRecords
  ) throws -> ArchiveMember {
    let (name, problem) = ArchiveMember.name(bytes)
    self.name = ArchiveMember.shown(name)
    guard !records.isSparse, header.type != UInt8(ascii: "S") else {
      throw ArchiveError(
        "'\(self.name)' has holes (tar --sparse), which are GNU's own; pack without it")
    }
    guard header.type != UInt8(ascii: "M") else {
      throw ArchiveError("it is a part of an archive in several files; pack it in one")
    }
    // Only what a file has is content; links may state a size too.
    let isFile = header.type == TarHeader.Kind.file.rawValue || header.type == UInt8(ascii: "7")
    var kind: ArchiveMember.Kind = isFile ? .file : Self.kind(header.type)
    if let problem { kind = .other(problem) }
    let hasContent = !"123456".utf8.contains(header.type)
    rest = hasContent ? header.byteCount : 0
    padding = Self.padding(of: rest)
    return ArchiveMember(
      name: name, kind: kind, byteCount: rest, isProgram: header.mode & 0o100 != 0,
      modified: header.modified)
  }

  private static func kind(_ type: UInt8) -> ArchiveMember.Kind {
    switch type {
    case UInt8(ascii: "5"): .folder
    case UInt8(ascii: "1"): .other("it is a hard link")
    case UInt8(ascii: "2"): .other("it is a symbolic link")
    case UInt8(ascii: "3"), UInt8(ascii: "4"): .other("it is a device")
    case UInt8(ascii: "6"): .other("it is a pipe")
    default: .other("it is neither a file nor a folder")
    }
  }

  mutating func read() throws -> [UInt8] {
    guard rest > 0 else { return [] }
    let part = try stream.read(upTo: Int(clamping: rest))
    guard !part.isEmpty else { throw ending }
    rest -= Int64(part.count)
    return Array(part)
  }

  private var ending: ArchiveError {
    let place = name.isEmpty ? "before its first file" : "behind or in '\(name)'"
    return ArchiveError("it ends \(place), too early; fetch it again")
  }

  /// How many zeros fill the last block of a content.
  static func padding(of byteCount: Int64) -> Int64 {
    (Int64(TarHeader.blockSize) - byteCount % Int64(TarHeader.blockSize))
      % Int64(TarHeader.blockSize)
  }
}

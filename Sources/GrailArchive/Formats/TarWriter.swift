/// Writes a tar archive: ustar, with pax records where a name or a size does not fit.
///
/// - SeeAlso: ``TarHeader``, ``PaxRecords``.
struct TarWriter: ArchiveWriter {
  private let write: ([UInt8]) throws -> Void
  private var byteCount: Int64 = 0

  /// Tapes were written in records of this size, and some readers still want a whole number of them.
  private static let recordSize: Int64 = 10240

  /// Creates a writer.
  ///
  /// - Parameter write: Takes the archive part by part.
  init(to write: @escaping ([UInt8]) throws -> Void) { self.write = write }

  private mutating func put(_ bytes: [UInt8]) throws {
    byteCount += Int64(bytes.count)
    try write(bytes)
  }

  private mutating func putZeros(_ count: Int64) throws {
    if count > 0 { try put([UInt8](repeating: 0, count: Int(count))) }
  }

  mutating func add(_ member: ArchiveMember, read: () throws -> [UInt8]) throws {
    try put(Self.headers(of: member))
    guard member.kind == .file else { return }
    var rest = member.byteCount
    while rest > 0 {
      let part = try read()
      // The header has told the size.
      guard !part.isEmpty, part.count <= rest else { throw ArchiveMember.SizeChanged() }
      rest -= Int64(part.count)
      try put(part)
    }
    try putZeros(TarReader.padding(of: member.byteCount))
  }

  /// The blocks that stand before a member's content.
  static func headers(of member: ArchiveMember) -> [UInt8] {
    let isFolder = member.kind == .folder
    let name = Array((isFolder ? member.name + "/" : member.name).utf8)
    var header = TarHeader(
      name: name, kind: isFolder ? .folder : .file, byteCount: isFolder ? 0 : member.byteCount,
      mode: isFolder || member.isProgram ? 0o755 : 0o644, modified: member.modified)
    if let block = header.block, name.allSatisfy({ $0 < 128 }) { return block }
    var records = PaxRecords()
    records["path"] = name
    // Who knows no pax finds the member by the name's end.
    header.name = name.suffix(100).drop { $0 == UInt8(ascii: "/") }
      .map { $0 < 128 ? $0 : UInt8(ascii: "_") }
    if header.byteCount > TarHeader.greatestNumber {
      records["size"] = Array("\(header.byteCount)".utf8)
      header.byteCount = 0
    }
    let content = records.bytes
    let description = TarHeader(
      name: Array("pax".utf8), kind: .records, byteCount: Int64(content.count), mode: 0o644,
      modified: member.modified)
    let padding = Int(TarReader.padding(of: Int64(content.count)))
    return (description.block ?? []) + content + [UInt8](repeating: 0, count: padding)
      + (header.block ?? [])
  }

  mutating func finish() throws {
    try putZeros(2 * Int64(TarHeader.blockSize))
    try putZeros((Self.recordSize - byteCount % Self.recordSize) % Self.recordSize)
  }
}

extension ArchiveMember {
  /// A file whose size changed while it was read.
  struct SizeChanged: Error, CustomStringConvertible {
    var description: String { "its size changed while it was read" }
  }
}

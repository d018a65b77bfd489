import GrailRecord

extension ArchiveFormat {
  /// Opens an archive, whatever it is called: its first bytes say what it is.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - limit: How many bytes it may unpack to.
  /// - Returns: What reads it.
  /// - Throws: ``ArchiveError`` if it is none, or the system's error.
  static func open(_ file: any ByteSource, limit: SizeLimit) throws -> any ArchiveReader {
    let start = try file.read(at: 0, count: TarHeader.blockSize)
    switch start {
    case _ where start.starts(with: [0x1F, 0x8B]):
      let stream = ByteStream(decompressing: file, limit: limit)
      var copy = ByteStream(decompressing: file, limit: limit)
      let inner = try copy.read(TarHeader.blockSize)
      guard isTar(inner) else {
        throw ArchiveError("what gzip compressed in it is no tar archive")
      }
      return TarReader(stream)
    case _ where start.starts(with: "PK".utf8): return try ZipReader(file, limit: limit)
    case _ where isTar(start): return TarReader(ByteStream(of: file))
    default:
      let name = others.first { start.starts(with: $0.start) }?.name
      throw ArchiveError(
        (name.map { "it is in the form of \($0)" } ?? "it is neither a tar nor a zip archive")
          + "; pack it as .tar.gz, .tar or .zip")
    }
  }

  /// Whether a first block is that of a tar archive, which may be empty.
  private static func isTar(_ block: [UInt8]) -> Bool {
    TarHeader.isHeader(block)
      || block.count == TarHeader.blockSize && block.allSatisfy { $0 == 0 }
  }

  private static let others: [(start: [UInt8], name: String)] = [
    ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz"),
    (Array("BZh".utf8), "bzip2"), ([0x37, 0x7A, 0xBC, 0xAF], "7-Zip"), (Array("Rar!".utf8), "RAR"),
    ([0x1F, 0x9D], "compress"),
  ]
}

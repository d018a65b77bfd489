extension ArchiveFormat {
  /// Begins an archive.
  ///
  /// - Parameter write: Takes it part by part.
  /// - Returns: What writes it.
  func writer(to write: @escaping ([UInt8]) throws -> Void) -> any ArchiveWriter {
    switch self {
    case .tar: TarWriter(to: write)
    case .tgz: CompressedTarWriter(to: write)
    case .zip: ZipWriter(to: write)
    }
  }
}

/// Writes a tar archive that gzip compresses.
private struct CompressedTarWriter: ArchiveWriter {
  private let write: ([UInt8]) throws -> Void
  private let deflater: Deflater
  private var tar: TarWriter

  init(to write: @escaping ([UInt8]) throws -> Void) {
    let deflater = Deflater(.gzip)
    (self.write, self.deflater) = (write, deflater)
    tar = TarWriter { bytes in
      let compressed = deflater.compress(bytes)
      if !compressed.isEmpty { try write(compressed) }
    }
  }

  mutating func add(_ member: ArchiveMember, read: () throws -> [UInt8]) throws {
    try tar.add(member, read: read)
  }

  mutating func finish() throws {
    try tar.finish()
    try write(deflater.compress([], isLast: true))
  }
}

import GrailRecord

/// What stands at the end of a zip archive: where its directory is.
struct ZipEnd {
  private(set) var memberCount: UInt64
  private(set) var directoryOffset: Int64
  private(set) var directoryByteCount: Int64

  private static let byteCount = 22
  private static let locatorByteCount = 20
  /// A comment behind it has at most as many bytes.
  private static let mostComment = Int(UInt16.max)

  /// Finds the end.
  ///
  /// - Throws: ``ArchiveError`` if there is none, or the system's error.
  init(of file: any ByteSource) throws {
    let size = try file.count()
    let start = max(0, size - Int64(Self.byteCount + Self.mostComment))
    let tail = try file.read(at: start, count: Int(size - start))
    guard let place = Self.place(in: tail) else {
      throw ArchiveError("it has no directory at its end, as if it were cut off; fetch it again")
    }
    var reader = ByteReader(tail[(place + 4)...])
    guard let disk = reader.littleEndian(UInt16.self), reader.littleEndian(UInt16.self) != nil,
      reader.littleEndian(UInt16.self) != nil, let count = reader.littleEndian(UInt16.self),
      let byteCount = reader.littleEndian(UInt32.self),
      let offset = reader.littleEndian(UInt32.self)
    else { throw ZipReader.damage }
    (memberCount, directoryOffset) = (UInt64(count), Int64(offset))
    directoryByteCount = Int64(byteCount)
    let isElsewhere =
      count == Zip.elsewhere16 || byteCount == Zip.elsewhere32 || offset == Zip.elsewhere32
    let end = start + Int64(place)
    if isElsewhere, try read64(from: file, end: end) { return }
    guard disk == 0 || disk == Zip.elsewhere16 else {
      throw ArchiveError("it is a part of an archive in several files; pack it in one")
    }
    try check(size: end)
  }

  private func check(size: Int64) throws(ArchiveError) {
    guard directoryOffset >= 0, directoryByteCount >= 0, directoryOffset <= size,
      directoryByteCount <= size - directoryOffset
    else { throw ZipReader.damage }
  }

  /// The last place where the record and its comment go exactly to the end.
  private static func place(in tail: [UInt8]) -> Int? {
    guard tail.count >= byteCount else { return nil }
    return (0...(tail.count - byteCount)).last { place in
      var reader = ByteReader(tail[place...])
      guard reader.littleEndian(UInt32.self) == Zip.Signature.end.rawValue,
        reader.slice(count: 16) != nil, let comment = reader.littleEndian(UInt16.self)
      else { return false }
      return place + byteCount + Int(comment) == tail.count
    }
  }

  /// Reads the greater numbers of zip64.
  ///
  /// - Returns: Whether there are any: what looks like a mark may be the number itself.
  private mutating func read64(from file: any ByteSource, end: Int64) throws -> Bool {
    let place = end - Int64(Self.locatorByteCount)
    var locator = ByteReader(try file.read(at: place, count: Self.locatorByteCount))
    guard locator.littleEndian(UInt32.self) == Zip.Signature.end64Locator.rawValue,
      locator.littleEndian(UInt32.self) == 0, let offset = locator.littleEndian(UInt64.self),
      offset < place
    else { return false }
    var reader = ByteReader(try file.read(at: Int64(offset), count: 56))
    guard reader.littleEndian(UInt32.self) == Zip.Signature.end64.rawValue,
      reader.slice(count: 28) != nil, let count = reader.littleEndian(UInt64.self),
      let byteCount = reader.littleEndian(UInt64.self),
      let directoryOffset = reader.littleEndian(UInt64.self)
    else { throw ZipReader.damage }
    memberCount = count
    self.directoryOffset = Int64(clamping: directoryOffset)
    directoryByteCount = Int64(clamping: byteCount)
    try check(size: place)
    return true
  }
}

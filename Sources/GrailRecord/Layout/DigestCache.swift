package import GrailCore

/// The digests of files that were looked at before, so that they need not be read again.
///
/// It lies in the store, may be deleted at any time, and is replaced as a whole: of two processes
/// that write it at once, one is heard, and the other's files are read once more.
package struct DigestCache: Sendable {
  private let path: String
  private var digests: [FileIdentity: [UInt8]] = [:]
  private var used: Set<FileIdentity> = []
  private var hasChanged = false

  private static let magic: [UInt8] = Array("GRAILDG1".utf8)
  /// Five numbers and room for the longest digest.
  private static let entryLength = 5 * 8 + 32
  /// With more entries than this, those that were not used now are given up.
  private static let capacity = 20_000
  /// A file may be written again without another time within the clock's step; whoever looked at it
  /// in that time must look again.
  private static let settlingTime: Int64 = 1_000_000_000

  /// Reads the cache of a store; one that is not there or damaged is empty.
  package init(store: StoreFolder) {
    path = "\(store.path)/\(StoreFolder.ownFolder)/digests"
    guard let bytes = try? WholeFile.read(path), bytes.count >= Self.magic.count + 4,
      bytes.starts(with: Self.magic),
      (bytes.count - Self.magic.count - 4).isMultiple(of: Self.entryLength)
    else { return }
    let content = bytes.dropLast(4)
    var end = ByteReader(bytes.suffix(4))
    guard end.littleEndian(UInt32.self) == JournalFormat.crc32c(0, content) else { return }
    digests.reserveCapacity(content.count / Self.entryLength)
    var reader = ByteReader(content.dropFirst(Self.magic.count))
    while let device = reader.littleEndian(UInt64.self),
      let inode = reader.littleEndian(UInt64.self), let count = reader.littleEndian(Int64.self),
      let modified = reader.littleEndian(Int64.self),
      let changed = reader.littleEndian(Int64.self), let digest = reader.slice(count: 32)
    {
      let identity = FileIdentity(
        device: device, inode: inode, byteCount: count, modified: modified, changed: changed)
      digests[identity] = Array(digest)
    }
  }

  /// Returns the first bytes of a file's digest, if it is known.
  package mutating func digest(of file: FileIdentity, byteCount: Int) -> [UInt8]? {
    guard let digest = digests[file] else { return nil }
    used.insert(file)
    return Array(digest.prefix(byteCount))
  }

  /// Notes a file's digest.
  ///
  /// - Parameters:
  ///   - digest: At most 32 bytes; a file is looked up by the same kind of digest only.
  ///   - file: The file, as it was before it was read and is still.
  ///   - now: The time when it was looked at, before it was read.
  package mutating func insert(_ digest: [UInt8], of file: FileIdentity, lookedAt now: Timestamp) {
    guard now.microseconds * 1000 - max(file.changed, file.modified) > Self.settlingTime else {
      return
    }
    digests[file] = digest + [UInt8](repeating: 0, count: max(0, 32 - digest.count))
    used.insert(file)
    hasChanged = true
  }

  /// Writes the cache if something was added.
  package mutating func save() throws(FileError) {
    guard hasChanged else { return }
    hasChanged = false
    if digests.count > Self.capacity { digests = digests.filter { used.contains($0.key) } }
    var writer = ByteWriter()
    writer.bytes = Self.magic
    for (file, digest) in digests {
      writer.append(littleEndian: file.device)
      writer.append(littleEndian: file.inode)
      writer.append(littleEndian: file.byteCount)
      writer.append(littleEndian: file.modified)
      writer.append(littleEndian: file.changed)
      writer.bytes.append(contentsOf: digest)
    }
    writer.append(littleEndian: JournalFormat.crc32c(0, writer.bytes))
    // A program that is killed leaves a part of it.
    AtomicFile.removeAbandoned(of: path)
    try AtomicFile.write(writer.bytes, to: path)
  }
}

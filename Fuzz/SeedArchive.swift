import GrailRecord

@testable import GrailArchive

/// A valid archive that inputs are edits to, because checksums stop random bytes.
struct SeedArchive {
  private let bytes: [UInt8]
  private let format: ArchiveFormat

  static let all = ArchiveFormat.allCases.compactMap { try? SeedArchive($0) }

  private init(_ format: ArchiveFormat) throws {
    self.format = format
    final class Sink { var bytes: [UInt8] = [] }
    let sink = Sink()
    var writer = format.writer { sink.bytes += $0 }
    try writer.addFolder("runs", modified: 1_800_000_000)
    for (name, count) in [("runs/1/run.json", 700), ("runs/2/é", 0), (Self.longName, 20)] {
      let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0) }
      try writer.add(name, content, modified: 1_800_000_000)
    }
    try writer.finish()
    bytes = sink.bytes
  }

  /// A name that needs a record of its own in a tar archive.
  private static let longName = "runs/3/" + String(repeating: "n", count: 150)

  /// Applies edits of four bytes each, then makes the checksums of headers right again.
  func edited(_ edits: ArraySlice<UInt8>) -> [UInt8] {
    var result = bytes
    var reader = ByteReader(edits)
    while reader.remaining >= 4, let kind = reader.byte(), let value = reader.byte(),
      let offset = reader.littleEndian(UInt16.self)
    {
      let place = Int(offset) % result.count
      switch kind % 4 {
      case 0: result[place] = value
      case 1: result[place] ^= 1 << (value % 8)
      case 2: result[place] &+= value
      default: result.removeSubrange(max(place, 1)...)
      }
    }
    guard format == .tar else { return result }
    for start in stride(from: 0, to: result.count - 511, by: 512)
    where result[start + 257..<start + 262].elementsEqual("ustar".utf8) {
      result.replaceSubrange(start + 148..<start + 156, with: [UInt8](repeating: 0x20, count: 8))
      let sum = result[start..<start + 512].reduce(0) { $0 + Int($1) }
      let digits = String(sum, radix: 8)
      let field = String(repeating: "0", count: 6 - digits.count) + digits + "\0 "
      result.replaceSubrange(start + 148..<start + 156, with: field.utf8)
    }
    return result
  }
}

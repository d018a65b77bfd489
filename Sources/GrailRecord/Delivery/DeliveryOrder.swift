import CGrailRecord
import GrailCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file that keeps the order in which the events of a run are told to observers.
///
/// It is decided once, cut by cut, before anybody is told; so whoever is told later, or again, is
/// told the same. One writer, who holds the journal's lock.
///
/// - SeeAlso: docs/delivery.md
struct DeliveryOrder: Sendable {
  /// The file's name in the folder of the delivery.
  static let name = "order"

  private let file: Handle
  private let salt: UInt32
  /// Where the next cut is written.
  private(set) var end: Int64
  /// The place behind all cuts.
  private(set) var place = DeliveryPlace()

  private static let magic = Array("GRAILORD".utf8)
  private static let major: UInt16 = 1
  private static let minor: UInt16 = 0
  private static let headerLength = 32
  private static let prefixLength = 8
  /// No cut is longer, as each names a bounded number of streams.
  private static let mostBytes = 1 << 20

  private final class Handle: Sendable {
    let descriptor: FileDescriptor
    init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }
    deinit { try? descriptor.close() }
  }

  /// Opens the file of a run, or begins it; what is torn at its end is removed.
  ///
  /// - Parameters:
  ///   - path: The file's path.
  ///   - key: The run's key.
  /// - Throws: ``FileError`` if it cannot be opened or is of another run or a newer version.
  init(path: String, key: RunKey) throws(FileError) {
    var header = ByteWriter()
    header.bytes = Self.magic
    header.append(littleEndian: Self.major)
    header.append(littleEndian: Self.minor)
    header.bytes += key.bytes
    header.append(littleEndian: JournalFormat.crc32c(0, header.bytes))
    salt = JournalFormat.crc32c(0, key.bytes)
    end = Int64(Self.headerLength)
    do {
      let file = Handle(
        try FileDescriptor.open(
          FilePath(path), .readWrite, options: [.create, .closeOnExec],
          permissions: [.ownerReadWrite, .groupRead, .otherRead]))
      self.file = file
      let source = FileSource(file: file.descriptor)
      let start = try source.read(at: 0, count: Self.headerLength)
      if start != header.bytes {
        var reader = ByteReader(start.dropFirst(Self.magic.count))
        let isIntact = start.count == Self.headerLength && start.starts(with: Self.magic)
        if isIntact, let major = reader.littleEndian(UInt16.self), major > Self.major {
          throw NewerVersion(major: major)
        }
        if isIntact, Array(start[12..<28]) != key.bytes { throw OtherRun() }
        if !isIntact || reader.littleEndian(UInt16.self) == nil
          || JournalFormat.crc32c(0, start[..<28]) != Self.word(start, at: 28)
        {
          try file.descriptor.resize(to: 0)
          try file.descriptor.writeAll(toAbsoluteOffset: 0, header.bytes)
        }
      }
      while let (cut, next) = try cut(at: end) {
        place.pass(cut)
        end = next
      }
      if try source.count() > end { try file.descriptor.resize(to: end) }
    } catch {
      throw FileError(path: path, verb: "read", cause: error)
    }
  }

  private struct NewerVersion: Error, CustomStringConvertible {
    let major: UInt16
    var description: String {
      "its format version is \(major), which needs a newer version of Grail"
    }
  }

  private struct OtherRun: Error, CustomStringConvertible {
    var description: String { "it is of another run; remove it" }
  }

  private static func word(_ bytes: [UInt8], at offset: Int) -> UInt32? {
    var reader = ByteReader(bytes.dropFirst(offset))
    return reader.littleEndian(UInt32.self)
  }

  /// Where the first cut is.
  static var start: Int64 { Int64(headerLength) }

  /// Reads the cut at a place in the file.
  ///
  /// - Parameter offset: Where it is.
  /// - Returns: The cut, and where the next one is; `nil` if there is none that is intact.
  /// - Throws: The system's error.
  func cut(at offset: Int64) throws -> (cut: DeliveryCut, next: Int64)? {
    let source = FileSource(file: file.descriptor)
    let bytes = try source.read(at: offset, count: Self.firstBytes)
    var reader = ByteReader(bytes)
    guard let length = reader.littleEndian(UInt32.self),
      let checksum = reader.littleEndian(UInt32.self), length > 0, length <= Self.mostBytes
    else { return nil }
    let rest =
      Int(length) <= reader.remaining
      ? bytes[Self.prefixLength..<Self.prefixLength + Int(length)]
      : try source.read(at: offset + Int64(Self.prefixLength), count: Int(length))[...]
    guard rest.count == Int(length), self.checksum(of: rest, at: offset) == checksum,
      let cut = DeliveryCut(rest)
    else { return nil }
    return (cut, offset + Int64(Self.prefixLength) + Int64(length))
  }

  /// Most cuts are no longer.
  private static let firstBytes = 256

  private func checksum(of body: ArraySlice<UInt8>, at offset: Int64) -> UInt32 {
    var place = ByteWriter()
    place.append(littleEndian: offset)
    return JournalFormat.crc32c(JournalFormat.crc32c(salt, place.bytes), body)
  }

  /// Writes down what comes next.
  ///
  /// - Throws: ``FileError`` if it cannot be written; nothing is decided then.
  mutating func append(_ cut: DeliveryCut, path: String) throws(FileError) {
    let body = cut.bytes
    var writer = ByteWriter()
    writer.append(littleEndian: UInt32(body.count))
    writer.append(littleEndian: checksum(of: body[...], at: end))
    writer.bytes += body
    do {
      try file.descriptor.writeAll(toAbsoluteOffset: end, writer.bytes)
    } catch {
      try? file.descriptor.resize(to: end)
      throw FileError(path: path, verb: "written", cause: error)
    }
    end += Int64(writer.bytes.count)
    place.pass(cut)
  }
}

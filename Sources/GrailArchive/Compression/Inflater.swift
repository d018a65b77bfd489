import CZlib

/// Gives back what was compressed, part by part.
final class Inflater {
  private let stream: UnsafeMutablePointer<z_stream>
  /// Whether the compressed bytes told that they end.
  private(set) var isAtEnd = false
  private static let partSize = 1 << 18

  init(_ form: DeflateForm) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let result = inflateInit2_(
      stream, form.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(result == Z_OK, "there is no memory to decompress with")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Begins anew, apart from what was before.
  func reset() {
    inflateReset(stream)
    isAtEnd = false
  }

  /// Decompresses the next part.
  ///
  /// - Parameter input: Compressed bytes, of which those that were used are taken away.
  /// - Returns: The part; nothing at the end, or where more input is needed.
  /// - Throws: ``ArchiveError`` if the bytes are damaged.
  func decompress(_ input: inout ArraySlice<UInt8>) throws(ArchiveError) -> [UInt8] {
    guard !isAtEnd else { return [] }
    var result = Z_OK
    let given = input.count
    let output = input.withUnsafeBufferPointer { bytes in
      [UInt8](unsafeUninitializedCapacity: Self.partSize) { part, count in
        // zlib's input is not const, but it only reads it.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
        stream.pointee.avail_in = UInt32(given)
        stream.pointee.next_out = part.baseAddress
        stream.pointee.avail_out = UInt32(Self.partSize)
        result = inflate(stream, Z_NO_FLUSH)
        count = Self.partSize - Int(stream.pointee.avail_out)
      }
    }
    input = input.dropFirst(given - Int(stream.pointee.avail_in))
    stream.pointee.next_in = nil
    switch result {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isAtEnd = true
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "error \(result)"
      throw ArchiveError("its compressed data are damaged (\(reason)); fetch it again")
    }
    return output
  }
}

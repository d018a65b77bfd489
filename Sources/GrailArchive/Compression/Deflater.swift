import CZlib

/// What stands around compressed bytes.
enum DeflateForm: Int32 {
  /// Nothing, as in zip (RFC 1951).
  case plain = -15
  /// The header and the checksum of gzip (RFC 1952).
  case gzip = 31
}

/// Compresses bytes that come part by part.
final class Deflater {
  private let stream: UnsafeMutablePointer<z_stream>
  private static let partSize = 1 << 16

  init(_ form: DeflateForm) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let result = deflateInit2_(
      stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, form.rawValue, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(result == Z_OK, "there is no memory to compress with")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Begins anew, apart from what was before.
  func reset() { deflateReset(stream) }

  /// Compresses the next part.
  ///
  /// - Parameters:
  ///   - bytes: The part.
  ///   - isLast: Whether no more comes.
  /// - Returns: What is ready of the compressed bytes, perhaps nothing.
  func compress(_ bytes: [UInt8], isLast: Bool = false) -> [UInt8] {
    var output: [UInt8] = []
    bytes.withUnsafeBufferPointer { bytes in
      // zlib's input is not const, but it only reads it.
      stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
      stream.pointee.avail_in = UInt32(bytes.count)
      var isFull = true
      while isFull {
        output += [UInt8](unsafeUninitializedCapacity: Self.partSize) { part, count in
          stream.pointee.next_out = part.baseAddress
          stream.pointee.avail_out = UInt32(Self.partSize)
          _ = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          count = Self.partSize - Int(stream.pointee.avail_out)
          isFull = count == Self.partSize
        }
      }
      stream.pointee.next_in = nil
    }
    return output
  }
}

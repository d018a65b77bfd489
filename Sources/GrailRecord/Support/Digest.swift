import CGrailRecord

/// What tells the content of one file from that of another.
package struct FileDigest: Hashable, Sendable {
  /// The MD5 digest in lower-case hexadecimal; Sacred's stores name files by it.
  package var md5: String
  /// The SHA-256 digest in lower-case hexadecimal.
  package var sha256: String
  /// The size of the file.
  package var byteCount: Int64

  /// Creates a digest that a record states.
  package init(md5: String, sha256: String, byteCount: Int64) {
    self.md5 = md5
    self.sha256 = sha256
    self.byteCount = byteCount
  }
}

extension FileDigest {
  /// Computes the digest of bytes in memory.
  package init(of bytes: [UInt8]) {
    var hasher = FileHasher()
    bytes.withUnsafeBytes { hasher.update($0) }
    self = hasher.finalize()
  }
}

extension FileDigest {
  /// Computes the MD5 digest of bytes alone, which takes a part of the time of both.
  package static func md5(of bytes: [UInt8]) -> [UInt8] {
    var state = grail_md5()
    grail_md5_start(&state)
    bytes.withUnsafeBytes { grail_md5_update(&state, $0.baseAddress, $0.count) }
    return [UInt8](unsafeUninitializedCapacity: 16) { digest, count in
      grail_md5_finish(&state, digest.baseAddress)
      count = 16
    }
  }

  /// Returns a digest in lower-case hexadecimal.
  package static func hexadecimal(_ digest: some Collection<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(unsafeUninitializedCapacity: digest.count * 2) { text in
      for (index, byte) in digest.enumerated() {
        text[2 * index] = digits[Int(byte >> 4)]
        text[2 * index + 1] = digits[Int(byte & 15)]
      }
      return digest.count * 2
    }
  }
}

/// Computes the SHA-256 digest of bytes that come part by part.
package struct SHA256Hasher: Sendable {
  private var state = grail_sha256()

  /// Creates a hasher that has seen nothing.
  ///
  /// - Parameter isPortable: Whether it keeps to what every processor has.
  package init(isPortable: Bool = false) {
    if isPortable { grail_sha256_start_portably(&state) } else { grail_sha256_start(&state) }
  }

  /// Adds the next part.
  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { grail_sha256_update(&state, $0.baseAddress, $0.count) }
  }

  /// Returns the 32 bytes of the digest of all parts so far; more may follow.
  package func finalize() -> [UInt8] {
    var state = state
    return [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
      grail_sha256_finish(&state, digest.baseAddress)
      count = 32
    }
  }
}

/// Computes the digest of a file in one pass, part by part, such as while it is copied.
package struct FileHasher: Sendable {
  private var md5 = grail_md5()
  private var sha256 = grail_sha256()

  /// Creates a hasher that has seen nothing.
  package init() {
    grail_md5_start(&md5)
    grail_sha256_start(&sha256)
  }

  /// Adds the next part of the file; parts may have any size.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    grail_md5_update(&md5, bytes.baseAddress, bytes.count)
    grail_sha256_update(&sha256, bytes.baseAddress, bytes.count)
  }

  /// Returns the digest of all parts so far; more may follow.
  package func finalize() -> FileDigest {
    var (md5, sha256) = (md5, sha256)
    let byteCount = Int64(clamping: md5.byte_count)
    return FileDigest(
      md5: Self.hexadecimal(byteCount: 16) { grail_md5_finish(&md5, $0) },
      sha256: Self.hexadecimal(byteCount: 32) { grail_sha256_finish(&sha256, $0) },
      byteCount: byteCount)
  }

  private static func hexadecimal(
    byteCount: Int, of fill: (UnsafeMutablePointer<UInt8>?) -> Void
  ) -> String {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    bytes.withUnsafeMutableBufferPointer { fill($0.baseAddress) }
    return FileDigest.hexadecimal(bytes)
  }
}

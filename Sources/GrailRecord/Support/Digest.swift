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
    let digits = Array("0123456789abcdef".utf8)
    var bytes = [UInt8](repeating: 0, count: byteCount)
    bytes.withUnsafeMutableBufferPointer { fill($0.baseAddress) }
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}

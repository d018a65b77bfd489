import CGrailRecord

/// What everything random in a run derives from: a digest of a seed and of names.
///
/// The digest is SHA-256 (FIPS 180-4) over these bytes, one part after the other:
///
/// 1. a tag in ASCII, which names the use and its version;
/// 2. the seed: 8 bytes, little-endian, two's complement;
/// 3. each text: the number of its UTF-8 bytes as 8 bytes, little-endian, and then these bytes, as
///    the text has them, without normalization.
///
/// No tag begins another, and lengths precede the texts, so different parts never give equal bytes.
enum SeedDigest {
  /// Computes the digest as four numbers, each of 8 bytes in little-endian order.
  static func words(
    tag: StaticString, seed: Int, _ texts: [String]
  ) -> (UInt64, UInt64, UInt64, UInt64) {
    var bytes: [UInt8] = []
    tag.withUTF8Buffer { bytes.append(contentsOf: $0) }
    append(UInt64(bitPattern: Int64(seed)), to: &bytes)
    for text in texts {
      append(UInt64(text.utf8.count), to: &bytes)
      bytes.append(contentsOf: text.utf8)
    }
    var state = grail_sha256()
    grail_sha256_start(&state)
    bytes.withUnsafeBytes { grail_sha256_update(&state, $0.baseAddress, $0.count) }
    var digest = [UInt8](repeating: 0, count: 32)
    digest.withUnsafeMutableBufferPointer { grail_sha256_finish(&state, $0.baseAddress) }
    func word(_ place: Int) -> UInt64 {
      digest[place * 8..<place * 8 + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    return (word(0), word(1), word(2), word(3))
  }

  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(place)))) }
  }
}

import CGrailRecord
import TestSupport
import Testing

@Suite struct ChecksumTests {
  @Test(
    arguments: [
      ([], 0),
      (Array("a".utf8), 0xC1D0_4330),
      (Array("123456789".utf8), 0xE306_9283),
      // RFC 3720, appendix B.4.
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      (Array(0..<32), 0x46DD_794E),
      ((0..<32).reversed(), 0x113F_DB5C),
    ] as [([UInt8], UInt32)])
  func `is CRC-32C`(bytes: [UInt8], checksum: UInt32) {
    #expect(grail_crc32c(0, bytes, bytes.count) == checksum)
    #expect(grail_crc32c_portable(0, bytes, bytes.count) == checksum)
  }

  @Test(arguments: 0..<100)
  func `is the same on every path and in every split`(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let bytes = generator.bytes(count)
    let whole = grail_crc32c(0, bytes, count)
    #expect(grail_crc32c_portable(0, bytes, count) == whole)
    #expect(grail_crc32c_padded(0, bytes + generator.bytes(7), count) == whole)
    let split = Int.random(in: 0...count, using: &generator)
    let (head, tail) = (Array(bytes[..<split]), Array(bytes[split...]))
    #expect(grail_crc32c(grail_crc32c_portable(0, head, split), tail, tail.count) == whole)
    #expect(grail_crc32c_portable(grail_crc32c(0, head, split), tail, tail.count) == whole)
  }
}

import CZlib

/// The checksum of zip, of bytes that come part by part.
struct CRC32 {
  private(set) var value: UInt32 = 0

  init() {}

  init(of bytes: some Sequence<UInt8>) { update(Array(bytes)) }

  mutating func update(_ bytes: [UInt8]) {
    // Without a place zlib would begin anew.
    guard !bytes.isEmpty else { return }
    value = bytes.withUnsafeBufferPointer { bytes in
      UInt32(truncatingIfNeeded: crc32_z(UInt(value), bytes.baseAddress, bytes.count))
    }
  }
}

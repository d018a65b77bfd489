/// Appends numbers to bytes, in the forms of the journal.
package struct ByteWriter {
  package var bytes: [UInt8] = []

  package init() {}

  /// Appends a fixed-width number, least significant byte first.
  package mutating func append(littleEndian number: some FixedWidthInteger) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Appends a number in groups of seven bits, least significant first (LEB128).
  package mutating func append(varint number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Appends a signed number whose nearness to zero makes it short.
  package mutating func append(zigzag number: Int64) {
    append(varint: number.zigzag)
  }

  /// Appends text with its length before it.
  package mutating func append(text: String) {
    append(varint: UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }
}

/// Reads numbers from bytes; every read past the end or of a bad form gives `nil`.
package struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  package private(set) var position: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    self.position = bytes.startIndex
  }

  package init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  package var isAtEnd: Bool { position >= bytes.endIndex }

  /// The number of bytes not yet read.
  package var remaining: Int { bytes.endIndex - position }

  package mutating func byte() -> UInt8? {
    guard position < bytes.endIndex else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  package mutating func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type
  ) -> Number? {
    guard MemoryLayout<Number>.size <= remaining else { return nil }
    let offset = position - bytes.startIndex
    position += MemoryLayout<Number>.size
    return bytes.withUnsafeBytes { bytes in
      Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
  }

  package mutating func bigEndian(byteCount: Int) -> UInt64? {
    guard let part = slice(count: byteCount) else { return nil }
    return part.reduce(0) { $0 << 8 | UInt64($1) }
  }

  package mutating func varint() -> UInt64? {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while let next = byte() {
      let group = UInt64(next & 0x7F)
      guard shift < 63 || (shift == 63 && group <= 1) else { return nil }
      number |= group << shift
      if next < 0x80 { return number }
      shift += 7
    }
    return nil
  }

  package mutating func zigzag() -> Int64? { varint().map(Int64.init(zigzag:)) }

  package mutating func slice(count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= remaining else { return nil }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// Reads a length and that many bytes.
  package mutating func counted() -> ArraySlice<UInt8>? {
    guard let count = varint(), let length = Int(exactly: count) else { return nil }
    return slice(count: length)
  }

  /// Reads text with its length before it; what is no Unicode is replaced.
  package mutating func text() -> String? { counted().map { String(decoding: $0, as: UTF8.self) } }
}

extension Int64 {
  /// The number with its sign moved to the lowest bit, so that small numbers stay small.
  package var zigzag: UInt64 { UInt64(bitPattern: self << 1 ^ self >> 63) }

  package init(zigzag number: UInt64) {
    self = Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
  }
}

import GrailRecord

/// Bytes that come part by part, and are taken in pieces of any size.
struct ByteStream {
  private let next: () throws -> [UInt8]
  private var part: ArraySlice<UInt8> = []

  /// Creates a stream.
  ///
  /// - Parameter next: Gives the next part, and nothing at the end.
  init(_ next: @escaping () throws -> [UInt8]) { self.next = next }

  /// Takes bytes, as many as are at hand.
  ///
  /// - Parameter count: How many at most.
  /// - Returns: The bytes; none at the end.
  /// - Throws: What the source of the parts throws.
  mutating func read(upTo count: Int) throws -> ArraySlice<UInt8> {
    if part.isEmpty { part = try next()[...] }
    defer { part = part.dropFirst(count) }
    return part.prefix(count)
  }

  /// Takes an exact number of bytes, or those that are left before the end.
  mutating func read(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let piece = try read(upTo: count - bytes.count)
      if piece.isEmpty { break }
      bytes += piece
    }
    return bytes
  }

  /// Passes over bytes.
  ///
  /// - Parameter count: How many; all without it.
  /// - Returns: Whether there were as many.
  /// - Throws: What the source of the parts throws.
  @discardableResult
  mutating func skip(_ count: Int64 = .max) throws -> Bool {
    var rest = count
    while rest > 0 {
      let piece = try read(upTo: Int(clamping: rest))
      if piece.isEmpty { return false }
      rest -= Int64(piece.count)
    }
    return true
  }
}

extension ByteStream {
  static let partSize = 1 << 18

  /// Bytes of a file.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - offset: Where they begin.
  ///   - count: How many they are, if not all to the end.
  init(of file: any ByteSource, from offset: Int64 = 0, count: Int64 = .max) {
    var (offset, rest) = (offset, count)
    self.init {
      let part = try file.read(at: offset, count: Int(clamping: min(rest, Int64(Self.partSize))))
      offset += Int64(part.count)
      rest -= Int64(part.count)
      return part
    }
  }

  /// What is compressed in a file by gzip, perhaps in several parts, one behind the other.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - limit: How many bytes it may hold.
  init(decompressing file: any ByteSource, limit: SizeLimit) {
    var compressed = ByteStream(of: file)
    var input: ArraySlice<UInt8> = []
    var byteCount: Int64 = 0
    let inflater = Inflater(.gzip)
    self.init {
      while true {
        if input.isEmpty { input = try compressed.read(upTo: Self.partSize) }
        if inflater.isAtEnd {
          // Some writers fill a block with zeros.
          input = input.drop { $0 == 0 }
          if input.isEmpty {
            input = try compressed.read(upTo: Self.partSize)
            if input.isEmpty { return [] }
            continue
          }
          inflater.reset()
        } else if input.isEmpty {
          throw ArchiveError("it ends in the middle of its compressed data; fetch it again")
        }
        let part = try inflater.decompress(&input)
        byteCount += Int64(part.count)
        try limit.check(byteCount)
        if !part.isEmpty { return part }
      }
    }
  }
}

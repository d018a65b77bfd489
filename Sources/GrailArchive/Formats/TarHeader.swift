/// The block that stands before each member of a tar archive.
///
/// - SeeAlso: POSIX.1-2017, pax, "ustar Interchange Format"; the manual of GNU tar, "Basic Tar Format",
///   for what GNU has of its own.
struct TarHeader: Hashable {
  /// All of an archive is cut into blocks of this size.
  static let blockSize = 512

  /// What a header stands for.
  enum Kind: UInt8 {
    case file = 0x30
    case folder = 0x35
    /// Records about the next member (pax).
    case records = 0x78
    /// The next member's name (GNU).
    case longName = 0x4C
  }

  /// The name's bytes.
  var name: [UInt8]
  /// The character that says what the member is.
  var type: UInt8
  var byteCount: Int64
  var mode: Int64
  var modified: Int64

  // MARK: - Reading

  /// Reads a block.
  ///
  /// - Throws: ``ArchiveError`` if it is no header.
  init(_ block: [UInt8]) throws(ArchiveError) {
    guard Self.isHeader(block) else {
      throw ArchiveError("a header in it is damaged: its checksum is wrong; fetch it again")
    }
    guard let byteCount = Self.number(block[124..<136]) else {
      throw ArchiveError("a header in it is damaged: it states no size; fetch it again")
    }
    self.byteCount = byteCount
    mode = Self.number(block[100..<108]) ?? 0
    modified = Self.number(block[136..<148]) ?? 0
    type = block[156] == 0 ? Kind.file.rawValue : block[156]
    name = Self.text(block[0..<100])
    // GNU's magic ends in a blank, and keeps other things in the prefix.
    let prefix = Self.text(block[345..<500])
    if block[257..<263].elementsEqual(Self.magic), !prefix.isEmpty {
      name = prefix + [UInt8(ascii: "/")] + name
    }
    if type == Kind.file.rawValue, name.last == UInt8(ascii: "/") { type = Kind.folder.rawValue }
  }

  /// Whether a block is a header, as far as its checksum tells.
  static func isHeader(_ block: [UInt8]) -> Bool {
    guard block.count == blockSize else { return false }
    let sum = number(block[148..<156])
    return sum == Self.sum(block) || sum == signedSum(block)
  }

  private static let magic = Array("ustar\0".utf8)

  private static func text(_ field: ArraySlice<UInt8>) -> [UInt8] {
    Array(field.prefix { $0 != 0 })
  }

  /// A number in octal digits, or, where it is too great for these, in bytes (GNU).
  ///
  /// - Returns: `nil` if it is none, negative, or too great.
  static func number(_ field: ArraySlice<UInt8>) -> Int64? {
    if field.first == 0x80 {
      let bytes = field.dropFirst().drop { $0 == 0 }
      guard bytes.count < 8 else { return nil }
      return bytes.reduce(0) { $0 << 8 | Int64($1) }
    }
    let digits = field.drop { $0 == UInt8(ascii: " ") }
      .prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
    if digits.isEmpty { return 0 }
    guard digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
    return Int64(String(decoding: digits, as: UTF8.self), radix: 8)
  }

  /// The sum of the bytes, the checksum itself taken for blanks.
  private static func sum(_ block: [UInt8]) -> Int64 {
    let checksum = block[148..<156]
    return block.reduce(0) { $0 + Int64($1) } - checksum.reduce(0) { $0 + Int64($1) } + 8 * 32
  }

  /// The same as some early programs had it, whose characters were signed.
  private static func signedSum(_ block: [UInt8]) -> Int64 {
    sum(block) - 256 * Int64(block.count { $0 > 127 } - block[148..<156].count { $0 > 127 })
  }

  // MARK: - Writing

  init(name: [UInt8], kind: Kind, byteCount: Int64, mode: Int64, modified: Int64) {
    (self.name, self.type, self.byteCount) = (name, kind.rawValue, byteCount)
    (self.mode, self.modified) = (mode, modified)
  }

  /// The greatest number that eleven octal digits hold.
  static let greatestNumber: Int64 = 0o777_7777_7777

  /// The block; `nil` if the name or a number does not fit into it.
  var block: [UInt8]? {
    guard let (prefix, name) = splitName, (0...Self.greatestNumber).contains(byteCount) else {
      return nil
    }
    var block = [UInt8](repeating: 0, count: Self.blockSize)
    func put(_ bytes: some Collection<UInt8>, at offset: Int) {
      block.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
    func put(number: Int64, digits: Int, at offset: Int) {
      let text = String(number, radix: 8)
      put(String(repeating: "0", count: digits - text.utf8.count).utf8, at: offset)
      put(text.utf8, at: offset + digits - text.utf8.count)
    }
    put(name, at: 0)
    put(number: mode & 0o7777, digits: 7, at: 100)
    put(number: 0, digits: 7, at: 108)
    put(number: 0, digits: 7, at: 116)
    put(number: byteCount, digits: 11, at: 124)
    put(number: min(max(modified, 0), Self.greatestNumber), digits: 11, at: 136)
    block[156] = type
    put(Self.magic, at: 257)
    put("00".utf8, at: 263)
    put(prefix, at: 345)
    put(number: Self.sum(block), digits: 6, at: 148)
    block[155] = UInt8(ascii: " ")
    return block
  }

  /// The name in two parts, split at a slash where it is too long for one field.
  private var splitName: (prefix: ArraySlice<UInt8>, name: ArraySlice<UInt8>)? {
    if name.count <= 100 { return ([], name[...]) }
    let first = name.count - 101
    guard first <= 155,
      let slash = name[first..<min(name.count - 1, 156)].firstIndex(of: UInt8(ascii: "/"))
    else { return nil }
    return (name[..<slash], name[(slash + 1)...])
  }
}

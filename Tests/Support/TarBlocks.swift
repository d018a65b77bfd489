/// The bytes of a tar archive as anybody may write them.
package struct TarBlocks {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Adds a member.
  ///
  /// - Parameters:
  ///   - name: Its name, of at most 100 bytes.
  ///   - content: What follows its header.
  ///   - type: What it is: `0` a file, `1` a hard link, `2` a symbolic link.
  ///   - link: What it leads to.
  ///   - size: What the header says of the size, if not the truth.
  package mutating func add(
    _ name: String, _ content: [UInt8] = [], type: Character = "0", link: String = "",
    size: String? = nil
  ) {
    add(nameBytes: Array(name.utf8), content, type: type, link: link, size: size)
  }

  /// Adds a member whose name may be anything.
  package mutating func add(
    nameBytes: [UInt8], _ content: [UInt8] = [], type: Character = "0", link: String = "",
    size: String? = nil
  ) {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ bytes: some Collection<UInt8>, at place: Int) {
      block.replaceSubrange(place..<place + bytes.count, with: bytes)
    }
    func octal(_ number: Int, _ digits: Int) -> String {
      let text = String(number, radix: 8)
      return String(repeating: "0", count: digits - text.utf8.count) + text
    }
    put(nameBytes, at: 0)
    put("0000644".utf8, at: 100)
    put((size ?? octal(content.count, 11)).utf8, at: 124)
    put("00000000000".utf8, at: 136)
    put("        ".utf8, at: 148)
    put(String(type).utf8, at: 156)
    put(link.utf8, at: 157)
    put("ustar\u{0}00".utf8, at: 257)
    put(octal(block.reduce(0) { $0 + Int($1) }, 6).utf8, at: 148)
    block[154] = 0
    bytes += block + content
    bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }

  /// Adds records of pax about the next member.
  package mutating func add(records: [(name: String, value: String)]) {
    let lines = records.map { name, value in
      let rest = name.utf8.count + value.utf8.count + 3
      let count = rest + "\(rest + 2)".utf8.count
      return "\(count) \(name)=\(value)\n"
    }
    add("pax", Array(lines.joined().utf8), type: "x")
  }

  /// The archive with its end.
  package var archive: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}

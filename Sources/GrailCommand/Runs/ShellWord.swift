/// A word as a shell takes it.
enum ShellWord {
  /// The word, in quotes where it needs them.
  static func text(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...0xFF:
        true
      default: "-_=+./:,@%~^".utf8.contains(byte)
      }
    }
    if plain, !word.isEmpty, !word.hasPrefix("~") { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: "'\\''") + "'"
  }
}

/// Turns what was printed into what is left of it on a terminal.
///
/// The rules are those of Sacred's `apply_backspaces_and_linefeeds`; a character is a Unicode scalar,
/// and a byte that is part of none counts as one. Memory is that of the longest line, at most a few
/// MiB, whatever the length of the text.
package struct TerminalFilter {
  /// The characters of the line so far, the bytes of each packed into a number.
  private var line: [UInt32] = []
  private var cursor = 0
  /// Whether the last character was a carriage return, which stays if it is the last of all.
  private var endsInReturn = false
  /// Whether bytes that go on a character may follow.
  private var openBytes = 0

  /// A line that is longer is taken as over.
  static let longestLine = 1 << 20

  /// Creates a filter at the start of a text.
  package init() {}

  /// Filters the next part of the text.
  ///
  /// - Parameters:
  ///   - bytes: The next bytes.
  ///   - write: Is given what is certain of the result: whole lines.
  package mutating func filter(
    _ bytes: some Sequence<UInt8>, into write: (UInt8) -> Void
  ) {
    for byte in bytes { add(byte, write) }
  }

  /// Ends the text.
  ///
  /// - Parameter write: Is given the rest of the result.
  package mutating func finish(into write: (UInt8) -> Void) {
    flush(write)
    if endsInReturn { write(UInt8(ascii: "\r")) }
    endsInReturn = false
  }

  private mutating func add(_ byte: UInt8, _ write: (UInt8) -> Void) {
    if openBytes > 0, byte & 0xC0 == 0x80, cursor > 0 {
      line[cursor - 1] = line[cursor - 1] << 8 | UInt32(byte)
      openBytes -= 1
      return
    }
    openBytes = 0
    endsInReturn = false
    switch byte {
    case UInt8(ascii: "\n"):
      flush(write)
      write(byte)
    case UInt8(ascii: "\r"):
      cursor = 0
      endsInReturn = true
    case 0x08:
      cursor = max(0, cursor - 1)
    default:
      if cursor < line.count { line[cursor] = UInt32(byte) } else { line.append(UInt32(byte)) }
      cursor += 1
      openBytes = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0
      if line.count >= Self.longestLine, openBytes == 0 { flush(write) }
    }
  }

  /// The line that is not ended, as a terminal shows it so far.
  package var openLine: [UInt8] {
    var bytes: [UInt8] = []
    writeLine { bytes.append($0) }
    return bytes
  }

  private mutating func flush(_ write: (UInt8) -> Void) {
    writeLine(write)
    line.removeAll(keepingCapacity: true)
    cursor = 0
    openBytes = 0
  }

  private func writeLine(_ write: (UInt8) -> Void) {
    for character in line {
      var shift: UInt32 =
        character > 0xFF_FFFF ? 24 : character > 0xFFFF ? 16 : character > 0xFF ? 8 : 0
      while true {
        write(UInt8(truncatingIfNeeded: character >> shift))
        if shift == 0 { break }
        shift -= 8
      }
    }
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

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
  ///   - output: Is appended what is certain of the result: whole lines.
  package mutating func filter(_ bytes: ArraySlice<UInt8>, into output: inout [UInt8]) {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        if line.isEmpty, let plain = Self.plainLine(rest) {
          output.append(contentsOf: plain)
          endsInReturn = false
          rest = rest[plain.endIndex...]
        } else {
          add(rest.removeFirst(), to: &output)
        }
      }
    }
  }

  /// Ends the text.
  ///
  /// - Parameter output: Is appended the rest of the result.
  package mutating func finish(into output: inout [UInt8]) {
    flush(into: &output)
    if endsInReturn { output.append(UInt8(ascii: "\r")) }
    endsInReturn = false
  }

  /// The line at the beginning with its end, if it comes out as it is: most do.
  private static func plainLine(
    _ bytes: Slice<UnsafeRawBufferPointer>
  ) -> Slice<UnsafeRawBufferPointer>? {
    let part = UnsafeRawBufferPointer(rebasing: bytes)
    guard let start = part.baseAddress, let end = memchr(start, 0x0A, part.count) else {
      return nil
    }
    let count = start.distance(to: UnsafeRawPointer(end))
    guard memchr(start, 0x0D, count) == nil, memchr(start, 0x08, count) == nil else { return nil }
    return bytes.prefix(count + 1)
  }

  private mutating func add(_ byte: UInt8, to output: inout [UInt8]) {
    if openBytes > 0, byte & 0xC0 == 0x80, cursor > 0 {
      line[cursor - 1] = line[cursor - 1] << 8 | UInt32(byte)
      openBytes -= 1
      return
    }
    openBytes = 0
    endsInReturn = false
    switch byte {
    case UInt8(ascii: "\n"):
      flush(into: &output)
      output.append(byte)
    case UInt8(ascii: "\r"):
      cursor = 0
      endsInReturn = true
    case 0x08:
      cursor = max(0, cursor - 1)
    default:
      if cursor < line.count { line[cursor] = UInt32(byte) } else { line.append(UInt32(byte)) }
      cursor += 1
      openBytes = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0
      if line.count >= Self.longestLine, openBytes == 0 { flush(into: &output) }
    }
  }

  /// The line that is not ended, as a terminal shows it so far.
  package var openLine: [UInt8] {
    var bytes: [UInt8] = []
    appendLine(to: &bytes)
    return bytes
  }

  private mutating func flush(into output: inout [UInt8]) {
    appendLine(to: &output)
    line.removeAll(keepingCapacity: true)
    cursor = 0
    openBytes = 0
  }

  private func appendLine(to output: inout [UInt8]) {
    for character in line {
      var shift: UInt32 =
        character > 0xFF_FFFF ? 24 : character > 0xFFFF ? 16 : character > 0xFF ? 8 : 0
      while true {
        output.append(UInt8(truncatingIfNeeded: character >> shift))
        if shift == 0 { break }
        shift -= 8
      }
    }
  }
}

/// Takes the times out of a run's output: those that stand at the beginning of lines, as loggers
/// print them, and are never the same.
///
/// A time is a date with a clock, as in `2026-11-24T18:53:44+0000` or `2026-11-24 18:53:44,120`. It
/// goes with the spaces behind it.
struct TimelessOutput {
  /// The beginning of the line; `nil` once it is known what becomes of it.
  private var head: [UInt8]? = []

  private static let longestTime = 36

  /// Takes in a part of the output.
  ///
  /// - Parameters:
  ///   - part: The bytes; lines may go on from one part to the next.
  ///   - output: Where the bytes that stay are appended.
  mutating func filter(_ part: [UInt8], into output: inout [UInt8]) {
    output.reserveCapacity(output.count + part.count)
    for byte in part {
      if head == nil {
        output.append(byte)
        if byte == Self.lineEnd { head = [] }
        continue
      }
      head?.append(byte)
      if byte == Self.lineEnd {
        finish(into: &output)
      } else if let count = head?.count, count > Self.longestTime {
        finish(into: &output)
        head = nil
      }
    }
  }

  /// Gives out what is held back at the end of the output.
  mutating func finish(into output: inout [UInt8]) {
    guard let line = head else { return }
    output += line.dropFirst(Self.timeLength(line))
    head = []
  }

  private static let lineEnd = UInt8(ascii: "\n")

  /// The length of the time at the beginning of a line, with the spaces behind it; 0 without one.
  private static func timeLength(_ line: [UInt8]) -> Int {
    let form = Array("0000-00-00T00:00:00".utf8)
    guard line.count >= form.count else { return 0 }
    for (byte, sign) in zip(line, form) {
      switch sign {
      case UInt8(ascii: "0"): guard isDigit(byte) else { return 0 }
      case UInt8(ascii: "T"):
        guard byte == sign || byte == UInt8(ascii: " ") else { return 0 }
      default: guard byte == sign else { return 0 }
      }
    }
    var end = form.count
    // A fraction and a zone.
    while end < line.count, isDigit(line[end]) || ".,+-:Z".utf8.contains(line[end]) { end += 1 }
    while end < line.count, line[end] == UInt8(ascii: " ") { end += 1 }
    return end
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}

/// A place in a text.
struct ConfigPlace: Hashable, Sendable {
  /// The line, from 1.
  var line: Int
  /// The column in Unicode scalars, from 1.
  var column: Int

  /// The start of a text.
  static let start = ConfigPlace(line: 1, column: 1)
}

extension ConfigPlace: CustomStringConvertible {
  /// The place as compilers write it, such as `3:5`.
  var description: String { "\(line):\(column)" }
}

/// What makes a text no document of its format.
struct ConfigFault: Error {
  /// Where it is.
  var place: ConfigPlace
  /// What was found and what was expected, in one line.
  var message: String
}

/// Turns offsets into places.
///
/// Asked for one offset after the other, it walks the text once.
struct ConfigPlaceCounter {
  private let bytes: [UInt8]
  private var offset = 0
  private var place = ConfigPlace.start

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The place of a byte.
  mutating func place(at target: Int) -> ConfigPlace {
    if target < offset { (offset, place) = (0, .start) }
    while offset < target, offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "\n") {
        place = ConfigPlace(line: place.line + 1, column: 1)
      } else if bytes[offset] & 0xC0 != 0x80 {
        // Only the first byte of a character counts.
        place.column += 1
      }
      offset += 1
    }
    return place
  }
}

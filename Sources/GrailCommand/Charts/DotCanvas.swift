/// A picture of dots, eight to a character: two columns by four lines, in Unicode's braille.
struct DotCanvas {
  /// The size in characters.
  let width: Int
  let height: Int
  private var dots: [UInt8]
  /// Who drew last in a character, of those who may.
  private var owners: [Int]

  /// Nobody drew there.
  static let nobody = -1

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    dots = Array(repeating: 0, count: width * height)
    owners = Array(repeating: Self.nobody, count: width * height)
  }

  /// The size in dots.
  var columns: Int { width * 2 }
  var lines: Int { height * 4 }

  private static let bits: [UInt8] = [0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80]

  /// Draws a dot; one beyond the picture is not drawn.
  ///
  /// - Parameters:
  ///   - column: The column, from the left.
  ///   - line: The line, from the top.
  ///   - owner: Who draws, 0 and up; the last one gives a character its color.
  mutating func draw(column: Int, line: Int, by owner: Int) {
    guard column >= 0, column < columns, line >= 0, line < lines else { return }
    let cell = line / 4 * width + column / 2
    dots[cell] |= Self.bits[column % 2 * 4 + line % 4]
    owners[cell] = owner
  }

  /// The character in a place, and who drew last in it.
  subscript(column: Int, line: Int) -> (character: Unicode.Scalar, owner: Int) {
    let cell = line * width + column
    guard dots[cell] > 0 else { return (" ", Self.nobody) }
    return (Unicode.Scalar(0x2800 + UInt32(dots[cell])) ?? " ", owners[cell])
  }
}

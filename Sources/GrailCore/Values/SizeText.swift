/// Sizes in bytes as people write them: `64MiB`, `1.5GB`, `812B`.
package enum SizeText {
  private static let units: [(name: String, bytes: Double)] = [
    ("B", 1), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("KiB", 0x1p10),
    ("MiB", 0x1p20), ("GiB", 0x1p30), ("TiB", 0x1p40),
  ]

  /// Reads a number with a unit; `nil` if the text is none, or the size beyond 64 bits.
  package static func read(_ text: some StringProtocol) -> Int64? {
    let unit = text.drop { !$0.isLetter }
    guard let size = units.first(where: { $0.name == unit }),
      let count = Double(text.dropLast(unit.count))
    else { return nil }
    return Int64(exactly: (count * size.bytes).rounded())
  }
}

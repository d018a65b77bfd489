import GRDB
import GrailCore

/// A set of the names of runs.
///
/// Most are small numbers, of which a hundred thousand are compared in the time of a few texts.
struct RunNames {
  /// A bit for each small number.
  private var numbers: [UInt64] = []
  private var texts: Set<String> = []

  /// Greater numbers are kept as texts.
  private static let greatestNumber: Int64 = 1 << 24 - 1

  init() {}

  /// The names of the runs that the index has.
  init(_ database: Database) throws {
    let range = "BETWEEN 0 AND \(Self.greatestNumber)"
    let known = try Int64.fetchCursor(database, sql: "SELECT number FROM run WHERE number \(range)")
    while let number = try known.next() { insert(number) }
    texts = try String.fetchSet(
      database, sql: "SELECT name FROM run WHERE (number \(range)) IS NOT TRUE")
  }

  /// Adds a name.
  mutating func insert(_ name: UnsafeRawBufferPointer) {
    if let number = Self.number(name) {
      insert(number)
    } else {
      texts.insert(String(decoding: name, as: UTF8.self))
    }
  }

  private mutating func insert(_ number: Int64) {
    let place = Int(number / 64)
    if place >= numbers.count {
      numbers += [UInt64](repeating: 0, count: max(place + 1 - numbers.count, numbers.count))
    }
    numbers[place] |= 1 << UInt64(number % 64)
  }

  /// The names that another set does not have, numbers first and ascending.
  func subtracting(_ other: RunNames) -> [String] {
    var rest: [String] = []
    for (place, word) in numbers.enumerated() {
      var left = place < other.numbers.count ? word & ~other.numbers[place] : word
      while left != 0 {
        rest.append(String(64 * place + left.trailingZeroBitCount))
        left &= left - 1
      }
    }
    return rest + texts.subtracting(other.texts).sorted()
  }

  /// The small number that a name is the one form of.
  private static func number(_ name: UnsafeRawBufferPointer) -> Int64? {
    guard let first = name.first, name.count <= 8, first != UInt8(ascii: "0") || name.count == 1
    else { return nil }
    var number: Int64 = 0
    for byte in name {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      number = number * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return number <= greatestNumber ? number : nil
  }
}

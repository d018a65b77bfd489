import GRDB
import GrailCore

/// The names of the runs that the index has, to be compared with those of the directories.
///
/// Most are numbers, of which a hundred thousand are compared in the time of a few texts.
struct KnownNames {
  private var numbers: Set<Int64>
  private var texts: Set<String>

  init(_ database: Database) throws {
    numbers = []
    let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM run") ?? 0
    numbers.reserveCapacity(count)
    let range = "BETWEEN 0 AND \(Self.greatestNumber)"
    let known = try Int64.fetchCursor(database, sql: "SELECT number FROM run WHERE number \(range)")
    while let number = try known.next() { numbers.insert(number) }
    texts = try String.fetchSet(
      database, sql: "SELECT name FROM run WHERE (number \(range)) IS NOT TRUE")
  }

  /// Takes a name out.
  ///
  /// - Returns: Whether it was there.
  mutating func remove(_ name: UnsafeRawBufferPointer) -> Bool {
    if let number = Self.number(name) { return numbers.remove(number) != nil }
    return texts.remove(String(decoding: name, as: UTF8.self)) != nil
  }

  /// Those that were not taken out.
  var rest: [String] { numbers.map(String.init) + texts }

  /// The greatest number of eighteen digits; greater ones are compared as texts.
  private static let greatestNumber: Int64 = 999_999_999_999_999_999

  /// The number that a name is the one form of.
  private static func number(_ name: UnsafeRawBufferPointer) -> Int64? {
    guard let first = name.first, name.count <= 18, first != UInt8(ascii: "0") || name.count == 1
    else { return nil }
    var number: Int64 = 0
    for byte in name {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      number = number * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return number
  }
}

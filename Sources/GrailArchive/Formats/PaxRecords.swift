/// What a pax archive says about a member that does not fit into its header.
///
/// A record is its own length in decimal digits, a blank, `NAME=VALUE` and a line feed.
///
/// - SeeAlso: POSIX.1-2017, pax, "pax Extended Header".
struct PaxRecords: Hashable {
  private(set) var records: [String: [UInt8]] = [:]

  init() {}

  /// Reads records.
  ///
  /// - Throws: ``ArchiveError`` if they are none.
  init(_ bytes: [UInt8]) throws(ArchiveError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let digits = rest.prefix { $0 != UInt8(ascii: " ") }
      guard digits.count < 10, let count = Int(String(decoding: digits, as: UTF8.self)),
        count > digits.count + 1, count <= rest.count
      else { throw Self.damage }
      let record = rest.prefix(count).dropFirst(digits.count + 1)
      guard record.last == UInt8(ascii: "\n"),
        let sign = record.firstIndex(of: UInt8(ascii: "="))
      else { throw Self.damage }
      let name = String(decoding: record[..<sign], as: UTF8.self)
      records[name] = Array(record[(sign + 1)...].dropLast())
      rest = rest.dropFirst(count)
    }
  }

  private static let damage = ArchiveError("a pax header in it is damaged; fetch it again")

  subscript(_ name: String) -> [UInt8]? {
    get { records[name] }
    set { records[name] = newValue }
  }

  /// The number that a record holds.
  ///
  /// - Throws: ``ArchiveError`` if it holds none.
  func number(_ name: String) throws(ArchiveError) -> Int64? {
    guard let bytes = records[name] else { return nil }
    guard let number = Int64(String(decoding: bytes, as: UTF8.self)), number >= 0 else {
      throw Self.damage
    }
    return number
  }

  /// Whether the member's content is not all there, but with the holes left out (GNU).
  var isSparse: Bool { records.keys.contains { $0.hasPrefix("GNU.sparse.") } }

  /// The records as bytes.
  var bytes: [UInt8] {
    records.sorted { $0.key < $1.key }.flatMap { name, value in
      // The length counts its own digits too.
      let rest = 1 + name.utf8.count + 1 + value.count + 1
      var count = rest + 1
      while count != rest + "\(count)".utf8.count { count = rest + "\(count)".utf8.count }
      return Array("\(count) \(name)=".utf8) + value + [UInt8(ascii: "\n")]
    }
  }
}

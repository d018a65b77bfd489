import GRDB
import GrailCore
import GrailRecord

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A value as the index keeps it, so that SQLite compares and sorts it as queries do.
///
/// Numbers and texts are SQLite's own. All else is a blob whose first byte gives its place behind
/// them: times, then truth values, lists, what has no order, nan, null. What a run does not have is
/// no row, and so NULL. Of lists and of what has no order the content is kept apart.
struct IndexValue: Equatable {
  var stored: DatabaseValue
  /// What the blob stands for, where it does not say so itself.
  var content: [UInt8]?

  /// The first byte of a blob.
  enum Mark: UInt8 {
    case time = 0x10
    case no = 0x20
    case yes = 0x21
    case list = 0x30
    /// Bytes, maps and opaque values, which are neither before nor behind each other.
    case other = 0x40
    case nan = 0x50
    case null = 0x60

    var blob: DatabaseValue { DatabaseValue(bytes: [rawValue]) }
    /// The mark as it is written in SQL.
    var sql: String { "x'\(String(rawValue, radix: 16))'" }
  }

  /// Puts a value into the index's form.
  init(_ value: Value) {
    content = nil
    switch value.queryForm {
    case .int(let number): stored = number.databaseValue
    case .double(let number): stored = number.isNaN ? Mark.nan.blob : number.databaseValue
    case .text(let text): stored = text.databaseValue
    case .time(let time): stored = Self.stored(time)
    case .bool(let flag): stored = (flag ? Mark.yes : .no).blob
    case .null: stored = Mark.null.blob
    case .list(let elements):
      (stored, content) = (Mark.list.blob, ValueCoding.encode(.list(elements)))
    case let other: (stored, content) = (Mark.other.blob, ValueCoding.encode(other))
    }
  }

  /// A time as the index keeps it: its microseconds in eight bytes that sort as they do.
  static func stored(_ time: Timestamp) -> DatabaseValue {
    let bits = UInt64(bitPattern: time.microseconds) ^ 1 << 63
    return DatabaseValue(
      bytes: [Mark.time.rawValue] + (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) }
    )
  }

  /// The value that is kept; `nil` for none, and for what is damaged.
  ///
  /// - Parameters:
  ///   - stored: What stands in the index.
  ///   - content: The content that is kept apart, if there is one.
  /// - Returns: The value.
  static func value(_ stored: DatabaseValue, content: DatabaseValue) -> Value? {
    switch stored.storage {
    case .null: return nil
    case .int64(let number): return .int(number)
    case .double(let number): return .double(number)
    case .string(let text): return .text(text)
    case .blob(let data):
      switch data.first.flatMap(Mark.init) {
      case .time:
        guard data.count == 9 else { return nil }
        let bits = data.dropFirst().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return .time(Timestamp(microseconds: Int64(bitPattern: bits ^ 1 << 63)))
      case .no: return .bool(false)
      case .yes: return .bool(true)
      case .nan: return .double(.nan)
      case .null: return .null
      case .list, .other:
        guard case .blob(let content) = content.storage else { return nil }
        return ValueCoding.decode([UInt8](content))
      case nil: return nil
      }
    }
  }
}

extension DatabaseValue {
  /// A blob.
  init(bytes: [UInt8]) {
    self = bytes.withUnsafeBytes { Data($0) }.databaseValue
  }
}

import GRDB
import GrailCore
import GrailRecord

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Bytes that sort as lists do among each other.
enum ListKey {
  /// The function under which SQLite knows it; of what is no list it returns NULL.
  static let function = DatabaseFunction("grail_list_key", argumentCount: 1, pure: true) {
    arguments in
    guard case .blob(let content) = arguments[0].storage,
      case .list(let elements)? = ValueCoding.decode([UInt8](content))
    else { return nil }
    return Data(bytes(of: elements))
  }

  /// The bytes: each element behind a mark, and an end that comes before any element.
  static func bytes(of elements: [Value]) -> [UInt8] {
    var bytes: [UInt8] = []
    append(elements, to: &bytes)
    return bytes
  }

  private static func append(_ elements: [Value], to bytes: inout [UInt8]) {
    for element in elements { append(element, to: &bytes) }
    bytes.append(0)
  }

  private static func append(_ value: Value, to bytes: inout [UInt8]) {
    switch value.queryForm {
    case .int(let number): append(nearest: Double(number), rest: rest(of: number), to: &bytes)
    case .double(let number):
      if number.isNaN { bytes.append(7) } else { append(nearest: number + 0, rest: 0, to: &bytes) }
    case .text(let text):
      bytes.append(2)
      // A zero is told from the end by what follows.
      for byte in text.utf8 { bytes += byte == 0 ? [0, 1] : [byte] }
      bytes += [0, 0]
    case .time(let time):
      bytes.append(3)
      append(UInt64(bitPattern: time.microseconds) ^ 1 << 63, to: &bytes)
    case .bool(let flag): bytes += [4, flag ? 1 : 0]
    case .list(let elements):
      bytes.append(5)
      append(elements, to: &bytes)
    case .null: bytes.append(8)
    case .bytes, .map, .opaque: bytes.append(6)
    }
  }

  /// Appends a number as the nearest floating-point number and what is missing to it.
  private static func append(nearest: Double, rest: Int64, to bytes: inout [UInt8]) {
    bytes.append(1)
    let bits = nearest.bitPattern
    append(bits >> 63 == 0 ? bits ^ 1 << 63 : ~bits, to: &bytes)
    append(UInt64(bitPattern: rest) ^ 1 << 63, to: &bytes)
  }

  private static func rest(of number: Int64) -> Int64 {
    let nearest = Double(number)
    // Only the greatest numbers round to one beyond Int64.
    return nearest >= 0x1p63 ? number - .max - 1 : number - Int64(nearest)
  }

  private static func append(_ bits: UInt64, to bytes: inout [UInt8]) {
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) }
  }
}

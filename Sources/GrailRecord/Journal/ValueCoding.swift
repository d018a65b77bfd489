package import GrailCore
import OrderedCollections

/// The binary form of values in the journal: a part of CBOR.
///
/// Lengths are definite, floating-point numbers take eight bytes so that every bit is kept, a
/// time is seconds and microseconds with tag 1001, and an opaque value is an array of type name
/// and raw form with tag 27.
///
/// - SeeAlso: RFC 8949, and RFC 9581 for times; tag 27 is registered for serialized objects.
package enum ValueCoding {
  /// Values nested deeper than this are refused by the reader; nothing real comes near.
  static let depthLimit = 512
  /// The writer goes less deep, by what an opaque value and a time in it take.
  private static let deepestContainer = depthLimit - 4

  /// Returns the bytes of a value.
  package static func encode(_ value: Value) -> [UInt8] {
    var writer = ByteWriter()
    append(value, to: &writer)
    return writer.bytes
  }

  /// Returns the value of some bytes; `nil` if they are damaged or more than one value.
  package static func decode(_ bytes: ArraySlice<UInt8>) -> Value? {
    var reader = ByteReader(bytes)
    guard let value = read(from: &reader, depth: 0), reader.isAtEnd else { return nil }
    return value
  }

  /// Returns the value of some bytes; `nil` if they are damaged or more than one value.
  package static func decode(_ bytes: [UInt8]) -> Value? { decode(bytes[...]) }

  /// Appends the bytes of a value.
  ///
  /// Lists and maps that are nested deeper than a reader goes are cut, and say so.
  static func append(_ value: Value, to writer: inout ByteWriter, depth: Int = 0) {
    if depth >= deepestContainer, value.holdsOthers {
      return appendText("cut here: nested deeper than \(deepestContainer)", to: &writer)
    }
    switch value {
    case .null: writer.bytes.append(0xF6)
    case .bool(let flag): writer.bytes.append(flag ? 0xF5 : 0xF4)
    case .int(let number):
      if number < 0 {
        appendHead(major: 1, UInt64(bitPattern: ~number), to: &writer)
      } else {
        appendHead(major: 0, UInt64(number), to: &writer)
      }
    case .double(let number):
      writer.bytes.append(0xFB)
      writer.append(littleEndian: number.bitPattern.byteSwapped)
    case .bytes(let bytes):
      appendHead(major: 2, UInt64(bytes.count), to: &writer)
      writer.bytes.append(contentsOf: bytes)
    case .text(let text):
      appendText(text, to: &writer)
    case .time(let time):
      let (seconds, rest) = time.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
      appendHead(major: 6, 1001, to: &writer)
      appendHead(major: 5, 2, to: &writer)
      append(.int(1), to: &writer)
      append(.int(rest < 0 ? seconds - 1 : seconds), to: &writer)
      append(.int(-6), to: &writer)
      append(.int(rest < 0 ? rest + 1_000_000 : rest), to: &writer)
    case .list(let elements):
      appendHead(major: 4, UInt64(elements.count), to: &writer)
      for element in elements { append(element, to: &writer, depth: depth + 1) }
    case .map(let entries):
      appendHead(major: 5, UInt64(entries.count), to: &writer)
      for (name, entry) in entries {
        appendText(name, to: &writer)
        append(entry, to: &writer, depth: depth + 1)
      }
    case .opaque(let opaque):
      appendHead(major: 6, 27, to: &writer)
      appendHead(major: 4, 2, to: &writer)
      appendText(opaque.typeName, to: &writer)
      append(opaque.raw, to: &writer, depth: depth + 2)
    }
  }

  private static func appendText(_ text: String, to writer: inout ByteWriter) {
    appendHead(major: 3, UInt64(text.utf8.count), to: &writer)
    writer.bytes.append(contentsOf: text.utf8)
  }

  private static func appendHead(major: UInt8, _ argument: UInt64, to writer: inout ByteWriter) {
    let type = major << 5
    switch argument {
    case 0..<24:
      writer.bytes.append(type | UInt8(argument))
    case 0...0xFF:
      writer.bytes.append(type | 24)
      writer.bytes.append(UInt8(argument))
    case 0...0xFFFF:
      writer.bytes.append(type | 25)
      writer.append(littleEndian: UInt16(argument).byteSwapped)
    case 0...0xFFFF_FFFF:
      writer.bytes.append(type | 26)
      writer.append(littleEndian: UInt32(argument).byteSwapped)
    default:
      writer.bytes.append(type | 27)
      writer.append(littleEndian: argument.byteSwapped)
    }
  }

  private static func read(from reader: inout ByteReader, depth: Int) -> Value? {
    guard depth < depthLimit, let (major, detail, argument) = readHead(from: &reader) else {
      return nil
    }
    switch major {
    case 0:
      return Int64(exactly: argument).map(Value.int)
    case 1:
      return Int64(exactly: argument).map { .int(~$0) }
    case 2:
      return Int(exactly: argument).flatMap { reader.slice(count: $0) }.map { .bytes(Array($0)) }
    case 3:
      return readText(length: argument, from: &reader).map(Value.text)
    case 4:
      // Every element takes a byte at least, so a greater count is damage and must not be reserved.
      guard let count = Int(exactly: argument), count <= reader.remaining else { return nil }
      var elements: [Value] = []
      elements.reserveCapacity(count)
      for _ in 0..<count {
        guard let element = read(from: &reader, depth: depth + 1) else { return nil }
        elements.append(element)
      }
      return .list(elements)
    case 5:
      guard let count = Int(exactly: argument), count <= reader.remaining / 2 else { return nil }
      var entries = OrderedDictionary<String, Value>(minimumCapacity: count)
      for _ in 0..<count {
        guard case let (3, _, length)? = readHead(from: &reader),
          let name = readText(length: length, from: &reader),
          let entry = read(from: &reader, depth: depth + 1)
        else { return nil }
        entries[name] = entry
      }
      return .map(entries)
    case 6 where argument == 27:
      guard case .list(let parts) = read(from: &reader, depth: depth + 1), parts.count == 2,
        let typeName = parts[0].textValue
      else { return nil }
      return .opaque(Value.Opaque(typeName: typeName, raw: parts[1]))
    case 6 where argument == 1001:
      return readTime(from: &reader, depth: depth + 1)
    case 6:
      return nil
    default:
      switch detail {
      case 20: return .bool(false)
      case 21: return .bool(true)
      case 22: return .null
      case 27: return .double(Double(bitPattern: argument))
      default: return nil
      }
    }
  }

  private static func readHead(
    from reader: inout ByteReader
  ) -> (major: UInt8, detail: UInt8, argument: UInt64)? {
    guard let first = reader.byte() else { return nil }
    let (major, detail) = (first >> 5, first & 0x1F)
    switch detail {
    case 0..<24: return (major, detail, UInt64(detail))
    case 24...27:
      return reader.bigEndian(byteCount: 1 << Int(detail - 24)).map { (major, detail, $0) }
    default: return nil
    }
  }

  private static func readTime(from reader: inout ByteReader, depth: Int) -> Value? {
    guard case (5, _, 2)? = readHead(from: &reader), case (0, _, 1)? = readHead(from: &reader),
      let seconds = read(from: &reader, depth: depth)?.intValue,
      case (1, _, 5)? = readHead(from: &reader),
      let rest = read(from: &reader, depth: depth)?.intValue
    else { return nil }
    // Wrapping, because the whole seconds of the earliest moments alone are out of range.
    return .time(Timestamp(microseconds: seconds &* 1_000_000 &+ rest))
  }

  private static func readText(length: UInt64, from reader: inout ByteReader) -> String? {
    Int(exactly: length).flatMap { reader.slice(count: $0) }
      .map { String(decoding: $0, as: UTF8.self) }
  }
}

extension Value {
  /// Whether the value is made of others.
  fileprivate var holdsOthers: Bool {
    switch self {
    case .list, .map, .opaque: true
    default: false
    }
  }
}

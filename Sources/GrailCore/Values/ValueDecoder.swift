import OrderedCollections

/// Makes instances of the values that a ``ValueEncoder`` made of them.
///
/// A whole number serves where a floating-point one is asked for, and the other way round if
/// nothing is lost.
public struct ValueDecoder: Sendable {
  /// Creates a decoder.
  public init() {}

  /// Makes an instance of a value.
  ///
  /// - Parameters:
  ///   - type: The type of the instance.
  ///   - value: The value.
  /// - Returns: The instance.
  /// - Throws: ``ValueDecodingError``, or what the type's own `init(from:)` throws.
  /// - Complexity: O(*n*) for *n* numbers, texts and other single values.
  public func decode<T: Decodable>(_ type: T.Type, from value: Value) throws -> T {
    do {
      return try decodedInstance(of: type, from: value, at: [])
    } catch let error as DecodingError {
      throw ValueDecodingError(error)
    }
  }
}

/// A value that does not fit the type which it was to become.
public struct ValueDecodingError: Error, Hashable, CustomStringConvertible {
  /// The kind of failure.
  public var code: Code
  /// Where in the value it is, such as `data.sizes[2]`; empty for the whole value.
  public var path: String
  /// What was found and what was expected, in one line.
  public var message: String

  /// The path and the message in one line.
  public var description: String { path.isEmpty ? message : "'\(path)': \(message)" }

  /// A kind of failure.
  ///
  /// New kinds may be added in a minor release, so a `switch` needs a `default`.
  public struct Code: Hashable, Sendable {
    private enum Kind: Hashable { case missing, wrongType, refused }
    private var kind: Kind
    /// A value is not there.
    public static let missing: Code = Code(kind: .missing)
    /// A value is of another type.
    public static let wrongType: Code = Code(kind: .wrongType)
    /// The type itself refused a value.
    public static let refused: Code = Code(kind: .refused)
  }

  fileprivate init(_ error: DecodingError) {
    switch error {
    case .keyNotFound(let key, let context):
      (code, path) = (.missing, (context.codingPath + [key]).dotted)
      message = "found nothing, expected a value"
    case .valueNotFound(_, let context):
      (code, path, message) = (.missing, context.codingPath.dotted, context.debugDescription)
    case .typeMismatch(_, let context):
      (code, path, message) = (.wrongType, context.codingPath.dotted, context.debugDescription)
    case .dataCorrupted(let context):
      (code, path, message) = (.refused, context.codingPath.dotted, context.debugDescription)
    @unknown default:
      (code, path, message) = (.refused, "", String(describing: error))
    }
  }
}

extension [any CodingKey] {
  /// The path as people write it: `data.sizes[2]`.
  package var dotted: String {
    reduce(into: "") { path, key in
      if let key = key as? NameKey, let position = key.intValue {
        path += "[\(position)]"
      } else {
        path += (path.isEmpty ? "" : ".") + key.stringValue
      }
    }
  }
}

extension Value {
  /// What this is, in a few words of one line, for messages.
  package var briefDescription: String {
    switch self {
    case .null: "nothing"
    case .bool(let flag): "'\(flag)'"
    case .int(let number): "'\(number)'"
    case .double(let number): "'\(number)'"
    case .text(let text): "the text '\(text.prefix(60))'"
    case .bytes(let bytes): "\(bytes.count) bytes"
    case .time(let time): "the time '\(time)'"
    case .list(let elements): "a list of \(elements.count)"
    case .map(let entries): "a map of \(entries.count)"
    case .opaque(let opaque): "a '\(opaque.typeName)'"
    }
  }
}

/// Makes an instance of a value that stands at a path.
package func decodedInstance<T: Decodable>(
  of type: T.Type, from value: Value, at path: [any CodingKey]
) throws -> T {
  guard let direct = type as? any DirectValue.Type else {
    return try T(from: ValueReader(value: value, codingPath: path))
  }
  do {
    if let instance = try direct.init(decodedFrom: value) as? T { return instance }
    throw ValueMismatch(expected: "\(type)")
  } catch let mismatch as ValueMismatch {
    throw mismatchError(type, found: value, expected: mismatch.expected, at: path)
  }
}

private func mismatchError(
  _ type: any Any.Type, found value: Value, expected: String, at path: [any CodingKey]
) -> DecodingError {
  let context = DecodingError.Context(
    codingPath: path,
    debugDescription: "found \(value.briefDescription), expected \(expected)")
  return value.isNull ? .valueNotFound(type, context) : .typeMismatch(type, context)
}

/// The decoder that types see.
package struct ValueReader: Decoder {
  package let value: Value
  package let codingPath: [any CodingKey]
  package var userInfo: [CodingUserInfoKey: Any] { [:] }

  package init(value: Value, codingPath: [any CodingKey]) {
    (self.value, self.codingPath) = (value, codingPath)
  }

  package func container<Key: CodingKey>(
    keyedBy type: Key.Type
  ) throws -> KeyedDecodingContainer<Key> {
    guard let entries = value.mapValue else {
      throw mismatchError([String: Value].self, found: value, expected: "a map", at: codingPath)
    }
    return KeyedDecodingContainer(MapReader(entries: entries, codingPath: codingPath))
  }

  package func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    switch value {
    case .list(let elements):
      return ListReader(elements: elements, codingPath: codingPath)
    case .bytes(let bytes):
      return ListReader(elements: bytes.map { .int(Int64($0)) }, codingPath: codingPath)
    default:
      throw mismatchError([Value].self, found: value, expected: "a list", at: codingPath)
    }
  }

  package func singleValueContainer() -> any SingleValueDecodingContainer {
    SingleReader(value: value, codingPath: codingPath)
  }
}

private struct SingleReader: SingleValueDecodingContainer {
  let value: Value
  let codingPath: [any CodingKey]

  func decodeNil() -> Bool { value.isNull }
  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    try decodedInstance(of: type, from: value, at: codingPath)
  }
  // The protocols' own versions for 128 bits, which refuse, win over generic ones.
  func decode(_ type: Int128.Type) throws -> Int128 {
    try decodedInstance(of: type, from: value, at: codingPath)
  }
  func decode(_ type: UInt128.Type) throws -> UInt128 {
    try decodedInstance(of: type, from: value, at: codingPath)
  }
}

private struct ListReader: UnkeyedDecodingContainer {
  let elements: [Value]
  let codingPath: [any CodingKey]
  var currentIndex = 0
  var count: Int? { elements.count }
  var isAtEnd: Bool { currentIndex >= elements.count }

  private var path: [any CodingKey] { codingPath + [NameKey(intValue: currentIndex)] }

  /// The element at hand; the position moves on only once it has been decoded.
  private func element<T>(for type: T.Type) throws -> Value {
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        type,
        .init(codingPath: path, debugDescription: "found the list's end, expected an element"))
    }
    return elements[currentIndex]
  }

  mutating func decodeNil() throws -> Bool {
    guard try element(for: Never.self).isNull else { return false }
    currentIndex += 1
    return true
  }
  private mutating func next<T: Decodable>(_ type: T.Type) throws -> T {
    let instance = try decodedInstance(of: type, from: element(for: type), at: path)
    currentIndex += 1
    return instance
  }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next(type) }
  mutating func decode(_ type: Int128.Type) throws -> Int128 { try next(type) }
  mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try next(type) }
  private mutating func child() throws -> ValueReader {
    let reader = ValueReader(value: try element(for: Value.self), codingPath: path)
    currentIndex += 1
    return reader
  }
  mutating func nestedContainer<Key: CodingKey>(
    keyedBy type: Key.Type
  ) throws -> KeyedDecodingContainer<Key> {
    try child().container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try child().unkeyedContainer()
  }
  mutating func superDecoder() throws -> any Decoder { try child() }
}

private struct MapReader<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let entries: OrderedDictionary<String, Value>
  let codingPath: [any CodingKey]
  var allKeys: [Key] { entries.keys.compactMap { Key(stringValue: $0) } }

  private func value(_ key: Key) throws -> Value {
    guard let value = entries[key.stringValue] else {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "found nothing, expected a value"))
    }
    return value
  }
  private func child(_ key: Key) throws -> ValueReader {
    ValueReader(value: try value(key), codingPath: codingPath + [key])
  }

  func contains(_ key: Key) -> Bool { entries[key.stringValue] != nil }
  func decodeNil(forKey key: Key) throws -> Bool { try value(key).isNull }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try decodedInstance(of: type, from: value(key), at: codingPath + [key])
  }
  func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 {
    try decodedInstance(of: type, from: value(key), at: codingPath + [key])
  }
  func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 {
    try decodedInstance(of: type, from: value(key), at: codingPath + [key])
  }
  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try child(key).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try child(key).unkeyedContainer()
  }
  func superDecoder() -> any Decoder {
    ValueReader(value: entries["super"] ?? .null, codingPath: codingPath + [NameKey("super")])
  }
  func superDecoder(forKey key: Key) -> any Decoder {
    ValueReader(value: entries[key.stringValue] ?? .null, codingPath: codingPath + [key])
  }
}

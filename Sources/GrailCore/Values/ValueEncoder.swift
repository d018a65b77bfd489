import OrderedCollections

/// Makes values of anything that can encode itself.
///
/// Structs become maps in the order in which they encode their properties; dictionaries with
/// names or whole numbers as keys become maps sorted by key. What encodes nothing is an empty map.
public struct ValueEncoder: Sendable {
  /// Creates an encoder.
  public init() {}

  /// Makes a value of an instance.
  ///
  /// - Parameter value: What to encode.
  /// - Returns: The value, from which ``ValueDecoder`` makes an equal instance.
  /// - Throws: `EncodingError`, or what the instance's own `encode(to:)` throws.
  /// - Complexity: O(*n*) for *n* numbers, texts and other single values, times log(*n*) where
  ///   they stand in dictionaries.
  public func encode(_ value: some Encodable) throws -> Value {
    try encodedValue(of: value, at: [])
  }
}

/// Makes a value of an instance that stands at a path.
private func encodedValue<T: Encodable>(of value: T, at path: [any CodingKey]) throws -> Value {
  switch value {
  case let number as Double: return .double(number)
  case let number as Int: return .int(Int64(number))
  case let flag as Bool: return .bool(flag)
  case let text as String: return .text(text)
  case let value as Value: return value
  // An empty array of anything would pass for one of numbers: hence the comparison of types.
  case let numbers as [Double] where T.self == [Double].self:
    return .list(numbers.map { .double($0) })
  case let numbers as [Int] where T.self == [Int].self:
    return .list(numbers.map { .int(Int64($0)) })
  case let direct as any DirectValue:
    do {
      return try direct.encodedValue()
    } catch let mismatch as ValueMismatch {
      throw EncodingError.invalidValue(
        value, .init(codingPath: path, debugDescription: "expected \(mismatch.expected)"))
    }
  default:
    let node = EncodingNode()
    try value.encode(to: NodeEncoder(node: node, codingPath: path))
    let result = try node.value(at: path) ?? .map([:])
    guard case .map(var entries) = result, let dictionary = value as? any UnorderedDictionary
    else { return result }
    if type(of: dictionary).hasNumberKeys {
      entries.sort { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }
    } else {
      entries.sort { $0.key < $1.key }
    }
    return .map(entries)
  }
}

/// A dictionary, whose order is another in each process.
private protocol UnorderedDictionary {
  /// Whether the keys are whole numbers.
  static var hasNumberKeys: Bool { get }
}

extension Dictionary: UnorderedDictionary {
  fileprivate static var hasNumberKeys: Bool { Key.self == Int.self }
}

/// What one encoder was given so far.
final class EncodingNode {
  /// A finished value, or one that is still being built by somebody who holds its encoder.
  fileprivate enum Part {
    case value(Value)
    case node(EncodingNode)
  }

  fileprivate enum Content {
    case nothing
    case value(Value)
    case list([Part])
    case map(OrderedDictionary<String, Part>)
  }

  fileprivate var content: Content = .nothing
  /// Whether a second form was given where only one can be kept.
  private var isAmbiguous = false

  /// Sets the whole value.
  func set(_ value: Value) {
    if case .nothing = content {} else { isAmbiguous = true }
    content = .value(value)
  }

  fileprivate var count: Int {
    switch content {
    case .list(let parts): parts.count
    case .map(let parts): parts.count
    default: 0
    }
  }

  fileprivate func becomeMap() {
    switch content {
    case .nothing: content = .map([:])
    case .map: break
    default: isAmbiguous = true
    }
  }

  fileprivate func becomeList() {
    switch content {
    case .nothing: content = .list([])
    case .list: break
    default: isAmbiguous = true
    }
  }

  /// Adds a part; `content` is emptied meanwhile so that the collection is not copied.
  fileprivate func add(_ part: Part, name: String) {
    guard case .map(var parts) = content else { return }
    content = .nothing
    parts[name] = part
    content = .map(parts)
  }

  fileprivate func append(_ part: Part) {
    guard case .list(var parts) = content else { return }
    content = .nothing
    parts.append(part)
    content = .list(parts)
  }

  /// The whole value, or `nil` if nothing was given.
  fileprivate func value(at path: [any CodingKey]) throws -> Value? {
    if isAmbiguous {
      throw EncodingError.invalidValue(
        self,
        .init(codingPath: path, debugDescription: "encoded as two of a value, a list and a map"))
    }
    func finish(_ part: Part, _ key: NameKey) throws -> Value {
      switch part {
      case .value(let value): value
      case .node(let node): try node.value(at: path + [key]) ?? .map([:])
      }
    }
    switch content {
    case .nothing: return nil
    case .value(let value): return value
    case .list(let parts):
      return .list(
        try parts.enumerated().map { try finish($0.element, NameKey(intValue: $0.offset)) })
    case .map(let parts):
      var entries = OrderedDictionary<String, Value>(minimumCapacity: parts.count)
      for (name, part) in parts { entries[name] = try finish(part, NameKey(name)) }
      return .map(entries)
    }
  }
}

/// The encoder that instances see.
struct NodeEncoder: Encoder {
  let node: EncodingNode
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    node.becomeMap()
    return KeyedEncodingContainer(MapContainer(node: node, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    node.becomeList()
    return ListContainer(node: node, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    SingleContainer(node: node, codingPath: codingPath)
  }
}

private struct SingleContainer: SingleValueEncodingContainer {
  let node: EncodingNode
  let codingPath: [any CodingKey]

  mutating func encodeNil() { node.set(.null) }
  // The protocols' own versions for 128 bits, which refuse, win over generic ones.
  mutating func encode(_ value: Int128) { node.set(value.encodedValue()) }
  mutating func encode(_ value: UInt128) { node.set(value.encodedValue()) }
  mutating func encode<T: Encodable>(_ value: T) throws {
    node.set(try encodedValue(of: value, at: codingPath))
  }
}

private struct ListContainer: UnkeyedEncodingContainer {
  let node: EncodingNode
  let codingPath: [any CodingKey]
  var count: Int { node.count }

  private func child() -> NodeEncoder {
    let encoder = NodeEncoder(
      node: EncodingNode(), codingPath: codingPath + [NameKey(intValue: count)])
    node.append(.node(encoder.node))
    return encoder
  }

  mutating func encodeNil() { node.append(.value(.null)) }
  mutating func encode(_ value: Int128) { node.append(.value(value.encodedValue())) }
  mutating func encode(_ value: UInt128) { node.append(.value(value.encodedValue())) }
  mutating func encode<T: Encodable>(_ value: T) throws {
    let path = codingPath + [NameKey(intValue: count)]
    node.append(.value(try encodedValue(of: value, at: path)))
  }
  mutating func nestedContainer<Key: CodingKey>(
    keyedBy type: Key.Type
  ) -> KeyedEncodingContainer<Key> {
    child().container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    child().unkeyedContainer()
  }
  mutating func superEncoder() -> any Encoder { child() }
}

private struct MapContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: EncodingNode
  let codingPath: [any CodingKey]

  private func child(_ key: any CodingKey) -> NodeEncoder {
    let encoder = NodeEncoder(node: EncodingNode(), codingPath: codingPath + [key])
    node.add(.node(encoder.node), name: key.stringValue)
    return encoder
  }

  mutating func encodeNil(forKey key: Key) { node.add(.value(.null), name: key.stringValue) }
  mutating func encode(_ value: Int128, forKey key: Key) {
    node.add(.value(value.encodedValue()), name: key.stringValue)
  }
  mutating func encode(_ value: UInt128, forKey key: Key) {
    node.add(.value(value.encodedValue()), name: key.stringValue)
  }
  mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    let value = try encodedValue(of: value, at: codingPath + [key])
    node.add(.value(value), name: key.stringValue)
  }
  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    child(key).container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    child(key).unkeyedContainer()
  }
  mutating func superEncoder() -> any Encoder { child(NameKey("super")) }
  mutating func superEncoder(forKey key: Key) -> any Encoder { child(key) }
}

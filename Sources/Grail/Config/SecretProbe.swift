import GrailCore

/// Finds out whether a type without a sample has secrets in it.
///
/// The type decodes itself from a decoder that has something for everything, and what it asks for
/// is looked through.
struct SecretProbe {
  /// Whether there are secrets in a type.
  ///
  /// - Parameter type: The type.
  /// - Returns: Whether a secret was asked for.
  static func hasSecrets(in type: any Decodable.Type) -> Bool {
    let findings = Findings()
    _ = try? BlankDecoder(findings: findings).instance(of: type)
    return findings.hasSecrets
  }

  fileprivate final class Findings {
    var hasSecrets = false
  }

  /// There is nothing of a type.
  fileprivate struct NothingThere: Error {}
}

/// A type that shows nothing of its values.
protocol SecretValue {}

extension Secret: SecretValue {}

/// A decoder that makes something up for whatever it is asked for.
private struct BlankDecoder: Decoder {
  let findings: SecretProbe.Findings
  var codingPath: [any CodingKey] = []
  /// How many types are in each other here, of which one may contain itself.
  var depth = 0
  let userInfo: [CodingUserInfoKey: Any] = [:]

  private static let maxDepth = 12

  /// Values of which one will do for most types that read a single value.
  private static let candidates: [Value] = [
    0, "", "a", .bool(false), .time(Timestamp(microseconds: 0)), .bytes([]), [], [:],
  ]

  func instance<T: Decodable>(of type: T.Type) throws -> T {
    if type is any SecretValue.Type {
      findings.hasSecrets = true
      throw SecretProbe.NothingThere()
    }
    if let cases = type as? any CaseIterable.Type, let first = Self.firstCase(of: cases) as? T {
      return first
    }
    if !(type is any ConfigTyped.Type) || Self.isMadeOfOthers(type), depth < Self.maxDepth {
      var inner = self
      inner.depth += 1
      if let instance = try? T(from: inner) { return instance }
    }
    for candidate in Self.candidates {
      if let instance = try? ValueDecoder().decode(type, from: candidate) { return instance }
    }
    throw SecretProbe.NothingThere()
  }

  /// Whether a type of Swift's own has another in it.
  private static func isMadeOfOthers(_ type: Any.Type) -> Bool {
    switch (type as? any ConfigTyped.Type)?.configType(sample: nil, probe: SchemaProbe()) {
    case .optional, .list, .map, .any: true
    default: false
    }
  }

  private static func firstCase<C: CaseIterable>(of type: C.Type) -> Any? { type.allCases.first }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(BlankMap(decoder: self))
  }

  func unkeyedContainer() -> any UnkeyedDecodingContainer { BlankList(decoder: self) }

  func singleValueContainer() -> any SingleValueDecodingContainer { BlankSingle(decoder: self) }
}

private struct BlankSingle: SingleValueDecodingContainer {
  let decoder: BlankDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { false }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.instance(of: type) }
}

/// A list of one element.
private struct BlankList: UnkeyedDecodingContainer {
  let decoder: BlankDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { 1 }
  var isAtEnd: Bool { currentIndex > 0 }
  var currentIndex = 0

  mutating func decodeNil() -> Bool { false }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    currentIndex += 1
    // A type that reads on and on would never end.
    guard currentIndex < 100 else { throw SecretProbe.NothingThere() }
    return try decoder.instance(of: type)
  }

  mutating func nestedContainer<Key: CodingKey>(
    keyedBy type: Key.Type
  ) -> KeyedDecodingContainer<Key> {
    currentIndex += 1
    return decoder.container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer {
    currentIndex += 1
    return decoder.unkeyedContainer()
  }

  mutating func superDecoder() -> any Decoder { decoder }
}

/// A map that has every key.
private struct BlankMap<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: BlankDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { [Key(stringValue: "a") ?? Key(intValue: 0)].compactMap { $0 } }

  func contains(_ key: Key) -> Bool { true }
  func decodeNil(forKey key: Key) -> Bool { false }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try decoder.instance(of: type)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedDecodingContainer<Nested> {
    decoder.container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer {
    decoder.unkeyedContainer()
  }

  func superDecoder() -> any Decoder { decoder }
  func superDecoder(forKey key: Key) -> any Decoder { decoder }
}

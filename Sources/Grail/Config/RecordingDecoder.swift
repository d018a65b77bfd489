import GrailCore
import GrailRun

/// A decoder that notes every name and type it is asked for, and answers from a sample.
struct RecordingDecoder: Decoder {
  let base: ValueReader
  let notes: SchemaNotes
  let probe: SchemaProbe

  var codingPath: [any CodingKey] { base.codingPath }
  var userInfo: [CodingUserInfoKey: Any] { base.userInfo }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    notes.isKeyed = true
    return KeyedDecodingContainer(
      RecordingMap(base: try base.container(keyedBy: type), notes: notes, probe: probe))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    notes.isOpaque = true
    return try base.unkeyedContainer()
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    RecordingSingle(decoder: self)
  }
}

private struct RecordingSingle: SingleValueDecodingContainer {
  let decoder: RecordingDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { decoder.base.singleValueContainer().decodeNil() }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    decoder.notes.noteSingle(decoder.probe.type(of: type, sample: decoder.base.value))
    return try decodedInstance(of: type, from: decoder.base.value, at: codingPath)
  }

  // The protocol's own versions for 128 bits, which refuse, win over the generic one.
  func decode(_ type: Int128.Type) throws -> Int128 {
    decoder.notes.noteSingle(decoder.probe.type(of: type, sample: nil))
    return try decodedInstance(of: type, from: decoder.base.value, at: codingPath)
  }

  func decode(_ type: UInt128.Type) throws -> UInt128 {
    decoder.notes.noteSingle(decoder.probe.type(of: type, sample: nil))
    return try decodedInstance(of: type, from: decoder.base.value, at: codingPath)
  }
}

private struct RecordingMap<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let base: KeyedDecodingContainer<Key>
  let notes: SchemaNotes
  let probe: SchemaProbe
  var codingPath: [any CodingKey] { base.codingPath }

  /// Asking for all keys means that they are not fixed.
  var allKeys: [Key] {
    notes.isOpaque = true
    return base.allKeys
  }

  func contains(_ key: Key) -> Bool { base.contains(key) }

  func decodeNil(forKey key: Key) throws -> Bool {
    notes.noteOptional(key.stringValue)
    return try base.decodeNil(forKey: key)
  }

  private func note<T>(_ type: T.Type, _ key: Key) {
    let name = key.stringValue
    notes.note(probe.type(of: type, sample: notes.value(name)), name: name)
  }

  private func required<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T {
    note(type, key)
    return try base.decode(type, forKey: key)
  }

  private func optional<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T? {
    note(type, key)
    notes.noteOptional(key.stringValue)
    return try base.decodeIfPresent(type, forKey: key)
  }

  private func child(_ key: any CodingKey) -> RecordingDecoder {
    let name = key.stringValue
    let reader = ValueReader(value: notes.value(name) ?? .null, codingPath: codingPath + [key])
    return RecordingDecoder(base: reader, notes: notes.group(name), probe: probe)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try child(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try child(key).unkeyedContainer()
  }

  func superDecoder() -> any Decoder { child(SuperKey.super) }

  func superDecoder(forKey key: Key) -> any Decoder { child(key) }

  // One by one, because the protocol has a version of its own of each of these, which wins over
  // the generic one and tells no type where the value is absent.
  func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try required(type, key) }
  func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try required(type, key) }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try required(type, key)
  }
  func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: Int128.Type, forKey key: Key) throws -> Int128? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? {
    try optional(type, key)
  }
  func decodeIfPresent(_ type: UInt128.Type, forKey key: Key) throws -> UInt128? {
    try optional(type, key)
  }
}

private enum SuperKey: CodingKey {
  case `super`
}

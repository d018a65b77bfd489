package import GrailCore
import OrderedCollections

/// The tagged JSON of jsonpickle, in which Sacred records what JSON has no form for.
///
/// A tag is a key that starts with `py/`. Bytes and times without a zone become values of ours;
/// every other tagged map is an opaque value that holds the map as it stood. Nothing is ever
/// constructed from a name in a record, which is how jsonpickle runs foreign code.
///
/// Both directions lose nothing: a value that is encoded and decoded is the same, and so is JSON
/// that is decoded and encoded, up to the order of the two keys of a time. A foreign opaque value,
/// which jsonpickle did not make, is written in its raw form.
package enum JSONPickle {
  private static let dateTime = "datetime.datetime"
  private static let reduce = "__reduce__"

  /// Returns the value that tagged JSON, as the parser reads it, stands for.
  package static func decode(_ json: Value) -> Value {
    switch json {
    case .list(let elements): return .list(elements.map(decode))
    case .map(let entries):
      guard let typeName = typeName(of: entries) else {
        var decoded = OrderedDictionary<String, Value>(minimumCapacity: entries.count)
        for (key, value) in entries { decoded[Key.decode(key)] = decode(value) }
        return .map(decoded)
      }
      if let bytes = bytes(from: entries) { return .bytes(bytes) }
      if let time = time(from: entries) { return .time(time) }
      return .opaque(Value.Opaque(typeName: typeName, raw: json))
    default: return json
    }
  }

  /// Returns the tagged JSON of a value; it has no bytes, times and, but for numbers, no opaques.
  package static func encode(_ value: Value) -> Value {
    switch value {
    case .bytes(let bytes): return ["py/b64": .text(Base64.encode(bytes))]
    case .time(let time): return encode(time)
    case .list(let elements): return .list(elements.map(encode))
    case .map(let entries):
      var encoded = OrderedDictionary<String, Value>(minimumCapacity: entries.count)
      for (key, value) in entries { encoded[Key.encode(key)] = encode(value) }
      return .map(encoded)
    case .opaque(let opaque):
      return opaque.typeName == JSONParser.numberTypeName ? value : plain(opaque.raw)
    default: return value
    }
  }

  /// Returns a raw form with its maps as they stand, and only what JSON cannot hold encoded.
  private static func plain(_ raw: Value) -> Value {
    switch raw {
    case .list(let elements): .list(elements.map(plain))
    case .map(let entries): .map(entries.mapValues(plain))
    default: encode(raw)
    }
  }
}

// MARK: - Tagged maps

extension JSONPickle {
  /// The name of what a map stands for; `nil` if the map has no tags.
  private static func typeName(of entries: OrderedDictionary<String, Value>) -> String? {
    guard let tag = entries.keys.first(where: Key.isReserved) else { return nil }
    if let name = entries["py/object"]?.textValue { return name }
    if let call = entries["py/reduce"] ?? entries[reduce] {
      let constructor = call.listValue?.first ?? call["py/tuple"]?.listValue?.first
      let name = constructor?["py/type"] ?? constructor?["py/function"]
      return name?.textValue ?? "object"
    }
    return names.first { entries.keys.contains($0.tag) }?.name
      // A tag of a later version.
      ?? String(tag.split(separator: "/", maxSplits: 1).last ?? "object")
  }

  /// What a tag alone says about the type.
  private static let names: [(tag: String, name: String)] = [
    ("py/tuple", "tuple"), ("py/set", "set"), ("py/type", "type"), ("py/id", "reference"),
    ("py/ref", "reference"), ("py/b64", "bytes"), ("py/b85", "bytes"), ("py/bytes", "bytes"),
    ("py/function", "function"), ("py/mod", "module"), ("py/iterator", "iterator"),
    ("py/repr", "object"), ("py/object", "object"),
  ]

  private static func bytes(from entries: OrderedDictionary<String, Value>) -> [UInt8]? {
    guard entries.count == 1, let text = entries["py/b64"]?.textValue else { return nil }
    return Base64.decode(text)
  }
}

// MARK: - Times

extension JSONPickle {
  private static func encode(_ time: Timestamp) -> Value {
    guard let state = state(of: time) else {
      // Python has no such year.
      return ["py/object": "grail.Timestamp", "microseconds": .int(time.microseconds)]
    }
    return [
      "py/object": .text(dateTime),
      reduce: [["py/type": .text(dateTime)], [.text(Base64.encode(state))]],
    ]
  }

  /// The time that a map stands for, if encoding it gives this map again.
  private static func time(from entries: OrderedDictionary<String, Value>) -> Timestamp? {
    guard entries.count == 2, let name = entries["py/object"]?.textValue else { return nil }
    let time: Timestamp
    if name == "grail.Timestamp" {
      guard let microseconds = entries["microseconds"]?.intValue else { return nil }
      time = Timestamp(microseconds: microseconds)
    } else {
      guard name == dateTime, let parts = entries[reduce]?.listValue, parts.count == 2,
        let arguments = parts[1].listValue, arguments.count == 1,
        let text = arguments[0].textValue, let state = Base64.decode(text),
        let decoded = Self.time(ofState: state)
      else { return nil }
      time = decoded
    }
    guard case .map(let again) = encode(time) else { return nil }
    return again.allSatisfy { entries[$0.key] == $0.value } ? time : nil
  }

  private static let microsecondsPerDay: Int64 = 86_400_000_000

  /// The ten bytes in which Python keeps a `datetime`; `nil` outside of its years 1 to 9999.
  private static func state(of time: Timestamp) -> [UInt8]? {
    var (days, rest) = time.microseconds.quotientAndRemainder(dividingBy: microsecondsPerDay)
    if rest < 0 { (days, rest) = (days - 1, rest + microsecondsPerDay) }
    let (year, month, day) = Timestamp.civilDate(daysSince1970: days)
    guard 1...9999 ~= year else { return nil }
    let (seconds, fraction) = rest.quotientAndRemainder(dividingBy: 1_000_000)
    return [
      year >> 8, year & 255, Int64(month), Int64(day), seconds / 3600, seconds / 60 % 60,
      seconds % 60, fraction >> 16, fraction >> 8 & 255, fraction & 255,
    ].map { UInt8(truncatingIfNeeded: $0) }
  }

  /// The time of ten bytes; they may be out of range, which encoding it again shows.
  private static func time(ofState state: [UInt8]) -> Timestamp? {
    guard state.count == 10 else { return nil }
    let part = state.map(Int64.init)
    let days = Timestamp.daysSince1970(
      year: part[0] << 8 | part[1], month: Int(part[2]), day: Int(part[3]))
    let seconds = part[4] * 3600 + part[5] * 60 + part[6]
    let fraction = part[7] << 16 | part[8] << 8 | part[9]
    return Timestamp(microseconds: days * microsecondsPerDay + seconds * 1_000_000 + fraction)
  }
}

// MARK: - Keys

extension JSONPickle {
  /// The keys of plain maps.
  ///
  /// jsonpickle writes a key that is no text as `json://` and its JSON. We keep such a key as it
  /// is, and use the same form for an author's key that would be taken for a tag: `py/x` becomes
  /// `json://"py/x"`, which jsonpickle reads as the text that it was.
  private enum Key {
    private static let escape = "json://"

    // Prefixes are compared as bytes: to String, a combining mark would change the last character.
    static func isReserved(_ key: String) -> Bool {
      key.utf8.starts(with: "py/".utf8) || key == reduce
    }

    static func encode(_ key: String) -> String {
      isReserved(key) || unescaped(key) != nil ? escaped(key) : key
    }

    static func decode(_ key: String) -> String { unescaped(key) ?? key }

    private static func escaped(_ key: String) -> String {
      var output = Array(escape.utf8)
      JSONWriter.append(key, style: .sacred, to: &output)
      return String(decoding: output, as: UTF8.self)
    }

    /// The key that has this escaped form, if there is one that needs to be escaped.
    private static func unescaped(_ key: String) -> String? {
      guard key.utf8.starts(with: "json://\"".utf8),
        case .text(let inner)? = try? JSONParser.parse(Array(key.utf8.dropFirst(escape.utf8.count))),
        isReserved(inner) || unescaped(inner) != nil,
        escaped(inner).utf8.elementsEqual(key.utf8)
      else { return nil }
      return inner
    }
  }
}

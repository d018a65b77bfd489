import OrderedCollections

extension Value: Codable {
  /// Writes the value; a `ValueEncoder` keeps it as it is.
  ///
  /// Other encoders get the plain form that JSON has: bytes become a list of numbers, a time its
  /// ISO 8601 text, an opaque value its recorded form.
  public func encode(to encoder: any Encoder) throws {
    if let encoder = encoder as? NodeEncoder {
      return encoder.node.set(self)
    }
    switch self {
    case .list(let elements):
      var container = encoder.unkeyedContainer()
      for element in elements { try container.encode(element) }
    case .map(let entries):
      var container = encoder.container(keyedBy: NameKey.self)
      for (name, value) in entries { try container.encode(value, forKey: NameKey(name)) }
    case .opaque(let opaque):
      try opaque.raw.encode(to: encoder)
    default:
      var container = encoder.singleValueContainer()
      switch self {
      case .bool(let flag): try container.encode(flag)
      case .int(let number): try container.encode(number)
      case .double(let number): try container.encode(number)
      case .text(let text): try container.encode(text)
      case .bytes(let bytes): try container.encode(bytes)
      case .time(let time): try container.encode(time.description)
      default: try container.encodeNil()
      }
    }
  }

  /// Reads a value; a `ValueDecoder` gives it as it is.
  ///
  /// From other decoders come null, truth values, numbers, texts, lists and maps.
  public init(from decoder: any Decoder) throws {
    if let decoder = decoder as? ValueReader {
      self = decoder.value
    } else if let container = try? decoder.container(keyedBy: NameKey.self) {
      var entries: OrderedDictionary<String, Value> = [:]
      for key in container.allKeys {
        entries[key.stringValue] = try container.decode(Value.self, forKey: key)
      }
      self = .map(entries)
    } else if var container = try? decoder.unkeyedContainer() {
      var elements: [Value] = []
      while !container.isAtEnd { elements.append(try container.decode(Value.self)) }
      self = .list(elements)
    } else {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .null
      } else if let flag = try? container.decode(Bool.self) {
        self = .bool(flag)
      } else if let number = try? container.decode(Int64.self) {
        self = .int(number)
      } else if let number = try? container.decode(Double.self) {
        self = .double(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }
}

extension Timestamp: Codable {
  /// Writes the moment; a `ValueEncoder` keeps it as it is, others get its ISO 8601 text.
  public func encode(to encoder: any Encoder) throws {
    if let encoder = encoder as? NodeEncoder {
      return encoder.node.set(.time(self))
    }
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Reads a moment; from decoders other than `ValueDecoder` as ISO 8601 text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if decoder is ValueReader {
      self = try container.decode(Timestamp.self)
      return
    }
    guard let time = Timestamp(isoText: try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a time in ISO 8601")
    }
    self = time
  }
}

/// The key of any name or position.
struct NameKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ name: String) { (stringValue, intValue) = (name, nil) }
  init(stringValue: String) { self.init(stringValue) }
  init(intValue: Int) { (stringValue, self.intValue) = (String(intValue), intValue) }
}

/// A type that becomes a value, and is read from one, without containers.
///
/// The coders recognize these types before they ask them to encode or decode themselves.
protocol DirectValue: Codable {
  /// The value that holds all of this.
  func encodedValue() throws -> Value

  /// Creates an instance from a value.
  ///
  /// - Throws: ``ValueMismatch`` if the value is of another type or out of range.
  init(decodedFrom value: Value) throws
}

/// A value is not of the type that a decoder was asked for.
struct ValueMismatch: Error {
  /// What was expected, such as `a whole number`.
  var expected: String
}

extension Value: DirectValue {
  func encodedValue() -> Value { self }
  init(decodedFrom value: Value) { self = value }
}

extension Timestamp: DirectValue {
  func encodedValue() -> Value { .time(self) }

  init(decodedFrom value: Value) throws {
    if case .time(let time) = value {
      self = time
    } else if let text = value.textValue, let time = Timestamp(isoText: text) {
      self = time
    } else {
      throw ValueMismatch(expected: "a time")
    }
  }
}

extension Bool: DirectValue {
  func encodedValue() -> Value { .bool(self) }

  init(decodedFrom value: Value) throws {
    guard let flag = value.boolValue else { throw ValueMismatch(expected: "true or false") }
    self = flag
  }
}

extension String: DirectValue {
  func encodedValue() -> Value { .text(self) }

  init(decodedFrom value: Value) throws {
    guard let text = value.textValue else { throw ValueMismatch(expected: "a text") }
    self = text
  }
}

extension Double: DirectValue {
  func encodedValue() -> Value { .double(self) }

  init(decodedFrom value: Value) throws {
    guard let number = value.doubleValue ?? value.numberText.flatMap({ Double($0) }) else {
      throw ValueMismatch(expected: "a number")
    }
    self = number
  }
}

extension Float: DirectValue {
  func encodedValue() -> Value { .double(Double(self)) }
  init(decodedFrom value: Value) throws { self = Float(try Double(decodedFrom: value)) }
}

extension Array: DirectValue where Element == UInt8 {
  func encodedValue() -> Value { .bytes(self) }

  init(decodedFrom value: Value) throws {
    switch value {
    case .bytes(let bytes): self = bytes
    case .list(let elements): self = try elements.map { try UInt8(decodedFrom: $0) }
    default: throw ValueMismatch(expected: "bytes")
    }
  }
}

// MARK: - Whole numbers

extension DirectValue where Self: FixedWidthInteger {
  func encodedValue() -> Value {
    if let number = Int64(exactly: self) { return .int(number) }
    return .opaque(Value.Opaque(typeName: "json.number", raw: .text(String(self))))
  }

  init(decodedFrom value: Value) throws {
    let number: Self? =
      switch value {
      case .int(let number): Self(exactly: number)
      case .double(let number): Self(exactly: number)
      default: value.numberText.flatMap { Self($0) }
      }
    guard let number else {
      throw ValueMismatch(expected: "a whole number from \(Self.min) to \(Self.max)")
    }
    self = number
  }
}

extension Int: DirectValue {}
extension Int8: DirectValue {}
extension Int16: DirectValue {}
extension Int32: DirectValue {}
extension Int64: DirectValue {}
extension Int128: DirectValue {}
extension UInt: DirectValue {}
extension UInt8: DirectValue {}
extension UInt16: DirectValue {}
extension UInt32: DirectValue {}
extension UInt64: DirectValue {}
extension UInt128: DirectValue {}

extension Value {
  /// The digits of a number that no other case can hold, if this is one.
  fileprivate var numberText: String? {
    guard case .opaque(let opaque) = self, opaque.typeName == "json.number" else { return nil }
    return opaque.raw.textValue
  }
}

extension Duration: DirectValue {
  func encodedValue() -> Value { .text(DurationText.text(of: self)) }

  init(decodedFrom value: Value) throws {
    if let text = value.textValue, case .value(let duration) = DurationText.read(text) {
      self = duration
    } else if let seconds = value.doubleValue, abs(seconds) < 1e12 {
      self = .seconds(seconds)
    } else {
      throw ValueMismatch(expected: "a length of time")
    }
  }
}

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Date: DirectValue {
  func encodedValue() throws -> Value {
    let microseconds = (timeIntervalSince1970 * 1_000_000).rounded()
    guard let count = Int64(exactly: microseconds) else {
      throw ValueMismatch(expected: "a time that microseconds can count")
    }
    return .time(Timestamp(microseconds: count))
  }

  init(decodedFrom value: Value) throws {
    let time = try Timestamp(decodedFrom: value)
    self.init(timeIntervalSince1970: Double(time.microseconds) / 1_000_000)
  }
}

extension Data: DirectValue {
  func encodedValue() -> Value { .bytes([UInt8](self)) }
  init(decodedFrom value: Value) throws { self.init(try [UInt8](decodedFrom: value)) }
}

extension URL: DirectValue {
  func encodedValue() -> Value { .text(absoluteString) }

  init(decodedFrom value: Value) throws {
    guard let text = value.textValue, let url = URL(string: text) else {
      throw ValueMismatch(expected: "a URL")
    }
    self = url
  }
}

extension Decimal: DirectValue {
  /// A number where a `Double` holds exactly these digits, otherwise the digits as text.
  func encodedValue() -> Value {
    let digits = description
    guard let number = Double(digits), Decimal(string: "\(number)") == self else {
      return .text(digits)
    }
    return .double(number)
  }

  init(decodedFrom value: Value) throws {
    let digits: String? =
      switch value {
      case .int(let number): String(number)
      case .double(let number): "\(number)"
      case .text(let text): text
      default: nil
      }
    guard let number = digits.flatMap({ Decimal(string: $0) }) else {
      throw ValueMismatch(expected: "a number")
    }
    self = number
  }
}

import GrailCore
import GrailRun

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A Swift type whose text Grail reads by itself.
///
/// What the type is follows from the Swift type by dynamic dispatch, so that optionals of lists
/// of enums compose.
protocol ConfigTyped {
  /// What values an entry of this type takes.
  ///
  /// - Parameters:
  ///   - sample: A value of the type, which shows what is inside; `nil` if there is none.
  ///   - probe: Finds the types of what is inside.
  /// - Returns: The type with everything inside it.
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType
}

extension ConfigTyped where Self: FixedWidthInteger {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType {
    .int(name: "\(Self.self)", min: Int64(clamping: Self.min), max: UInt64(clamping: Self.max))
  }
}

extension Int: ConfigTyped {}
extension Int8: ConfigTyped {}
extension Int16: ConfigTyped {}
extension Int32: ConfigTyped {}
extension Int64: ConfigTyped {}
extension Int128: ConfigTyped {}
extension UInt: ConfigTyped {}
extension UInt8: ConfigTyped {}
extension UInt16: ConfigTyped {}
extension UInt32: ConfigTyped {}
extension UInt64: ConfigTyped {}
extension UInt128: ConfigTyped {}

extension Double: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType {
    .double(name: "Double", isSingle: false)
  }
}

extension Float: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType {
    .double(name: "Float", isSingle: true)
  }
}

extension Decimal: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType {
    .double(name: "Decimal", isSingle: false)
  }
}

extension Bool: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType { .bool(name: "Bool") }
}

extension String: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType { .text(name: "String") }
}

extension URL: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType { .text(name: "URL") }
}

extension Date: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType { .time(name: "Date") }
}

extension Timestamp: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType {
    .time(name: "Timestamp")
  }
}

extension Data: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType { .bytes(name: "Data") }
}

extension Duration: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType {
    .duration(name: "Duration")
  }
}

extension Value: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType { .any(name: "Value") }
}

// MARK: - Types made of others

extension Optional: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType {
    .optional(probe.type(of: Wrapped.self, sample: sample))
  }
}

extension Secret: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType {
    .secret(probe.type(of: Wrapped.self, sample: sample))
  }
}

extension Array: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType {
    .list(of: probe.type(of: Element.self, sample: sample?.listValue?.first))
  }
}

extension Set: ConfigTyped {
  static func configType(sample: Value?, probe: SchemaProbe) -> ConfigType {
    .list(of: probe.type(of: Element.self, sample: sample?.listValue?.first))
  }
}

extension Dictionary: ConfigTyped {
  /// A map with open keys, where the keys are names; any other dictionary encodes as a list.
  static func configType(sample: GrailCore.Value?, probe: SchemaProbe) -> ConfigType {
    let key = probe.type(of: Key.self, sample: nil)
    let element = probe.type(of: Value.self, sample: sample?.firstElement)
    guard Key.self is any CodingKeyRepresentable.Type else {
      return .any(name: "[\(key.name): \(element.name)]")
    }
    return .map(key: key, of: element)
  }
}

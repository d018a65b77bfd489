package import GrailCore
package import OrderedCollections

/// What values an entry takes, and how their text is read.
package indirect enum ConfigType: Hashable, Sendable {
  /// A whole number in a range.
  case int(name: String, min: Int64, max: UInt64)
  /// A floating-point number, rounded to 32 bits if it is single.
  case double(name: String, isSingle: Bool)
  /// `true` or `false`.
  case bool(name: String)
  /// Text that is taken as it stands.
  case text(name: String)
  /// A moment in ISO 8601.
  case time(name: String)
  /// Bytes, written as a list of numbers.
  case bytes(name: String)
  /// One of a few values, each with its text.
  case choice(name: String, OrderedDictionary<String, Value>)
  /// Another type's values, or none.
  case optional(ConfigType)
  /// Any number of values of one type.
  case list(of: ConfigType)
  /// Values of one type under names, or whole numbers, that anybody may add.
  case map(key: ConfigType, of: ConfigType)
  /// Entries, each with a type of its own.
  case group(name: String, [ConfigEntry])
  /// A value of any shape, which the Swift type judges.
  case any(name: String)
}

extension ConfigType {
  /// The name without choices, as messages need it: `Int`, `[Optimizer]`, `String?`.
  package var name: String {
    switch self {
    case .int(let name, _, _), .double(let name, _), .bool(let name), .text(let name),
      .time(let name), .bytes(let name), .choice(let name, _), .group(let name, _), .any(let name):
      name
    case .optional(let wrapped): wrapped.name + "?"
    case .list(let element): "[\(element.name)]"
    case .map(let key, let element): "[\(key.name): \(element.name)]"
    }
  }

  /// The same type under the name of a Swift type that is written as this one.
  package func named(_ name: String) -> ConfigType {
    switch self {
    case .int(_, let min, let max): .int(name: name, min: min, max: max)
    case .double(_, let isSingle): .double(name: name, isSingle: isSingle)
    case .bool: .bool(name: name)
    case .text: .text(name: name)
    case .time: .time(name: name)
    case .bytes: .bytes(name: name)
    case .choice(_, let cases): .choice(name: name, cases)
    case .group(_, let entries): .group(name: name, entries)
    case .any: .any(name: name)
    case .optional, .list, .map: self
    }
  }

  /// Whether there may be no value.
  package var isOptional: Bool {
    if case .optional = self { true } else { false }
  }

  /// The type of the value where there is one.
  package var unwrapped: ConfigType {
    if case .optional(let wrapped) = self { wrapped.unwrapped } else { self }
  }

  /// The entries, if this is a group.
  package var groupEntries: [ConfigEntry]? {
    if case .group(_, let entries) = self { entries } else { nil }
  }

  /// The values that are possible and their texts, also of elements, if these are few and known.
  package var choices: OrderedDictionary<String, Value>? {
    switch self {
    case .choice(_, let cases): cases
    case .optional(let wrapped), .list(let wrapped), .map(_, let wrapped): wrapped.choices
    default: nil
    }
  }
}

extension ConfigType: CustomStringConvertible {
  /// The type as people see it: `Int`, `[Int]`, `String?`, `Optimizer (sgd, adam)`.
  package var description: String {
    choices.map { "\(name) (\($0.keys.joined(separator: ", ")))" } ?? name
  }
}

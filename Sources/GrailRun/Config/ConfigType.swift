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
  /// A length of time, such as `1h30m`.
  case duration(name: String)
  /// A value that is never shown.
  case secret(ConfigType)
  /// Another type's values, or none.
  case optional(ConfigType)
  /// Any number of values of one type.
  case list(of: ConfigType)
  /// Values of one type under names, or whole numbers, that anybody may add.
  case map(key: ConfigType, of: ConfigType)
  /// Entries, each with a type of its own.
  case group(name: String, [ConfigEntry])
  /// The entries of one of several branches, under the entry ``choiceName``, which says which.
  case variant(name: String, selected: String, [ConfigBranchEntries])
  /// A value of any shape, which the Swift type judges.
  case any(name: String)
}

/// One branch of a variant.
package struct ConfigBranchEntries: Hashable, Sendable {
  /// The branch's name.
  package var name: String
  /// What the branch means, in the words of its author.
  package var help: String
  /// The entries that there are when the branch is chosen.
  package var entries: [ConfigEntry]

  /// Creates a branch.
  package init(name: String, help: String, entries: [ConfigEntry]) {
    (self.name, self.help, self.entries) = (name, help, entries)
  }
}

extension ConfigType {
  /// The name of the entry of a variant that says which branch is chosen.
  package static let choiceName = "choice"

  /// The name without choices, as messages need it: `Int`, `[Optimizer]`, `String?`.
  package var name: String {
    switch self {
    case .int(let name, _, _), .double(let name, _), .bool(let name), .text(let name),
      .time(let name), .bytes(let name), .choice(let name, _), .group(let name, _), .any(let name),
      .duration(let name), .variant(let name, _, _):
      name
    case .secret(let wrapped): "Secret<\(wrapped.name)>"
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
    case .duration: .duration(name: name)
    case .variant(_, let selected, let branches):
      .variant(name: name, selected: selected, branches)
    case .optional, .list, .map, .secret: self
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

  /// The entries, if this is a group; of a variant, those of the chosen branch after its choice.
  package var groupEntries: [ConfigEntry]? {
    switch self {
    case .group(_, let entries): entries
    case .variant(let name, let selected, let branches):
      [Self.choiceEntry(name: name, selected: selected, branches)]
        + (branches.first { $0.name == selected }?.entries ?? [])
    default: nil
    }
  }

  private static func choiceEntry(
    name: String, selected: String, _ branches: [ConfigBranchEntries]
  ) -> ConfigEntry {
    let cases = branches.map { ($0.name, Value.text($0.name)) }
    return ConfigEntry(
      choiceName, .choice(name: name, .init(cases) { first, _ in first }), default: .text(selected),
      help: "Which of them; the other entries here are those of the one that is chosen.")
  }

  /// The branches, if this is a variant.
  package var branches: [ConfigBranchEntries]? {
    if case .variant(_, _, let branches) = self { branches } else { nil }
  }

  /// The values that are possible and their texts, also of elements, if these are few and known.
  package var choices: OrderedDictionary<String, Value>? {
    switch self {
    case .choice(_, let cases): cases
    case .optional(let wrapped), .list(let wrapped), .map(_, let wrapped): wrapped.choices
    case .variant: groupEntries?.first?.type.choices
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

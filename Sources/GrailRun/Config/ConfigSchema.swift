package import GrailCore
import OrderedCollections

/// What can be set in a configuration: its entries with their types and defaults, in order.
package struct ConfigSchema: Hashable, Sendable {
  /// The entries; those of a group are in the group's type.
  package var entries: [ConfigEntry]

  /// Creates a schema.
  package init(_ entries: [ConfigEntry]) { self.entries = entries }

  /// The defaults, a map in the order of the entries.
  package var defaults: Value {
    .map(.init(entries.map { ($0.name, $0.defaultValue) }, uniquingKeysWith: { first, _ in first }))
  }

  /// The entries that are no groups, with those of groups under their dotted names, in order.
  package var leaves: [ConfigEntry] { flattened.filter { $0.type.groupEntries == nil } }

  /// The entries and, after each group, those in it, under their dotted names.
  package var flattened: [ConfigEntry] { Self.flatten(entries, prefix: "") }

  private static func flatten(_ entries: [ConfigEntry], prefix: String) -> [ConfigEntry] {
    entries.flatMap { entry in
      var dotted = entry
      dotted.name = prefix + entry.name
      guard let members = entry.members else { return [dotted] }
      return [dotted] + flatten(members, prefix: dotted.name + ".")
    }
  }
}

/// One entry of a configuration.
package struct ConfigEntry: Hashable, Sendable {
  /// The name within the group that it is in; dotted where entries are listed flat.
  package var name: String
  /// What values the entry takes.
  package var type: ConfigType
  /// The value that the entry has unless it is set; null if that is not known.
  package var defaultValue: Value
  /// What the entry means, in the words of its author.
  package var help: String
  /// Whether the default is computed from other entries.
  package var isDependent: Bool
  /// Whether there is no default, so that each run must set it.
  package var isRequired: Bool

  /// Creates an entry.
  ///
  /// - Parameters:
  ///   - name: The name within its group.
  ///   - type: What values the entry takes.
  ///   - defaultValue: The value that it has unless it is set.
  ///   - help: What it means.
  ///   - isDependent: Whether the default is computed from other entries.
  ///   - isRequired: Whether there is no default.
  package init(
    _ name: String, _ type: ConfigType, default defaultValue: Value, help: String = "",
    isDependent: Bool = false, isRequired: Bool = false
  ) {
    (self.name, self.type, self.defaultValue) = (name, type, defaultValue)
    (self.help, self.isDependent, self.isRequired) = (help, isDependent, isRequired)
  }

  /// Whether the entry may be without a value.
  package var isOptional: Bool { type.isOptional }

  /// The texts of the values that the entry may have, if these are few and known.
  package var choices: [String]? { type.choices.map { Array($0.keys) } }

  /// The type as people see it: `Int`, `[Int]`, `String?`, `Optimizer (sgd, adam)`.
  package var typeDescription: String { type.description }

  /// The entries inside, if this is a group that is there; an optional one may be absent.
  var members: [ConfigEntry]? {
    if case .optional = type, defaultValue.isNull { nil } else { type.unwrapped.groupEntries }
  }
}

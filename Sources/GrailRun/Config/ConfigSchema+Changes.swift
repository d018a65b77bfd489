package import GrailCore
import OrderedCollections

extension ConfigSchema {
  /// The entries in which a configuration differs from another.
  ///
  /// - Parameters:
  ///   - config: The values of this schema's entries.
  ///   - other: Other values of them.
  /// - Returns: The values of the first with their dotted names, in the order of the entries.
  package func changes(of config: Value, from other: Value) -> [(path: String, value: Value)] {
    Self.changes(of: config, from: other, entries, prefix: "")
  }

  private static func changes(
    of config: Value, from other: Value, _ entries: [ConfigEntry], prefix: String
  ) -> [(path: String, value: Value)] {
    entries.flatMap { entry -> [(path: String, value: Value)] in
      let value = config[entry.name] ?? .null
      let before = other[entry.name] ?? .null
      let path = prefix + entry.name
      // A group that was not there before has nothing to differ from.
      guard let members = entry.type.unwrapped.groupEntries, value.mapValue != nil,
        before.mapValue != nil
      else { return value == before ? [] : [(path, value)] }
      return changes(of: value, from: before, members, prefix: path + ".")
    }
  }
}

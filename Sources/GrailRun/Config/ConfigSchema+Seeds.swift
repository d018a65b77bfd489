package import GrailCore
import OrderedCollections

/// A configuration nested in others.
package struct ConfigPart: Hashable, Sendable {
  /// The dotted name.
  package var path: String
  /// The branches that must be chosen for it to be there, by the dotted names of the variants.
  package var branches: [String: String]

  /// Creates a description of a part.
  package init(path: String, branches: [String: String] = [:]) {
    (self.path, self.branches) = (path, branches)
  }
}

extension ConfigSchema {
  /// The name of the entry that holds a seed.
  package static let seedName = "seed"

  /// The schema with an entry for a seed at its end and in other groups, where they have none.
  ///
  /// - Parameter parts: The other groups.
  /// - Returns: The schema.
  package func addingSeeds(at parts: [ConfigPart]) -> ConfigSchema {
    var schema = self
    schema.entries.addSeed(
      help: "What every generator of the run's random numbers starts from; drawn unless set.")
    for part in parts {
      schema.entries.addSeed(
        at: part.path.pathComponents[...], within: "", branches: part.branches,
        help: "The seed of this part; follows from the run's unless set.")
    }
    return schema
  }

  /// The dotted names of the seeds that another schema does not have.
  package func addedSeeds(to other: ConfigSchema) -> [String] {
    let names = Set(other.flattened.map(\.name))
    return flattened.map(\.name).filter { name in
      name.pathComponents.last == Self.seedName && !names.contains(name)
    }
  }

  /// The seeds in a configuration, by the dotted names of the groups.
  package func seeds(in config: Value) -> [(String, Int)] {
    flattened.compactMap { entry in
      let path = entry.name.pathComponents
      guard path.last == Self.seedName,
        let seed = config.value(at: path[...])?.intValue.flatMap({ Int(exactly: $0) })
      else { return nil }
      return (path.dropLast().joined(separator: "."), seed)
    }
  }
}

extension ConfigEntry {
  /// Whether this is a seed that Grail added, which has a value only when it is set.
  package var isDrawnSeed: Bool {
    name == ConfigSchema.seedName && type == Self.seedType && defaultValue.isNull
  }

  fileprivate static let seedType = ConfigType.optional(
    .int(name: "Int", min: 1, max: 1_000_000_000))
}

extension [ConfigEntry] {
  fileprivate mutating func addSeed(help: String) {
    guard !contains(where: { $0.name == ConfigSchema.seedName }) else { return }
    append(
      ConfigEntry(
        ConfigSchema.seedName, ConfigEntry.seedType, default: .null, help: help))
  }

  fileprivate mutating func addSeed(
    at path: ArraySlice<String>, within outer: String, branches chosen: [String: String],
    help: String
  ) {
    guard let name = path.first, let index = firstIndex(where: { $0.name == name }) else {
      return addSeed(help: help)
    }
    let dotted = outer + name
    switch self[index].type {
    case .group(let name, var members):
      members.addSeed(
        at: path.dropFirst(), within: dotted + ".", branches: chosen, help: help)
      self[index].type = .group(name: name, members)
    case .variant(let name, let selected, var branches):
      for branch in branches.indices where branches[branch].name == chosen[dotted] {
        branches[branch].entries.addSeed(
          at: path.dropFirst(), within: dotted + ".", branches: chosen, help: help)
      }
      self[index].type = .variant(name: name, selected: selected, branches)
    default: break
    }
  }
}

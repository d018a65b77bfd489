package import GrailCore
import OrderedCollections

/// A configuration in which all updates are applied.
package struct ConfigResolution: Hashable, Sendable {
  /// The whole configuration, a map in the order of the schema.
  package var config: Value
  /// What was set, in the order of the words; groups are split into their entries.
  package var modified: [ConfigChange]

  /// Creates a resolution.
  package init(config: Value, modified: [ConfigChange]) {
    (self.config, self.modified) = (config, modified)
  }
}

/// A value that was set.
package struct ConfigChange: Hashable, Sendable {
  /// The dotted name of the entry.
  package var path: String
  /// The default; `nil` if the defaults have no such entry.
  package var oldValue: Value?
  /// The value that was set, which may equal the default.
  package var value: Value

  /// Creates a change.
  package init(path: String, oldValue: Value?, value: Value) {
    (self.path, self.oldValue, self.value) = (path, oldValue, value)
  }
}

extension ConfigSchema {
  /// Applies updates to the defaults.
  ///
  /// - Parameter words: Updates such as `data.path=x.csv`.
  /// - Returns: The configuration and what was set in it.
  /// - Throws: ``ConfigProblems`` with everything that is wrong with any of them.
  package func resolve(_ words: [String]) throws(ConfigProblems) -> ConfigResolution {
    var problems: [ConfigError] = []
    var modified: [ConfigChange] = []
    for result in read(words) {
      switch result {
      case .success(let reading): modified += reading.changes
      case .failure(let error): problems += error.problems
      }
    }
    guard problems.isEmpty else { throw ConfigProblems(problems) }
    return ConfigResolution(config: defaults.applying(modified), modified: modified)
  }

  /// What one word asks for.
  package struct Reading {
    /// The update as it was written.
    package var update: ConfigUpdate
    /// The entry that is set, under its dotted name.
    package var entry: ConfigEntry
    /// What it changes; a group is split into its entries.
    package var changes: [ConfigChange]
  }

  /// Reads updates, each by itself.
  ///
  /// - Parameter words: Updates such as `data.path=x.csv`.
  /// - Returns: For each word what it changes, or everything that is wrong with it.
  package func read(_ words: [String]) -> [Result<Reading, ConfigProblems>] {
    var earlier: [(path: [String], update: ConfigUpdate)] = []
    let defaults = defaults
    return words.map { word in
      do {
        let update = try ConfigUpdate(parsing: word)
        let entry = try entry(at: update.path)
        let path = entry.name.pathComponents
        var problems = Self.clashes(of: (path, update), with: earlier)
        earlier.append((path, update))
        do {
          let changes = Self.split(try entry.read(update.text), of: entry, defaults: defaults)
          if problems.isEmpty {
            return .success(Reading(update: update, entry: entry, changes: changes))
          }
        } catch let error as ConfigProblems {
          problems += error.problems
        }
        return .failure(ConfigProblems(problems))
      } catch let error as ConfigError {
        return .failure(ConfigProblems([error]))
      } catch {
        // Reading throws nothing else; were it to, its own words are the best message.
        let problem = ConfigError(code: .refused, path: word, message: "\(error)")
        return .failure(ConfigProblems([problem]))
      }
    }
  }

  /// What is wrong between an update and those before it.
  private static func clashes(
    of new: (path: [String], update: ConfigUpdate),
    with earlier: [(path: [String], update: ConfigUpdate)]
  ) -> [ConfigError] {
    if let other = earlier.first(where: { $0.path == new.path }) {
      let texts = "to \(quoted(other.update.text)) and to \(quoted(new.update.text))"
      return [
        ConfigError(
          code: .duplicate, path: new.update.path,
          message: "\(quoted(new.update.path)) is set twice, \(texts); write it once")
      ]
    }
    let other = earlier.first { $0.path.starts(with: new.path) || new.path.starts(with: $0.path) }
    guard let other else { return [] }
    let (whole, part) =
      other.path.count < new.path.count ? (other.update, new.update) : (new.update, other.update)
    return [
      ConfigError(
        code: .conflict, path: new.update.path,
        message: "\(quoted(whole.path)) and its part \(quoted(part.path)) are both set; "
          + "set one of them")
    ]
  }

  /// The changes that a value makes, those in a group one by one.
  private static func split(
    _ value: Value, of entry: ConfigEntry, defaults: Value
  ) -> [ConfigChange] {
    guard let members = entry.members, let values = value.mapValue else {
      let old = defaults.value(at: entry.name.pathComponents[...])
      return [ConfigChange(path: entry.name, oldValue: old, value: value)]
    }
    return values.flatMap { name, value -> [ConfigChange] in
      guard var member = members.first(where: { $0.name == name }) else { return [] }
      member.name = entry.name + "." + name
      return split(value, of: member, defaults: defaults)
    }
  }
}

// MARK: - Names

extension ConfigSchema {
  /// The entry of a dotted name, which may lead into a map with open keys.
  ///
  /// - Throws: ``ConfigError`` if there is none.
  package func entry(at path: String) throws(ConfigError) -> ConfigEntry {
    var known = entries
    var found: ConfigEntry?
    for component in path.pathComponents {
      guard var next = Self.step(from: found, in: known, to: component) else {
        throw unknown(path, beyond: found, known: known)
      }
      next.name = (found.map { $0.name + "." } ?? "") + next.name
      known = next.type.unwrapped.groupEntries ?? []
      found = next
    }
    guard let found else { throw unknown(path, beyond: nil, known: entries) }
    return found
  }

  private static func step(
    from parent: ConfigEntry?, in known: [ConfigEntry], to name: String
  ) -> ConfigEntry? {
    switch parent?.type.unwrapped {
    case .map(let key, let element)? where !name.isEmpty && key.acceptsKey(name):
      let key = key.normalizedKey(name)
      return ConfigEntry(key, element, default: parent?.defaultValue[key] ?? .null)
    case .any? where !name.isEmpty:
      return ConfigEntry(name, .any(name: "Value"), default: parent?.defaultValue[name] ?? .null)
    default:
      return known.first { $0.name == name }
    }
  }

  private func unknown(
    _ path: String, beyond parent: ConfigEntry?, known: [ConfigEntry]
  ) -> ConfigError {
    guard let parent else {
      return .unknownEntry(
        path, known: entries.map(\.name), deeper: flattened.map(\.name), within: nil)
    }
    switch parent.type.unwrapped {
    case .group:
      let names = known.map { "\(parent.name).\($0.name)" }
      return .unknownEntry(path, known: names, within: parent.name)
    case .map(let key, _):
      return ConfigError(
        code: .unknownEntry, path: path,
        message: "there is no entry \(quoted(path)); "
          + "the keys of \(quoted(parent.name)) are \(key.name)")
    default:
      return ConfigError(
        code: .unknownEntry, path: path,
        message: "there is no entry \(quoted(path)); "
          + "\(quoted(parent.name)) is \(parent.type.name) and has no entries")
    }
  }
}

extension ConfigError {
  /// More names than these are not listed in one line.
  private static let fewNames = 8

  /// The problem that an entry is set which does not exist.
  ///
  /// - Parameters:
  ///   - path: The name.
  ///   - known: The entries among which it was looked for.
  ///   - deeper: Entries elsewhere that may be meant.
  ///   - group: The name of the group that was looked in.
  /// - Returns: The problem, with the nearest name or, where they are few, all names.
  static func unknownEntry(
    _ path: String, known: [String], deeper: [String] = [], within group: String?
  ) -> ConfigError {
    let namesakes = deeper.filter { $0.hasSuffix("." + path) }
    let hint =
      if namesakes.count == 1, let name = namesakes.first {
        "; did you mean \(quoted(name))?"
      } else if let near = (known + deeper).closest(to: path) {
        "; did you mean \(quoted(near))?"
      } else if known.isEmpty {
        "; the configuration has none"
      } else if known.count <= fewNames {
        "; the entries \(group.map { "of \(quoted($0)) " } ?? "")are \(known.joined(separator: ", "))"
      } else {
        ""
      }
    return ConfigError(
      code: .unknownEntry, path: path, message: "there is no entry \(quoted(path))\(hint)")
  }
}

extension String {
  /// The names between the dots.
  package var pathComponents: [String] {
    split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }
}

// MARK: - The tree

extension Value {
  /// The value at a path of names, if there is one.
  package func value(at path: ArraySlice<String>) -> Value? {
    guard let first = path.first else { return self }
    return self[first]?.value(at: path.dropFirst())
  }

  /// The tree with another value at a path; what is missing or no map on the way becomes a map.
  package func setting(_ value: Value, at path: ArraySlice<String>) -> Value {
    guard let first = path.first else { return value }
    var entries = mapValue ?? [:]
    entries[first] = (entries[first] ?? [:]).setting(value, at: path.dropFirst())
    return .map(entries)
  }

  /// The tree with all changes made, in order.
  package func applying(_ changes: [ConfigChange]) -> Value {
    changes.reduce(self) { $0.setting($1.value, at: $1.path.pathComponents[...]) }
  }
}

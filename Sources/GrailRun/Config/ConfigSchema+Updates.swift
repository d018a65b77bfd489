package import GrailCore
import OrderedCollections

extension ConfigSchema {
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
    var earlier: [(path: [String], update: ConfigUpdate, type: ConfigType)] = []
    return words.map { word in
      do {
        let update = try ConfigUpdate(parsing: word)
        let entry = try entry(at: update.path)
        let path = entry.name.pathComponents
        var problems = Self.clashes(of: entry, update, with: earlier)
        earlier.append((path, update, entry.type))
        do {
          let value = try entry.read(update.text)
          let changes = Self.split(value, text: update.text, of: entry)
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
    of entry: ConfigEntry, _ update: ConfigUpdate,
    with earlier: [(path: [String], update: ConfigUpdate, type: ConfigType)]
  ) -> [ConfigError] {
    let path = entry.name.pathComponents
    if let other = earlier.first(where: { $0.path == path }) {
      var texts = ", to \(quoted(other.update.text)) and to \(quoted(update.text))"
      if entry.type.hasSecrets { texts = "" }
      return [
        ConfigError(
          code: .duplicate, path: update.path,
          message: "\(quoted(update.path)) is set twice\(texts); write it once")
      ]
    }
    let other = earlier.first { other in
      let (whole, part) = other.path.count < path.count ? (other.path, path) : (path, other.path)
      let isChange = (other.path.count < path.count ? other.type : entry.type).takesParts
      return part.starts(with: whole) && !isChange
    }
    guard let other else { return [] }
    let (whole, part) =
      other.path.count < path.count ? (other.update, update) : (update, other.update)
    return [
      ConfigError(
        code: .conflict, path: update.path,
        message: "\(quoted(whole.path)) and its part \(quoted(part.path)) are both set; "
          + "set one of them")
    ]
  }

  /// The changes that a value makes, those in a group one by one.
  static func split(
    _ value: Value, text: String? = nil, place: String? = nil, of entry: ConfigEntry
  ) -> [ConfigChange] {
    guard let values = value.mapValue, let members = entry.members(choosing: value) else {
      return [ConfigChange(path: entry.name, value: value, text: text, place: place)]
    }
    return values.flatMap { name, value -> [ConfigChange] in
      guard var member = members.first(where: { $0.name == name }) else { return [] }
      member.name = entry.name + "." + name
      return split(value, place: place, of: member)
    }
  }
}

extension ConfigEntry {
  /// The entries inside, with those of the branch that a value chooses.
  fileprivate func members(choosing value: Value) -> [ConfigEntry]? {
    guard type.unwrapped.branches != nil, let choice = value[ConfigType.choiceName]?.textValue
    else { return members }
    return type.unwrapped.selecting(choice).groupEntries
  }
}

extension ConfigType {
  /// Whether a part may be set beside the whole, to change it.
  fileprivate var takesParts: Bool {
    switch self {
    case .list, .map, .variant: true
    case .optional(let wrapped): wrapped.takesParts
    default: false
    }
  }

  /// The type with another branch chosen, if it is a variant that has it.
  func selecting(_ choice: String) -> ConfigType {
    switch self {
    case .optional(let wrapped): return .optional(wrapped.selecting(choice))
    case .variant(let name, _, let branches) where branches.contains { $0.name == choice }:
      return .variant(name: name, selected: choice, branches)
    default: return self
    }
  }
}

extension ConfigSchema {
  /// The schema with other branches chosen.
  ///
  /// - Parameter choices: The names of branches by the dotted names of their variants.
  /// - Returns: The schema; a branch that does not exist leaves the variant as it is.
  package func choosing(_ choices: [String: String]) -> ConfigSchema {
    choices.isEmpty ? self : ConfigSchema(Self.choosing(choices, in: entries, prefix: ""))
  }

  private static func choosing(
    _ choices: [String: String], in entries: [ConfigEntry], prefix: String
  ) -> [ConfigEntry] {
    entries.map { entry in
      var entry = entry
      let path = prefix + entry.name
      if let choice = choices[path] { entry.type = entry.type.selecting(choice) }
      switch entry.type {
      case .group(let name, let members):
        entry.type = .group(name: name, choosing(choices, in: members, prefix: path + "."))
      case .variant(let name, let selected, var branches):
        for index in branches.indices where branches[index].name == selected {
          branches[index].entries = choosing(
            choices, in: branches[index].entries, prefix: path + ".")
        }
        entry.type = .variant(name: name, selected: selected, branches)
      default: return entry
      }
      entry.defaultValue = ConfigSchema(entry.type.groupEntries ?? []).defaults
      return entry
    }
  }

  /// The dotted names of all variants, those in branches that are not chosen included.
  package var variantNames: Set<String> { Self.variantNames(in: entries, prefix: "") }

  private static func variantNames(in entries: [ConfigEntry], prefix: String) -> Set<String> {
    entries.reduce(into: []) { names, entry in
      let path = prefix + entry.name
      if let branches = entry.type.branches {
        names.insert(path)
        for branch in branches {
          names.formUnion(variantNames(in: branch.entries, prefix: path + "."))
        }
      } else if case .group(_, let members) = entry.type {
        names.formUnion(variantNames(in: members, prefix: path + "."))
      }
    }
  }

  /// The variants with the names of the branches that are chosen, by dotted name.
  package var choices: [String: String] {
    var choices: [String: String] = [:]
    for entry in flattened {
      if case .variant(_, let selected, _) = entry.type { choices[entry.name] = selected }
    }
    return choices
  }
}

// MARK: - Names

extension ConfigSchema {
  /// The entry of a dotted name, which may lead into a map with open keys.
  ///
  /// - Throws: ``ConfigError`` if there is none.
  package func entry(at path: String) throws(ConfigError) -> ConfigEntry {
    let end = walk(along: path)
    guard end.isWhole, let found = end.found else {
      throw unknown(path, beyond: end.found, known: end.known)
    }
    return found
  }

  /// Returns the entry at a path, if there is one; the nearest name is not looked for.
  func knownEntry(at path: String) -> ConfigEntry? {
    let end = walk(along: path)
    return end.isWhole ? end.found : nil
  }

  /// Goes along a path as far as there are entries: to the last one, and what may come behind it.
  private func walk(
    along path: String
  ) -> (found: ConfigEntry?, known: [ConfigEntry], isWhole: Bool) {
    var known = entries
    var found: ConfigEntry?
    for component in path.pathComponents {
      guard var next = Self.step(from: found, in: known, to: component) else {
        return (found, known, false)
      }
      next.name = (found.map { $0.name + "." } ?? "") + next.name
      known = next.type.unwrapped.groupEntries ?? []
      found = next
    }
    return (found, known, true)
  }

  private static func step(
    from parent: ConfigEntry?, in known: [ConfigEntry], to name: String
  ) -> ConfigEntry? {
    switch parent?.type.unwrapped {
    case .map(let key, let element)? where !name.isEmpty && key.acceptsKey(name):
      let key = key.normalizedKey(name)
      return ConfigEntry(key, element, default: parent?.defaultValue[key] ?? .null)
    case .list(let element)? where Int(name).map { String($0) } == name:
      let elements = parent?.defaultValue.listValue ?? []
      let index = Int(name) ?? -1
      return ConfigEntry(
        name, element, default: elements.indices.contains(index) ? elements[index] : .null)
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
    case .group, .variant:
      return .unknownEntry(path, in: parent.type.unwrapped, at: parent.name)
    case .list:
      return ConfigError(
        code: .unknownEntry, path: path,
        message: "there is no entry \(quoted(path)); \(quoted(parent.name)) is "
          + "\(parent.type.name), of which \(quoted("\(parent.name).0")) is the first element")
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

  /// The problem that an entry is set which a group or variant does not have.
  static func unknownEntry(_ path: String, in type: ConfigType, at parent: String) -> ConfigError {
    let name = String(path.dropFirst(parent.count + 1))
    let first = name.pathComponents.first ?? name
    if case .variant(_, let selected, let branches) = type,
      let branch = branches.first(where: { $0.entries.contains { $0.name == first } })
    {
      return ConfigError(
        code: .otherBranch, path: path,
        message: "there is no entry \(quoted(path)) while \(parent)=\(selected); "
          + "it belongs to \(parent)=\(branch.name)")
    }
    let known = (type.groupEntries ?? []).map { "\(parent).\($0.name)" }
    return .unknownEntry(path, known: known, within: parent)
  }

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
    if let elements = listValue {
      guard let index = Int(first), elements.indices.contains(index) else { return nil }
      return elements[index].value(at: path.dropFirst())
    }
    return self[first]?.value(at: path.dropFirst())
  }

  /// The tree with another value at a path; what is missing or no map on the way becomes a map.
  ///
  /// - Parameters:
  ///   - value: The value.
  ///   - path: The names that lead to it, and positions in lists.
  /// - Returns: The tree; `nil` if a list on the way has no element at its position.
  package func setting(_ value: Value, at path: ArraySlice<String>) -> Value? {
    guard let first = path.first else { return value }
    if var elements = listValue {
      guard let index = Int(first), elements.indices.contains(index),
        let element = elements[index].setting(value, at: path.dropFirst())
      else { return nil }
      elements[index] = element
      return .list(elements)
    }
    var entries = mapValue ?? [:]
    guard let entry = (entries[first] ?? [:]).setting(value, at: path.dropFirst()) else {
      return nil
    }
    entries[first] = entry
    return .map(entries)
  }

  /// The tree with all changes made, in order.
  ///
  /// - Parameter changes: The changes.
  /// - Returns: The tree.
  /// - Throws: ``ConfigProblems`` with the changes of elements that lists do not have.
  package func applying(_ changes: [ConfigChange]) throws(ConfigProblems) -> Value {
    var tree = self
    var problems: [ConfigError] = []
    for change in changes {
      let path = change.path.pathComponents[...]
      if let next = tree.setting(change.value, at: path) {
        tree = next
      } else {
        problems.append(tree.missingElement(path))
      }
    }
    guard problems.isEmpty else { throw ConfigProblems(problems) }
    return tree
  }

  /// The problem that a list on the way of a path is shorter.
  private func missingElement(_ path: ArraySlice<String>) -> ConfigError {
    let whole = path.joined(separator: ".")
    let list = path.indices.lazy.map { path[..<$0] }.last { value(at: $0)?.listValue != nil }
    let name = list?.joined(separator: ".") ?? ""
    let count = list.flatMap { value(at: $0)?.listValue?.count } ?? 0
    let elements = count == 1 ? "1 element" : "\(count) elements"
    return ConfigError(
      code: .unknownEntry, path: whole,
      message: "there is no entry \(quoted(whole)); \(quoted(name)) has \(elements)"
        + (count > 0 ? ", the last is \(quoted("\(name).\(count - 1)"))" : ""))
  }
}

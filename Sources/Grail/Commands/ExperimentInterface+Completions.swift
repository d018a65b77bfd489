import GrailCore
import GrailRun

extension ExperimentInterface {
  /// What may stand where a shell completes a word: a command, an entry, a value of one, a named
  /// configuration.
  ///
  /// - Parameters:
  ///   - words: The words of the command line, the program first.
  ///   - index: The position of the word to complete.
  ///   - prefix: What is there of it already; bash cuts it at the last `=`.
  /// - Returns: The words that fit.
  func completions(of words: [String], at index: Int, prefix: String) -> [String] {
    let before = Array(words.prefix(index))
    guard before.contains("with") else {
      let arguments = Self.arguments(in: Array(before.dropFirst()))
      if arguments.first == BuiltInCommand.help.rawValue {
        return allCommands.map(\.name).matching(prefix)
      }
      return arguments.isEmpty ? (allCommands.map(\.name) + ["with"]).matching(prefix) : ["with"]
    }
    // `layers=1` comes as one word, or from bash as `layers`, `=` and `1`.
    if prefix.contains("=") {
      let parts = prefix.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return values(of: String(parts[0])).map { "\(parts[0])=\($0)" }.matching(prefix)
    }
    if before.last == "=", before.count > 1 {
      return values(of: before[before.count - 2]).matching(prefix)
    }
    if words.indices.contains(index), words[index] == "=" { return values(of: before.last ?? "") }
    var seen: Set<String> = []
    return (names.map { $0 + "=" } + namedConfigs.map(\.name)).matching(prefix)
      .filter { seen.insert($0).inserted }
  }

  /// The words that are neither options nor values of Grail's own.
  private static func arguments(in words: [String]) -> [String] {
    var arguments: [String] = []
    var isValue = false
    for word in words {
      if word.hasPrefix("-") {
        isValue = RunOptions.namesWithValue.contains(word)
      } else if isValue {
        isValue = false
      } else {
        arguments.append(word)
      }
    }
    return arguments
  }

  /// The names of everything that can be set, branches that are not chosen included.
  private var names: [String] { Self.names(of: schema.entries, prefix: "") }

  private static func names(of entries: [ConfigEntry], prefix: String) -> [String] {
    entries.flatMap { entry -> [String] in
      let name = prefix + entry.name
      if let branches = entry.type.branches {
        return [name] + branches.flatMap { names(of: $0.entries, prefix: name + ".") }
      }
      return entry.type.groupEntries.map { names(of: $0, prefix: name + ".") } ?? [name]
    }
  }

  /// The entry of a dotted name, in whatever branch.
  private static func entry(
    at path: ArraySlice<String>, in entries: [ConfigEntry]
  ) -> ConfigEntry? {
    guard let entry = entries.first(where: { $0.name == path.first }) else { return nil }
    if path.count == 1 { return entry }
    let groups = entry.type.branches?.map(\.entries) ?? [entry.type.unwrapped.groupEntries ?? []]
    return groups.lazy.compactMap { Self.entry(at: path.dropFirst(), in: $0) }.first
  }

  private func values(of name: String) -> [String] {
    guard let entry = Self.entry(at: name.pathComponents[...], in: schema.entries) else {
      return []
    }
    if case .bool = entry.type.unwrapped { return ["true", "false"] }
    if case .list = entry.type.unwrapped { return [] }
    return (entry.choices ?? []) + (entry.isOptional ? ["none"] : [])
  }
}

extension [String] {
  fileprivate func matching(_ prefix: String) -> [String] { filter { $0.hasPrefix(prefix) } }
}

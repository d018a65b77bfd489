package import GrailCore
import OrderedCollections

extension ConfigSchema {
  /// A configuration with `set` or `unset` in place of every secret.
  ///
  /// - Parameter config: A configuration, or a part of one.
  /// - Returns: What may be shown and recorded.
  package func redacting(_ config: Value) -> Value { Self.redacting(config, entries) }

  fileprivate static func redacting(_ config: Value, _ entries: [ConfigEntry]) -> Value {
    guard var map = config.mapValue else { return config }
    for entry in entries {
      if let value = map[entry.name] { map[entry.name] = entry.type.redacting(value) }
    }
    return .map(map)
  }

  /// A change whose value may be shown and recorded.
  ///
  /// - Parameter change: A change of an entry or a part of one.
  /// - Returns: The change without secrets.
  package func redacting(_ change: ConfigChange) -> ConfigChange {
    guard let entry = try? entry(at: change.path), entry.type.hasSecrets else { return change }
    var change = change
    change.value = entry.type.redacting(change.value)
    change.text = nil
    return change
  }

  /// The words of a command line without the values of secrets.
  ///
  /// - Parameter words: The words after `with`.
  /// - Returns: The words, with `…` in place of what may not be shown.
  package func redacting(_ words: [String]) -> [String] {
    words.map { word in
      guard let update = try? ConfigUpdate(parsing: word),
        Self.mayHoldSecrets(at: update.path.pathComponents[...], in: entries)
      else { return word }
      return "\(update.path)=…"
    }
  }
}

extension ConfigSchema {
  /// Whether an entry, of whatever branches are chosen, has secrets inside.
  private static func mayHoldSecrets(
    at path: ArraySlice<String>, in entries: [ConfigEntry]
  ) -> Bool {
    entries.contains { entry in
      entry.name == path.first && mayHoldSecrets(at: path.dropFirst(), in: entry.type)
    }
  }

  private static func mayHoldSecrets(at path: ArraySlice<String>, in type: ConfigType) -> Bool {
    if path.isEmpty { return type.hasSecrets }
    switch type.unwrapped {
    case .group(_, let entries): return mayHoldSecrets(at: path, in: entries)
    case .variant(_, _, let branches):
      return branches.contains { mayHoldSecrets(at: path, in: $0.entries) }
    case .list(let element), .map(_, let element):
      return mayHoldSecrets(at: path.dropFirst(), in: element)
    default: return type.hasSecrets
    }
  }
}

extension ConfigType {
  /// Whether there are secrets inside.
  package var hasSecrets: Bool {
    switch self {
    case .secret: true
    case .optional(let wrapped), .list(let wrapped), .map(_, let wrapped): wrapped.hasSecrets
    case .group(_, let entries): entries.contains { $0.type.hasSecrets }
    case .variant(_, _, let branches):
      branches.contains { $0.entries.contains { $0.type.hasSecrets } }
    default: false
    }
  }

  fileprivate func redacting(_ value: Value) -> Value {
    switch (self, value) {
    case (.secret, _): .text(value.isNull ? "unset" : "set")
    case (.optional(let wrapped), _): value.isNull ? value : wrapped.redacting(value)
    case (.list(let element), .list(let elements)): .list(elements.map(element.redacting))
    case (.map(_, let element), .map(let entries)): .map(entries.mapValues(element.redacting))
    default: ConfigSchema.redacting(value, groupEntries ?? [])
    }
  }
}

import GrailCore
import GrailRecord
import GrailRun
import OrderedCollections

/// What `print-config` shows: a configuration with where each value comes from.
struct ConfigReport {
  /// The entries, with the branches that are chosen.
  var schema: ConfigSchema
  /// The configuration, without secrets.
  var config: Value
  /// Who set a value, by dotted name.
  var sources: [String: String]

  /// Creates a report.
  ///
  /// - Parameters:
  ///   - resolved: The configuration.
  ///   - schema: The entries with their defaults.
  init(_ resolved: ResolvedConfig<some Sendable>, schema: ConfigSchema) {
    self.schema = schema.choosing(resolved.choices)
    config = resolved.value
    sources = Dictionary(
      resolved.changes.map { ($0.path, $0.origin.text) }, uniquingKeysWith: { _, last in last })
  }

  /// The configuration as a tree, for people.
  ///
  /// - Parameter style: The width and colors.
  /// - Returns: The lines.
  func lines(style: TextStyle) -> [String] {
    var table = TextTable(widthLimits: [32, 28, 24])
    table.rows = rows(schema.entries, in: config, path: "", depth: 0)
    guard !table.rows.isEmpty else { return ["Configuration: no entries"] }
    return ["Configuration (name, value, where it comes from unless it is the default, meaning):"]
      + table.lines(style: style)
  }

  private func rows(
    _ entries: [ConfigEntry], in config: Value, path: String, depth: Int
  ) -> [TextTable.Row] {
    entries.flatMap { entry -> [TextTable.Row] in
      let value = config[entry.name] ?? .null
      let dotted = path + entry.name
      let name = String(repeating: "  ", count: depth) + entry.name
      if let members = entry.type.unwrapped.groupEntries, value.mapValue != nil {
        let isVariant = entry.type.branches != nil
        let inner = rows(
          isVariant ? Array(members.dropFirst()) : members, in: value, path: dotted + ".",
          depth: depth + 1)
        let choice = value[ConfigType.choiceName]?.textValue ?? ""
        return [
          row(
            name, isVariant ? choice : "",
            source: isVariant ? sources["\(dotted).\(ConfigType.choiceName)"] : nil, entry)
        ] + inner
      }
      return [row(name, shown(value, entry), source: source(of: dotted, value, entry), entry)]
    }
  }

  private func row(
    _ name: String, _ value: String, source: String?, _ entry: ConfigEntry
  ) -> TextTable.Row {
    let isSet = source != nil && source != Self.computed
    return TextTable.Row(
      cells: [name, value, source ?? "", entry.help],
      roles: [2: .source, 3: .quiet].merging(isSet ? [0: .changed, 1: .changed] : [:]) { first, _ in
        first
      })
  }

  /// Who set parts of a list or map, by their names.
  private func partSources(_ path: String) -> [String] {
    sources.filter { $0.key.hasPrefix(path + ".") }.sorted { $0.key < $1.key }.map(\.value)
  }

  /// What a value is called that follows from others.
  private static let computed = "computed"

  private func shown(_ value: Value, _ entry: ConfigEntry) -> String {
    if value.isNull, entry.isDrawnSeed { return "drawn for each run" }
    if case .secret = entry.type.unwrapped { return value.textValue ?? "unset" }
    let text = entry.type.text(of: value)
    return text.isEmpty ? "''" : String(quoted(text).dropFirst().dropLast())
  }

  private func source(of path: String, _ value: Value, _ entry: ConfigEntry) -> String? {
    // An element that was set marks the list.
    if let source = sources[path] ?? partSources(path).last {
      return source
    }
    return value != entry.defaultValue && !entry.type.isSecret ? Self.computed : nil
  }

  // MARK: - Files

  /// The configuration as `save-config` writes it: without secrets and seeds that are not set.
  var savedConfig: Value { Self.saved(config, schema.entries) }

  private static func saved(_ config: Value, _ entries: [ConfigEntry]) -> Value {
    guard var map = config.mapValue else { return config }
    for entry in entries {
      guard let value = map[entry.name] else { continue }
      if entry.type.isSecret || (entry.name == ConfigSchema.seedName && value.isNull) {
        map[entry.name] = nil
      } else if let members = entry.type.unwrapped.groupEntries {
        map[entry.name] = saved(value, members)
      }
    }
    return .map(map)
  }

  /// The dotted names of the secrets, which no file takes.
  var secretNames: [String] { schema.leaves.filter(\.type.isSecret).map(\.name) }

  /// The configuration for machines, as JSON.
  var json: String {
    let entries = schema.leaves.map { entry -> Value in
      let value = config.value(at: entry.name.pathComponents[...]) ?? .null
      var description: Value.Entries = [
        "name": .text(entry.name), "type": .text(entry.type.name), "value": value,
        "default": entry.isRequired ? .null : schema.redacting(entry),
        "source": source(of: entry.name, value, entry).map(Value.text) ?? .null,
        "help": .text(entry.help), "required": .bool(entry.isRequired),
      ]
      if let choices = entry.choices { description["choices"] = .list(choices.map(Value.text)) }
      return .map(description)
    }
    let report: Value = ["config": config, "entries": .list(entries)]
    return String(decoding: JSONWriter.bytes(report, style: .strict), as: UTF8.self)
  }
}

extension ConfigType {
  fileprivate var isSecret: Bool { if case .secret = unwrapped { true } else { false } }
}

extension ConfigSchema {
  /// An entry's default, without secrets.
  fileprivate func redacting(_ entry: ConfigEntry) -> Value {
    redacting(ConfigChange(path: entry.name, value: entry.defaultValue)).value
  }
}

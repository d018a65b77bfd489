import GrailCore
import GrailRun
import OrderedCollections

/// A configuration that is any value which can be encoded and decoded.
struct CodableModel<Configured: Codable & Sendable>: ConfigModel {
  /// The configuration as it is unless something is set.
  let defaults: Configured
  let schema: ConfigSchema
  let help = ""

  /// Finds the entries of a configuration.
  ///
  /// - Parameter defaults: The configuration as it is unless something is set.
  /// - Throws: ``ConfigError`` with code ``ConfigError/Code/unusableDefaults`` if the defaults
  ///   do not encode as named entries or cannot be decoded again.
  init(defaults: Configured) throws(ConfigError) {
    let name = String(describing: Configured.self)
    func unusable(_ reason: String) -> ConfigError {
      ConfigError(
        code: .unusableDefaults, path: "",
        message: "'\(name)' cannot serve as a configuration: \(reason.onOneLine)")
    }
    self.defaults = defaults
    do {
      let value = try Self.encoded(defaults)
      guard case .map(let encoded) = value else {
        throw unusable("it encodes as \(value.briefDescription), not as named entries")
      }
      let type = SchemaProbe().type(of: Configured.self, sample: value)
      if let entries = type.unwrapped.groupEntries {
        schema = ConfigSchema(entries)
      } else {
        let element =
          if case .map(_, let element) = type { element } else { ConfigType.any(name: "Value") }
        schema = ConfigSchema(encoded.map { ConfigEntry($0.key, element, default: $0.value) })
      }
      _ = try ValueDecoder().decode(Configured.self, from: schema.defaults)
    } catch let error as ConfigError {
      throw error
    } catch {
      throw unusable("\(error)")
    }
  }

  func scratch(_ changes: [ConfigChange]) -> Any { (try? decode(applying: changes)) ?? defaults }

  func build(_ changes: [ConfigChange]) throws(ConfigProblems) -> BuiltConfig<Configured> {
    let changes = changes.map(asTextIfRefused)
    let config: Configured
    let value: Value
    do {
      config = try decode(applying: changes)
      value = Self.completed(try Self.encoded(config), entries: schema.entries)
    } catch let error as ConfigProblems {
      throw error
    } catch {
      throw ConfigProblems(blame(error, changes))
    }
    if let configurable = config as? any Configurable {
      var problems = ConfigProblems([])
      configurable.validate(&problems)
      let found = problems.problems.map { $0.completed(with: value, schema: schema) }
      guard found.isEmpty else { throw ConfigProblems(found) }
    }
    let part = RunConfiguration(path: "", type: Configured.self, view: config)
    return BuiltConfig(view: config, value: value, parts: [part])
  }

  private static func encoded(_ config: Configured) throws -> Value {
    try Secrets.revealing { try ValueEncoder().encode(config) }
  }

  private func decode(applying changes: [ConfigChange]) throws -> Configured {
    if changes.isEmpty { return defaults }
    return try ValueDecoder().decode(Configured.self, from: schema.defaults.applying(changes))
  }

  /// The map in the order of the entries, with nulls for optionals, which encode as nothing.
  private static func completed(_ value: Value, entries: [ConfigEntry]) -> Value {
    guard var rest = value.mapValue else { return value }
    var map: OrderedDictionary<String, Value> = [:]
    for entry in entries {
      let part = rest.removeValue(forKey: entry.name) ?? .null
      map[entry.name] = completed(part, entries: entry.type.unwrapped.groupEntries ?? [])
    }
    map.merge(rest) { first, _ in first }
    return .map(map)
  }

  // MARK: - Refusals

  /// An entry of unknown type that looks like a number may be a text all the same.
  private func asTextIfRefused(_ change: ConfigChange) -> ConfigChange {
    guard let text = change.text, change.value.textValue == nil,
      let entry = try? schema.entry(at: change.path), case .any = entry.type.unwrapped,
      refusal(of: [change]) != nil
    else { return change }
    var asText = change
    asText.value = .text(text)
    return refusal(of: [asText]) == nil ? asText : change
  }

  /// Why the type refuses changes by themselves; that something is missing may be mended by others.
  private func refusal(of changes: [ConfigChange]) -> (any Error)? {
    do {
      _ = try decode(applying: changes)
      return nil
    } catch let error as ValueDecodingError where error.lacksEntry {
      return nil
    } catch {
      return error
    }
  }

  /// Turns a refusal of the whole into problems of the changes that cause it.
  private func blame(_ error: any Error, _ changes: [ConfigChange]) -> [ConfigError] {
    let refused = changes.compactMap { change in
      refusal(of: [change]).map { problem($0, with: change) }
    }
    return refused.isEmpty ? [Self.problem(error)] : refused
  }

  private func problem(_ error: any Error, with change: ConfigChange) -> ConfigError {
    if let entry = try? schema.entry(at: change.path), entry.type.hasSecrets {
      return .refusedSecret(change.path)
    }
    let decoding = error as? ValueDecodingError
    // The error may be about a part of what was set, or about another entry that depends on it.
    let part = decoding.flatMap {
      $0.path.isEmpty || $0.path == change.path ? nil : "\(quoted($0.path)): "
    }
    let reason = (decoding?.message ?? "\(error)").onOneLine
    let shown = quoted(change.text ?? "\(change.value)")
    return ConfigError(
      code: .refused, path: change.path,
      message: change.placed("\(quoted(change.path)) cannot be \(shown): \(part ?? "")\(reason)"))
  }

  private static func problem(_ error: any Error) -> ConfigError {
    let decoding = error as? ValueDecodingError
    if let decoding, decoding.lacksEntry {
      return ConfigError(
        code: .required, path: decoding.path,
        message: "\(quoted(decoding.path)) has no value; write \(decoding.path.onOneLine)=VALUE")
    }
    let reason = (decoding?.message ?? "\(error)").onOneLine
    let place = decoding.flatMap { $0.path.isEmpty ? nil : "\(quoted($0.path)): " } ?? ""
    return ConfigError(
      code: .refused, path: decoding?.path ?? "",
      message: "the updates do not go together: \(place)\(reason)")
  }
}

extension ValueDecodingError {
  /// Whether an entry is missing that an update could set; elements of lists have no names.
  fileprivate var lacksEntry: Bool { code == .missing && !path.contains("[") }
}

extension ConfigError {
  /// What a configuration's own validation found, with the entry's value.
  ///
  /// - Parameters:
  ///   - value: The configuration's values.
  ///   - schema: Its entries, which say what may be shown.
  ///   - path: The configuration's dotted name with a dot at its end.
  /// - Returns: The problem as people read it.
  func completed(with value: Value, schema: ConfigSchema, path: String = "") -> ConfigError {
    let shown = schema.redacting(value).value(at: self.path.pathComponents[...])
    let cannot = shown.map { "cannot be \(quoted("\($0)"))" } ?? "is not valid"
    let name = path + self.path
    return ConfigError(
      code: code, path: name, message: "\(quoted(name)) \(cannot): \(message.onOneLine)")
  }
}

extension String {
  /// The text with spaces in place of line breaks.
  var onOneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}

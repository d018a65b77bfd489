package import GrailCore
package import GrailRun
import OrderedCollections

/// A configuration of a Swift type: its defaults, and how updates make instances of them.
package struct TypedConfig<C: Codable & Sendable>: Sendable {
  /// The configuration as it is without updates.
  package let defaults: C
  /// The entries of the configuration with their types and defaults.
  package let schema: ConfigSchema

  /// Finds the entries of a configuration.
  ///
  /// - Parameter defaults: The configuration as it is without updates.
  /// - Throws: ``ConfigError`` with code ``ConfigError/Code/unusableDefaults`` if the defaults
  ///   do not encode as named entries or cannot be decoded again.
  package init(defaults: C) throws(ConfigError) {
    let name = String(describing: C.self)
    func unusable(_ reason: String) -> ConfigError {
      ConfigError(
        code: .unusableDefaults, path: "",
        message: "'\(name)' cannot serve as a configuration: \(reason.onOneLine)")
    }
    self.defaults = defaults
    do {
      let value = try ValueEncoder().encode(defaults)
      guard case .map(let encoded) = value else {
        throw unusable("it encodes as \(value.briefDescription), not as named entries")
      }
      let type = SchemaProbe().type(of: C.self, sample: value)
      if let entries = type.unwrapped.groupEntries {
        schema = ConfigSchema(entries)
      } else {
        let element =
          if case .map(_, let element) = type { element } else { ConfigType.any(name: "Value") }
        schema = ConfigSchema(encoded.map { ConfigEntry($0.key, element, default: $0.value) })
      }
      _ = try ValueDecoder().decode(C.self, from: schema.defaults)
    } catch let error as ConfigError {
      throw error
    } catch {
      throw unusable("\(error)")
    }
  }

  /// Applies updates to the defaults.
  ///
  /// - Parameter words: Updates such as `data.path=x.csv`.
  /// - Returns: The configuration, as it will be used and as it will be recorded.
  /// - Throws: ``ConfigProblems`` with everything that is wrong with any of the words.
  package func resolve(_ words: [String]) throws(ConfigProblems) -> ResolvedConfig<C> {
    var results = schema.read(words)
    for index in results.indices { results[index] = results[index].map(rereadIfRefused) }
    let readings = results.compactMap { try? $0.get() }
    let changes = readings.flatMap(\.changes)
    let isReadable = readings.count == words.count
    do {
      let config = try decode(applying: changes)
      if isReadable { return try resolved(config, changes) }
    } catch {
      blame(error, readings, in: &results)
    }
    var problems: [ConfigError] = []
    for case .failure(let error) in results { problems += error.problems }
    throw ConfigProblems(problems)
  }

  private func decode(applying changes: [ConfigChange]) throws -> C {
    if changes.isEmpty { return defaults }
    return try ValueDecoder().decode(C.self, from: schema.defaults.applying(changes))
  }

  private func resolved(_ config: C, _ changes: [ConfigChange]) throws -> ResolvedConfig<C> {
    let encoded = try ValueEncoder().encode(config)
    let value = Self.completed(encoded, entries: schema.entries)
    let modified = changes.map { change in
      var change = change
      // The type may have made something else of what was set.
      change.value = value.value(at: change.path.pathComponents[...]) ?? change.value
      return change
    }
    return ResolvedConfig(config: config, value: value, modified: modified)
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

  // MARK: Refusals

  /// An entry of unknown type that looks like a number may be a text all the same.
  private func rereadIfRefused(_ reading: ConfigSchema.Reading) -> ConfigSchema.Reading {
    guard case .any = reading.entry.type.unwrapped, reading.changes.count == 1,
      reading.changes[0].value.textValue == nil, refusal(of: reading.changes) != nil
    else { return reading }
    var reread = reading
    reread.changes[0].value = .text(reading.update.text)
    return refusal(of: reread.changes) == nil ? reread : reading
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

  /// Turns a refusal of the whole into problems of the words that cause it.
  private func blame(
    _ error: any Error, _ readings: [ConfigSchema.Reading],
    in results: inout [Result<ConfigSchema.Reading, ConfigProblems>]
  ) {
    var isExplained = false
    for index in results.indices {
      guard case .success(let reading) = results[index],
        let refusal = refusal(of: reading.changes)
      else { continue }
      isExplained = true
      results[index] = .failure(ConfigProblems([Self.problem(refusal, with: reading)]))
    }
    guard !isExplained else { return }
    results.append(.failure(ConfigProblems([Self.problem(error, with: nil)])))
  }

  private static func problem(
    _ error: any Error, with reading: ConfigSchema.Reading?
  ) -> ConfigError {
    let decoding = error as? ValueDecodingError
    let reason = (decoding?.message ?? "\(error)").onOneLine
    if let decoding, decoding.lacksEntry {
      return ConfigError(
        code: .refused, path: decoding.path,
        message: "\(quoted(decoding.path)) has no value; write \(decoding.path.onOneLine)=VALUE")
    }
    guard let reading else {
      let place = decoding.flatMap { $0.path.isEmpty ? nil : "\(quoted($0.path)): " } ?? ""
      return ConfigError(
        code: .refused, path: decoding?.path ?? "",
        message: "the updates do not go together: \(place)\(reason)")
    }
    let path = reading.entry.name
    // The error may be about a part of what was set, or about another entry that depends on it.
    let part = decoding.flatMap {
      $0.path.isEmpty || $0.path == path ? nil : "\(quoted($0.path)): "
    }
    return ConfigError(
      code: .refused, path: path,
      message: "\(quoted(path)) cannot be \(quoted(reading.update.text)): \(part ?? "")\(reason)")
  }
}

/// A configuration in which all updates are applied.
package struct ResolvedConfig<C: Sendable>: Sendable {
  /// The configuration as the experiment sees it.
  package var config: C
  /// The configuration as it is recorded, in the order of its entries.
  package var value: Value
  /// What was set, in the order of the words; groups are split into their entries.
  package var modified: [ConfigChange]
}

extension ValueDecodingError {
  /// Whether an entry is missing that an update could set; elements of lists have no names.
  fileprivate var lacksEntry: Bool { code == .missing && !path.contains("[") }
}

extension String {
  /// The text with spaces in place of line breaks.
  var onOneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}

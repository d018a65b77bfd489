import GrailCore
import GrailRun
import OrderedCollections

extension Configuration {
  /// Gives the properties the values that were decided.
  ///
  /// Values come first, then choices and nested configurations, those first on which others
  /// depend: so a default that is computed here sees the final values of what it depends on.
  ///
  /// - Parameters:
  ///   - changes: What is decided, by dotted names within this configuration.
  ///   - path: The dotted name of this configuration with a dot at its end, for messages.
  /// - Returns: What does not fit.
  func apply(_ changes: [ConfigChange], path: String = "") -> [ConfigError] {
    if changes.isEmpty { return [] }
    let byField = Dictionary(grouping: changes) { $0.path.prefix { $0 != "." } }
    var problems: [ConfigError] = []
    for field in Self.configFields {
      guard case .value(let access) = field.content else { continue }
      for change in byField[field.name[...]] ?? [] where change.path == field.name {
        set(change.value, of: access, change, path: path, problems: &problems)
      }
    }
    // Dependencies include those by way of others, so fewer of them means earlier.
    for field in Self.configFields.sorted(by: { $0.dependencies.count < $1.dependencies.count }) {
      let changes = (byField[field.name[...]] ?? []).filter { $0.path != field.name }
      guard !changes.isEmpty else { continue }
      let choice = changes.last { $0.path == "\(field.name).\(ConfigType.choiceName)" }
      if firstMissing(for: field) != nil {
        // What is missing is reported later; until then only a choice can be made here.
        guard case .choice(let access) = field.content, let choice = choice?.value.textValue else {
          continue
        }
        access.select(self, choice)
      }
      let inner = changes.map { change in
        var change = change
        change.path.removeFirst(field.name.count + 1)
        return change
      }
      switch field.content {
      case .value(let access):
        applyParts(inner, to: access, name: field.name, path: path, problems: &problems)
      case .nested(let access):
        problems += access.object(self).apply(inner, path: "\(path)\(field.name).")
      case .choice(let access):
        if let choice = choice?.value.textValue, choice != access.selected(self) {
          access.select(self, choice)
        }
        let entries = inner.filter { $0.path != ConfigType.choiceName }
        problems += access.object(self)?.apply(entries, path: "\(path)\(field.name).") ?? []
      }
    }
    return problems
  }

  private func set(
    _ value: Value, of access: ConfigValueField<Self>, _ change: ConfigChange, path: String,
    problems: inout [ConfigError]
  ) {
    do {
      try access.write(self, value)
    } catch {
      // A number where a text is meant, in an entry of a type that reads itself.
      if case .any = access.type(nil).unwrapped, let text = change.text, value.textValue == nil,
        (try? access.write(self, .text(text))) != nil
      {
        return
      }
      problems.append(
        access.type(nil).hasSecrets
          ? .refusedSecret(path + change.path) : .refused(change, path: path, error: error))
    }
  }

  /// Changes elements of a list or map.
  private func applyParts(
    _ changes: [ConfigChange], to access: ConfigValueField<Self>, name: String, path: String,
    problems: inout [ConfigError]
  ) {
    do {
      let whole = Value.map([name: try access.read(self)])
      let named = changes.map { change in
        var change = change
        change.path = "\(name).\(change.path)"
        return change
      }
      let value = try whole.applying(named)[name] ?? .null
      let last = named[named.count - 1]
      set(value, of: access, last, path: path, problems: &problems)
    } catch let error as ConfigProblems {
      problems += error.problems
    } catch {
      problems.append(.refused(changes[0], path: "\(path)\(name).", error: error))
    }
  }
}

extension ConfigError {
  /// The problem that a type refuses a value with a secret in it.
  static func refusedSecret(_ name: String) -> ConfigError {
    ConfigError(
      code: .refused, path: name,
      message: "\(quoted(name)) cannot be what is given, which is not shown as it is secret")
  }

  /// The problem that a type refuses a value.
  static func refused(_ change: ConfigChange, path: String, error: any Error) -> ConfigError {
    let name = path + change.path
    let decoding = error as? ValueDecodingError
    let reason = (decoding?.message ?? "\(error)").onOneLine
    let place = decoding.flatMap { $0.path.isEmpty ? nil : "\(quoted($0.path)): " } ?? ""
    let shown = change.text.map { quoted($0) } ?? quoted("\(change.value)")
    return ConfigError(
      code: .refused, path: name,
      message: change.placed("\(quoted(name)) cannot be \(shown): \(place)\(reason)"))
  }
}

import GrailCore
import GrailRun

/// One source of a configuration's values.
struct ConfigLayer: Sendable {
  /// Who it is.
  var origin: ConfigOrigin
  /// What must be chosen for its configuration to be there, by the dotted names of the variants.
  var neededChoices: [String: String] = [:]
  /// Sets entries; the command that is going to run is known.
  private let edit: @Sendable (ConfigDraft, _ command: String) throws -> Void

  /// Creates a source.
  ///
  /// - Parameters:
  ///   - origin: Who it is.
  ///   - edit: Sets entries.
  init(_ origin: ConfigOrigin, edit: @escaping @Sendable (ConfigDraft, String) throws -> Void) {
    (self.origin, self.edit) = (origin, edit)
  }

  /// The same source for a place that is there only if branches are chosen.
  func needing(_ choices: [String: String]) -> ConfigLayer {
    var layer = self
    layer.neededChoices = choices
    return layer
  }

  /// Whether the source's configuration is there.
  func isChosen(_ choices: [String: String]) -> Bool {
    neededChoices.allSatisfy { choices[$0.key] == $0.value }
  }

  /// Lets the source decide.
  ///
  /// - Parameters:
  ///   - draft: What is decided so far.
  ///   - command: The command that is going to run.
  /// - Throws: What the source throws.
  func decide(_ draft: ConfigDraft, command: String) throws {
    draft.origin = origin
    try edit(draft, command)
  }

  /// Lets the source decide, and makes problems of what it throws.
  ///
  /// - Parameters:
  ///   - draft: What is decided so far.
  ///   - command: The command that is going to run.
  /// - Returns: What is wrong.
  func apply(to draft: ConfigDraft, command: String) -> [ConfigError] {
    do {
      try decide(draft, command: command)
      return []
    } catch let error as ConfigProblems {
      return error.problems
    } catch {
      return [
        ConfigError(
          code: .refused, path: "", message: "\(origin.description): \("\(error)".onOneLine)")
      ]
    }
  }
}

extension ConfigLayer {
  /// A source that edits an object's entries.
  ///
  /// - Parameters:
  ///   - origin: Who it is.
  ///   - path: Where the configuration is in that of the experiment.
  ///   - edit: Sets entries.
  /// - Returns: The source.
  static func object<C: Configuration>(
    _ origin: ConfigOrigin, path: String = "",
    edit: @escaping @Sendable (ConfigEditor<C>, _ command: String) throws -> Void
  ) -> ConfigLayer {
    ConfigLayer(origin) { draft, command in
      let editor = ConfigEditor<C>(draft, path: path) { scratch in
        let names = path.isEmpty ? [] : path.pathComponents
        return (scratch as? any Configuration)?.nested(at: names[...]) as? C
      }
      try edit(editor, command)
    }
  }

  /// A source that changes a value.
  ///
  /// - Parameters:
  ///   - origin: Who it is.
  ///   - edit: Changes the configuration.
  /// - Returns: The source.
  static func value<C: Codable & Sendable>(
    _ origin: ConfigOrigin, edit: @escaping @Sendable (inout C, _ command: String) throws -> Void
  ) -> ConfigLayer {
    ConfigLayer(origin) { draft, command in
      guard var config = draft.scratch as? C else { return }
      let before = try Secrets.revealing { [config] in try ValueEncoder().encode(config) }
      try edit(&config, command)
      let after = try Secrets.revealing { [config] in try ValueEncoder().encode(config) }
      for (path, value) in draft.schema.changes(of: after, from: before) {
        draft.set(path, to: value)
      }
    }
  }
}

extension Configuration {
  /// The nested configuration of a dotted name, which is empty for this configuration itself.
  fileprivate func nested(at path: ArraySlice<String>) -> (any Configuration)? {
    guard let name = path.first, !name.isEmpty else { return self }
    return nested().first { $0.name == name }?.object.nested(at: path.dropFirst())
  }
}

extension ConfigOrigin {
  /// The origin as the subject of a sentence.
  fileprivate var description: String {
    switch self {
    case .author: "the experiment's own settings"
    case .authorFile(let path), .file(let path): quoted(path)
    case .named(let name): "the named configuration \(quoted(name))"
    case .hook: "a configuration hook"
    case .update: "the updates"
    }
  }
}

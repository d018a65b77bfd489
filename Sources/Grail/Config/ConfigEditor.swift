import GrailCore
import GrailRun
import OrderedCollections

/// Sets entries of a configuration before a run begins.
///
/// Named configurations, hooks and the author's own settings are closures that get one:
///
/// ```swift
/// experiment.namedConfig("big") { config in
///   config.layers = 100
///   config.data.size = config.layers * 1000
/// }
/// ```
///
/// What is read has everything in it that is decided so far, and what the run sets from outside;
/// reading freezes no default. Setting an entry that the run sets from outside does nothing.
/// An editor is of use in its closure alone, and belongs to one thread.
@dynamicMemberLookup
public struct ConfigEditor<Configured: Configuration> {
  private let draft: ConfigDraft
  private let path: String
  private let locate: (Any) -> Configured?

  init(_ draft: ConfigDraft, path: String, locate: @escaping (Any) -> Configured?) {
    (self.draft, self.path, self.locate) = (draft, path, locate)
  }

  /// The configuration as it would be now.
  private var object: Configured {
    // A choice may have made another object of the place; then there are only defaults.
    locate(draft.scratch) ?? Configured()
  }

  /// An entry.
  ///
  /// - Parameter path: The property.
  public subscript<V: Codable & Sendable>(
    dynamicMember path: ReferenceWritableKeyPath<Configured, V>
  ) -> V {
    get { object[keyPath: path] }
    nonmutating set {
      let name = name(of: path)
      do {
        let value = try Secrets.revealing { try ValueEncoder().encode(newValue) }
        draft.set(name, to: value)
      } catch {
        fatalError("'\(name)' cannot be set: its value cannot be encoded: \(error)")
      }
    }
  }

  /// What the class computes from its entries.
  ///
  /// - Parameter path: The property.
  public subscript<V: Sendable>(dynamicMember path: KeyPath<Configured, V>) -> V {
    object[keyPath: path]
  }

  /// The editor of a nested configuration.
  ///
  /// - Parameter path: The property.
  public subscript<N: Configuration>(
    dynamicMember path: KeyPath<Configured, N>
  ) -> ConfigEditor<N> {
    let locate = locate
    return ConfigEditor<N>(draft, path: name(of: path)) { locate($0)?[keyPath: path] }
  }

  /// A choice among configurations.
  ///
  /// Setting one sets its entries too, where they differ from the defaults of their class.
  ///
  /// - Parameter path: The property.
  public subscript<E: ConfigChoice>(
    dynamicMember path: ReferenceWritableKeyPath<Configured, E>
  ) -> E {
    get { object[keyPath: path] }
    nonmutating set {
      guard let branch = E.configBranches.first(where: { $0.matches(newValue) }) else { return }
      let name = name(of: path)
      draft.set("\(name).\(ConfigType.choiceName)", to: .text(branch.name))
      guard draft.all.choices[name] == branch.name, let object = branch.configuration(newValue),
        let defaults = branch.configuration(branch.make())
      else { return }
      do {
        let changes = ConfigSchema(try object.entries())
          .changes(of: try object.value(), from: try defaults.value())
        for (entry, value) in changes { draft.set("\(name).\(entry)", to: value) }
      } catch {
        fatalError("'\(name)' cannot be set: a value in it cannot be encoded: \(error)")
      }
    }
  }

  /// The dotted name of a property.
  private func name(of path: PartialKeyPath<Configured>) -> String {
    guard let field = Configured.configFields.first(where: { $0.path == path }) else {
      fatalError(
        "a property of '\(Configured.self)' was set that is no entry; entries are stored properties "
          + "that are not private")
    }
    return self.path + (self.path.isEmpty ? "" : ".") + field.name
  }
}

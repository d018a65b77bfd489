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

  /// The configuration as it would be now, where a property of it has a value.
  private func readable(_ path: PartialKeyPath<Configured>) -> Configured {
    let object = object
    if let field = Configured.configFields.first(where: { $0.path == path }),
      let missing = object.firstMissing(for: field)
    {
      RequiredEntries.stop(lacking: self.path + (self.path.isEmpty ? "" : ".") + missing)
    }
    return object
  }

  /// An entry.
  ///
  /// - Parameter path: The property.
  public subscript<V: Codable & Sendable>(
    dynamicMember path: ReferenceWritableKeyPath<Configured, V>
  ) -> V {
    get { readable(path)[keyPath: path] }
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
  /// Setting one replaces what was decided about the property: its entries are those of the new
  /// value, unless the run sets them from outside.
  ///
  /// - Parameter path: The property.
  public subscript<E: ConfigChoice>(
    dynamicMember path: ReferenceWritableKeyPath<Configured, E>
  ) -> E {
    get { readable(path)[keyPath: path] }
    nonmutating set {
      guard let branch = E.configBranches.first(where: { $0.matches(newValue) }) else { return }
      let name = name(of: path)
      guard draft.choose(branch.name, of: name), let object = branch.configuration(newValue) else {
        return
      }
      do {
        for (entry, value) in try object.changes(
          from: branch.configuration(branch.make()),
          over: branch.configuration(self.object[keyPath: path]))
        {
          draft.set("\(name).\(entry)", to: value)
        }
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

/// A configuration during a run: its entries by name, at every depth, to read.
///
/// ```swift
/// run.config.epochs          // an entry
/// run.config.data.path       // one of a nested configuration
/// ```
///
/// It has no members but the entries and what else the class computes from them. Assigning is a
/// compile error: a configuration that changes under a running experiment cannot be written down.
@dynamicMemberLookup
public struct ConfigView<Configured: Configuration>: @unchecked Sendable {
  // Sendable although unchecked: the object is complete, all its lazy properties are computed,
  // and only views of it are left, which cannot change it.
  private let object: Configured

  init(_ object: Configured) { self.object = object }

  /// Whether both are views of one configuration.
  func isSame(as other: ConfigView) -> Bool { object === other.object }

  /// An entry, or a value that the class computes from its entries.
  ///
  /// It is Codable, or the compiler would take a nested class for a value, and refuse to assign
  /// to an entry of it for the wrong reason. What is not can be added to the view of a class:
  /// `extension ConfigView<Training> { var activation: Activation { … } }`.
  ///
  /// - Parameter path: The property.
  public subscript<V: Codable & Sendable>(dynamicMember path: KeyPath<Configured, V>) -> V {
    object[keyPath: path]
  }

  /// A nested configuration.
  ///
  /// - Parameter path: The property.
  public subscript<N: Configuration>(dynamicMember path: KeyPath<Configured, N>) -> ConfigView<N> {
    ConfigView<N>(object[keyPath: path])
  }

  /// A configuration that was chosen among several.
  ///
  /// - Parameter path: The property.
  public subscript<E: ConfigChoice>(dynamicMember path: KeyPath<Configured, E>) -> E.View {
    object[keyPath: path].configView(by: ConfigViewer())
  }

  /// Refuses an assignment.
  ///
  /// - Parameter path: The property.
  @_disfavoredOverload
  @available(
    *, unavailable,
    message: "the configuration of a run is read-only; set it with 'with NAME=VALUE' or run(with:)"
  )
  public subscript<V>(dynamicMember path: ReferenceWritableKeyPath<Configured, V>) -> V {
    get { fatalError("unavailable") }
    nonmutating set { fatalError("unavailable") }
  }
}

/// Makes read-only views of configurations; only a run has one.
public struct ConfigViewer: Sendable {
  init() {}

  /// Returns a read-only view.
  ///
  /// - Parameter object: A configuration that is complete.
  /// - Returns: The view.
  public func view<C: Configuration>(of object: C) -> ConfigView<C> { ConfigView(object) }
}

/// One property of a configuration's class: its name, its place and what is known of it.
///
/// The macro `@Config` writes these.
public struct ConfigField<Root: Configuration>: Sendable {
  /// The property's name, which is the entry's.
  let name: String
  /// What the property's documentation comment says.
  let help: String
  /// The names of the properties that its default is computed from, also by way of others.
  let dependencies: [String]
  /// Whether there is no default.
  let isRequired: Bool
  /// What the property holds.
  let content: ConfigFieldContent<Root>

  /// Describes a property that holds a value.
  ///
  /// - Parameters:
  ///   - name: The property's name.
  ///   - path: The property.
  ///   - help: What its documentation comment says.
  ///   - dependencies: The names of the properties that its default is computed from.
  ///   - isRequired: Whether there is no default.
  ///   - set: Sets the property. A `lazy` one needs it: setting by a key path computes the old
  ///     value first, and with it every other default that it uses.
  public init<V: Codable & Sendable>(
    _ name: String, _ path: any ReferenceWritableKeyPath<Root, V> & Sendable, help: String = "",
    dependencies: [String] = [], isRequired: Bool = false,
    set: (@Sendable (Root, V) -> Void)? = nil
  ) {
    (self.name, self.help, self.dependencies) = (name, help, dependencies)
    self.isRequired = isRequired
    content = .value(ConfigValueField(path, set: set))
  }

  /// Describes a property that holds another configuration.
  ///
  /// - Parameters:
  ///   - name: The property's name.
  ///   - path: The property.
  ///   - help: What its documentation comment says.
  ///   - dependencies: The names of the properties that its default is computed from.
  ///   - set: Not used: its own entries are set, not the property.
  public init<N: Configuration>(
    _ name: String, _ path: any KeyPath<Root, N> & Sendable, help: String = "",
    dependencies: [String] = [], set: (@Sendable (Root, N) -> Void)? = nil
  ) {
    (self.name, self.help, self.dependencies) = (name, help, dependencies)
    isRequired = false
    content = .nested(ConfigNestedField(path))
  }

  /// Describes a property that holds one of several configurations.
  ///
  /// - Parameters:
  ///   - name: The property's name.
  ///   - path: The property.
  ///   - help: What its documentation comment says.
  ///   - dependencies: The names of the properties that its default is computed from.
  ///   - set: Sets the property; a `lazy` one needs it.
  public init<E: ConfigChoice>(
    _ name: String, _ path: any ReferenceWritableKeyPath<Root, E> & Sendable, help: String = "",
    dependencies: [String] = [], set: (@Sendable (Root, E) -> Void)? = nil
  ) {
    (self.name, self.help, self.dependencies) = (name, help, dependencies)
    isRequired = false
    content = .choice(ConfigChoiceField(path, set: set))
  }

  /// Refuses a property of a type that cannot be an entry.
  @_disfavoredOverload
  @available(
    *, unavailable,
    message:
      "an entry's type must be Codable and Sendable, a @Config class, or a @Config enum of such"
  )
  public init<V>(
    _ name: String, _ path: KeyPath<Root, V>, help: String = "", dependencies: [String] = [],
    isRequired: Bool = false, set: ((Root, V) -> Void)? = nil
  ) {
    fatalError("unavailable")
  }
}

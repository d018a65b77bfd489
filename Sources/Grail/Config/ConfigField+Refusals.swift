// Properties of types that cannot be entries, each with a message that says what to do instead.
// The macro cannot see types, but the compiler can: it chooses among these initializers.

extension ConfigField {
  /// Refuses a nested configuration that may be absent.
  @_disfavoredOverload
  @available(
    *, unavailable,
    message:
      "a nested configuration is always there and cannot be optional; write a @Config enum with a case for none"
  )
  public init<N: Configuration>(
    _ name: String, _ path: KeyPath<Root, N?>, help: String = "", dependencies: [String] = [],
    set: ((Root, N?) -> Void)? = nil
  ) {
    fatalError("unavailable")
  }

  /// Refuses a list of nested configurations.
  @_disfavoredOverload
  @available(
    *, unavailable,
    message:
      "nested configurations cannot be in a list; write a property for each, or make the elements a Codable, Sendable struct"
  )
  public init<N: Configuration>(
    _ name: String, _ path: KeyPath<Root, [N]>, help: String = "", dependencies: [String] = [],
    set: ((Root, [N]) -> Void)? = nil
  ) {
    fatalError("unavailable")
  }

  /// Refuses a dictionary of nested configurations.
  @_disfavoredOverload
  @available(
    *, unavailable,
    message:
      "nested configurations cannot be in a dictionary; write a property for each, or make the elements a Codable, Sendable struct"
  )
  public init<N: Configuration, Key>(
    _ name: String, _ path: KeyPath<Root, [Key: N]>, help: String = "",
    dependencies: [String] = [],
    set: ((Root, [Key: N]) -> Void)? = nil
  ) {
    fatalError("unavailable")
  }

  /// Refuses a nested configuration without a default.
  @_disfavoredOverload
  @available(
    *, unavailable, message: "a nested configuration cannot be required; require its own entries"
  )
  public init<N: Configuration>(
    _ name: String, _ path: KeyPath<Root, N>, help: String = "", dependencies: [String] = [],
    isRequired: Bool,
    set: ((Root, N) -> Void)? = nil
  ) {
    fatalError("unavailable")
  }

  /// Refuses a choice that may be absent.
  @_disfavoredOverload
  @available(
    *, unavailable,
    message:
      "a choice among configurations cannot be optional; give the enum a case that holds nothing"
  )
  public init<E: ConfigChoice>(
    _ name: String, _ path: KeyPath<Root, E?>, help: String = "", dependencies: [String] = [],
    set: ((Root, E?) -> Void)? = nil
  ) {
    fatalError("unavailable")
  }

  /// Refuses a choice without a default.
  @_disfavoredOverload
  @available(
    *, unavailable,
    message: "a choice among configurations cannot be required; give it a default"
  )
  public init<E: ConfigChoice>(
    _ name: String, _ path: KeyPath<Root, E>, help: String = "", dependencies: [String] = [],
    isRequired: Bool,
    set: ((Root, E) -> Void)? = nil
  ) {
    fatalError("unavailable")
  }
}

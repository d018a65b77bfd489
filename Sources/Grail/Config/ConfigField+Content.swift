import GrailCore
import GrailRun

/// What a property of a configuration's class holds.
enum ConfigFieldContent<Root: Configuration>: Sendable {
  /// A value.
  case value(ConfigValueField<Root>)
  /// A nested configuration.
  case nested(ConfigNestedField<Root>)
  /// One of several configurations.
  case choice(ConfigChoiceField<Root>)
}

/// A property that holds a value.
struct ConfigValueField<Root: Configuration>: Sendable {
  let path: any PartialKeyPath<Root> & Sendable
  /// What values the property takes; a sample shows what is inside.
  let type: @Sendable (_ sample: Value?) -> ConfigType
  /// The property's value, secrets included; computes a default that depends on others.
  let read: @Sendable (Root) throws -> Value
  /// Sets the property.
  let write: @Sendable (Root, Value) throws -> Void

  init<V: Codable & Sendable>(
    _ path: any ReferenceWritableKeyPath<Root, V> & Sendable,
    set: (@Sendable (Root, V) -> Void)?
  ) {
    self.path = path
    type = { SchemaProbe().type(of: V.self, sample: $0) }
    read = {
      try Secrets.revealing { [value = $0[keyPath: path]] in try ValueEncoder().encode(value) }
    }
    write = { root, value in
      let value = try ValueDecoder().decode(V.self, from: value)
      if let set { set(root, value) } else { root[keyPath: path] = value }
    }
  }
}

/// A property that holds a nested configuration.
struct ConfigNestedField<Root: Configuration>: Sendable {
  let path: any PartialKeyPath<Root> & Sendable
  let type: any Configuration.Type
  /// The nested configuration; computes one that depends on other entries.
  let object: @Sendable (Root) -> any Configuration

  init<N: Configuration>(_ path: any KeyPath<Root, N> & Sendable) {
    self.path = path
    type = N.self
    object = { $0[keyPath: path] }
  }
}

/// A property that holds one of several configurations.
struct ConfigChoiceField<Root: Configuration>: Sendable {
  let path: any PartialKeyPath<Root> & Sendable
  let name: String
  let branches: [Branch]
  /// The name of the case that the property holds.
  let selected: @Sendable (Root) -> String
  /// The configuration in the case that the property holds.
  let object: @Sendable (Root) -> (any Configuration)?
  /// Sets the property to a case with its defaults.
  let select: @Sendable (Root, _ branch: String) -> Void

  /// A case.
  struct Branch: Sendable {
    let name: String
    let help: String
    let type: (any Configuration.Type)?
  }

  init<E: ConfigChoice>(
    _ path: any ReferenceWritableKeyPath<Root, E> & Sendable, set: (@Sendable (Root, E) -> Void)?
  ) {
    self.path = path
    name = String(describing: E.self)
    branches = E.configBranches.map { Branch(name: $0.name, help: $0.help, type: $0.type) }
    selected = { root in
      let choice = root[keyPath: path]
      return E.configBranches.first { $0.matches(choice) }?.name ?? ""
    }
    object = { root in
      let choice = root[keyPath: path]
      return E.configBranches.lazy.compactMap { $0.configuration(choice) }.first
    }
    select = { root, name in
      guard let branch = E.configBranches.first(where: { $0.name == name }) else { return }
      if let set { set(root, branch.make()) } else { root[keyPath: path] = branch.make() }
    }
  }
}

extension ConfigField {
  /// The property, by which an editor finds the field.
  var path: PartialKeyPath<Root> {
    switch content {
    case .value(let field): field.path
    case .nested(let field): field.path
    case .choice(let field): field.path
    }
  }
}

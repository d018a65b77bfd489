import GrailCore
import GrailRun
import OrderedCollections

extension Configuration {
  // MARK: - Circles

  /// The names of the classes on a way from this one to itself, if its properties lead there.
  static func circle(_ ancestors: [any Configuration.Type] = []) -> [String]? {
    if let start = ancestors.firstIndex(where: { $0 == Self.self }) {
      return (ancestors[start...] + [Self.self]).map { "\($0)" }
    }
    for field in configFields {
      let types: [any Configuration.Type] =
        switch field.content {
        case .value: []
        case .nested(let nested): [nested.type]
        case .choice(let choice): choice.branches.compactMap(\.type)
        }
      for type in types {
        if let circle = type.circle(ancestors + [Self.self]) { return circle }
      }
    }
    return nil
  }

  /// The name of a class in a choice whose entry would hide which branch is chosen.
  static func branchWithChoice() -> String? {
    for field in configFields {
      switch field.content {
      case .value: break
      case .nested(let nested):
        if let name = nested.type.branchWithChoice() { return name }
      case .choice(let choice):
        for type in choice.branches.compactMap(\.type) {
          if type.hasEntry(ConfigType.choiceName) { return "\(type)" }
          if let name = type.branchWithChoice() { return name }
        }
      }
    }
    return nil
  }

  private static func hasEntry(_ name: String) -> Bool { configFields.contains { $0.name == name } }

  // MARK: - What there is

  /// The entries as they are described, with the values of this object as defaults.
  ///
  /// - Returns: The entries, in the order of declaration.
  /// - Throws: What the encoding of a default throws.
  func entries() throws -> [ConfigEntry] {
    let unreadable = unreadableNames()
    return try Self.configFields.map { field in
      let isReadable = !unreadable.contains(field.name)
      switch field.content {
      case .value(let access):
        let value = isReadable ? try access.read(self) : .null
        return ConfigEntry(
          field.name, access.type(isReadable ? value : nil), default: value, help: field.help,
          isDependent: !field.dependencies.isEmpty,
          isRequired: field.isRequired && !isReadable)
      case .nested(let access):
        // Where it depends on what is missing, a fresh one shows the entries all the same.
        let object = isReadable ? access.object(self) : access.type.init()
        let members = try object.entries()
        return ConfigEntry(
          field.name, .group(name: "\(access.type)", members),
          default: ConfigSchema(members).defaults,
          help: field.help.isEmpty ? access.type.configHelp : field.help,
          isDependent: !field.dependencies.isEmpty)
      case .choice(let access):
        let selected = isReadable ? access.selected(self) : access.branches.first?.name ?? ""
        let chosen = isReadable ? access.object(self) : nil
        let branches = try access.branches.map { branch in
          let object = branch.name == selected ? chosen ?? branch.type?.init() : branch.type?.init()
          return ConfigBranchEntries(
            name: branch.name, help: branch.help.isEmpty ? branch.typeHelp : branch.help,
            entries: try object?.entries() ?? [])
        }
        let type = ConfigType.variant(name: access.name, selected: selected, branches)
        return ConfigEntry(
          field.name, type, default: ConfigSchema(type.groupEntries ?? []).defaults,
          help: field.help.isEmpty ? access.help : field.help,
          isDependent: !field.dependencies.isEmpty)
      }
    }
  }

  /// The nested configurations that are there, by the names of the properties.
  func nested() -> [(name: String, object: any Configuration)] {
    let unreadable = unreadableNames()
    return Self.configFields.compactMap { field in
      guard !unreadable.contains(field.name) else { return nil }
      return object(in: field).map { (field.name, $0) }
    }
  }

  private func object(in field: ConfigField<Self>) -> (any Configuration)? {
    switch field.content {
    case .value: nil
    case .nested(let access): access.object(self)
    case .choice(let access): access.object(self)
    }
  }

  /// The configuration and all that are nested in it, with their dotted names and views.
  func parts(path: String = "") -> [RunConfiguration] {
    let view = ConfigView(self)
    return [RunConfiguration(path: path, type: Self.self, view: view)]
      + nested().flatMap { name, object in
        object.parts(path: path.isEmpty ? name : "\(path).\(name)")
      }
  }

  /// The problem that two properties hold one and the same object, if there are such.
  func sharing() -> ConfigError? {
    var paths: [ObjectIdentifier: String] = [:]
    return shared(path: "", in: &paths).map { first, second in
      ConfigError(
        code: .unusableDefaults, path: second,
        message: "'\(first)' and '\(second)' of '\(Self.self)' are one object; make one for each")
    }
  }

  private func shared(
    path: String, in paths: inout [ObjectIdentifier: String]
  ) -> (first: String, second: String)? {
    if let first = paths.updateValue(path, forKey: ObjectIdentifier(self)) { return (first, path) }
    for (name, object) in nested() {
      let inner = path.isEmpty ? name : "\(path).\(name)"
      if let pair = object.shared(path: inner, in: &paths) { return pair }
    }
    return nil
  }

  /// The cases that are chosen, by the dotted names of the properties.
  func choices(path: String = "") -> [String: String] {
    var choices: [String: String] = [:]
    let unreadable = unreadableNames()
    for field in Self.configFields where !unreadable.contains(field.name) {
      if case .choice(let access) = field.content {
        choices[path + field.name] = access.selected(self)
      }
      let inner = object(in: field)?.choices(path: path + field.name + ".") ?? [:]
      choices.merge(inner) { first, _ in first }
    }
    return choices
  }

  /// The dotted names of the entries that have a value, without computing any.
  private func settledNames(path: String = "") -> [String] {
    Self.configFields.filter { isSet($0.name) }.flatMap { field -> [String] in
      let name = path + field.name
      switch field.content {
      case .value: return [name]
      case .nested(let access): return access.object(self).settledNames(path: name + ".")
      case .choice(let access):
        return ["\(name).\(ConfigType.choiceName)"]
          + (access.object(self)?.settledNames(path: name + ".") ?? [])
      }
    }
  }

  // MARK: - What is missing

  /// The names of properties that have no value yet, nor may be computed.
  private func unreadableNames() -> Set<String> {
    let fields = Self.configFields
    var names = Set(fields.filter { $0.isRequired && !isSet($0.name) }.map(\.name))
    // Dependencies include those by way of others, so one look at each is enough.
    func addDependents(of missing: Set<String>) {
      for field in fields where !missing.isDisjoint(with: field.dependencies) {
        if !isSet(field.name) { names.insert(field.name) }
      }
    }
    if !names.isEmpty { addDependents(of: names) }
    for field in fields where !names.contains(field.name) {
      guard let object = object(in: field), !object.missing().isEmpty else { continue }
      addDependents(of: [field.name])
    }
    return names
  }

  /// The name of an entry without a value, without which a property cannot be read.
  ///
  /// - Parameter field: The property; what it depends on has its values.
  /// - Returns: The name within this configuration; `nil` if the property can be read.
  func firstMissing(for field: ConfigField<Self>) -> String? {
    // Most have neither, and looking into the object takes its time.
    guard field.isRequired || !field.dependencies.isEmpty, !isSet(field.name) else { return nil }
    if field.isRequired { return field.name }
    let dependencies = Self.configFields.filter { field.dependencies.contains($0.name) }
    return dependencies.lazy.compactMap { dependency in
      if let name = self.firstMissing(for: dependency) { return name }
      let inner = self.object(in: dependency)?.missing().first?.path
      return inner.map { "\(dependency.name).\($0)" }
    }.first
  }

  /// The names of the required entries that have no value.
  var missingNames: [String] {
    Self.configFields.filter { $0.isRequired && !isSet($0.name) }.map(\.name)
  }

  /// Whether a lazy property has a value already.
  private func isSet(_ name: String) -> Bool {
    let storage = Mirror(reflecting: self).children.first {
      $0.label == "$__lazy_storage_$_\(name)"
    }
    guard let value = storage?.value else { return true }
    return Mirror(reflecting: value).children.first != nil
  }

  /// The problems that entries have no default and were not set.
  func missing(path: String = "") -> [ConfigError] {
    let fields = Self.configFields
    let own = fields.filter { $0.isRequired && !isSet($0.name) }.map { field in
      let name = path + field.name
      return ConfigError(
        code: .required, path: name, message: "'\(name)' must be set; write \(name)=VALUE")
    }
    let names = Set(own.map { String($0.path.dropFirst(path.count)) })
    let readable = fields.filter { names.isDisjoint(with: $0.dependencies) || isSet($0.name) }
    return own
      + readable.flatMap { field in
        object(in: field)?.missing(path: path + field.name + ".") ?? []
      }
  }

  // MARK: - Values

  /// All values, secrets included; computes the defaults that are not computed yet.
  ///
  /// - Parameter isComplete: Whether all required entries are set; what is missing is left out.
  /// - Returns: The values in the order of the entries.
  /// - Throws: What the encoding of a value throws.
  func value(isComplete: Bool = true) throws -> Value {
    var entries: Value.Entries = [:]
    let unreadable = isComplete ? [] : unreadableNames()
    for field in Self.configFields where !unreadable.contains(field.name) {
      switch field.content {
      case .value(let access):
        let activity = "computed the entry \(quoted(field.name)) of \(Self.self)"
        entries[field.name] = try CrashNote.during(activity) { try access.read(self) }
      case .nested(let access):
        entries[field.name] = try access.object(self).value(isComplete: isComplete)
      case .choice(let access):
        var branch: Value.Entries = [ConfigType.choiceName: .text(access.selected(self))]
        let inner = try access.object(self)?.value(isComplete: isComplete)
        branch.merge(inner?.mapValue ?? [:]) { first, _ in first }
        entries[field.name] = .map(branch)
      }
    }
    return .map(entries)
  }

  /// What must be set in another configuration to make it like this one.
  ///
  /// - Parameters:
  ///   - defaults: The defaults of the class.
  ///   - base: The configuration that is going to be changed.
  /// - Returns: The values with their dotted names; a default that depends on others stays one.
  /// - Throws: What the encoding of a value throws.
  func changes(
    from defaults: (any Configuration)?, over base: (any Configuration)?
  ) throws -> [(path: String, value: Value)] {
    // What reading computes is not set, so this comes first.
    let settled = settledNames()
    func isSettled(_ name: String) -> Bool {
      settled.contains { name == $0 || name.hasPrefix($0 + ".") }
    }
    let schema = ConfigSchema(try entries())
    let value = try value(isComplete: false)
    func changes(from other: (any Configuration)?) throws -> [(path: String, value: Value)] {
      schema.changes(of: value, from: try other?.value(isComplete: false) ?? [:])
    }
    let own = try changes(from: defaults).filter { isSettled($0.path) }
    let others = try changes(from: base).filter { change in
      !own.contains { $0.path == change.path }
        && (try? schema.entry(at: change.path))?.isDependent == false
    }
    return own + others
  }

  /// What the classes' own validation finds.
  ///
  /// - Parameters:
  ///   - value: This configuration's values.
  ///   - entries: Its entries.
  ///   - path: Its dotted name with a dot at its end.
  /// - Returns: The problems.
  func validationProblems(
    _ value: Value, entries: [ConfigEntry], path: String = ""
  ) -> [ConfigError] {
    var problems = ConfigProblems([])
    validate(&problems)
    let schema = ConfigSchema(entries)
    let own = problems.problems.map { $0.completed(with: value, schema: schema, path: path) }
    return own
      + nested().flatMap { name, object in
        object.validationProblems(
          value[name] ?? [:],
          entries: entries.first { $0.name == name }?.type.unwrapped.groupEntries ?? [],
          path: "\(path)\(name).")
      }
  }
}

extension ConfigChoiceField.Branch {
  fileprivate var typeHelp: String { type?.configHelp ?? "" }
}

import GrailCore
import GrailRun

/// A configuration whose entries are the properties of a class.
struct ObjectModel<Configured: Configuration>: ConfigModel {
  let schema: ConfigSchema

  var help: String { Configured.configHelp }

  /// Finds the entries.
  ///
  /// - Throws: ``ConfigError`` with code ``ConfigError/Code/unusableDefaults`` if the class
  ///   contains itself, or its defaults cannot be encoded.
  init() throws(ConfigError) {
    if let circle = Configured.circle() {
      throw ConfigError(
        code: .unusableDefaults, path: "",
        message: "'\(Configured.self)' cannot serve as a configuration: it contains itself, by way "
          + "of \(circle.joined(separator: " → ")); break the circle")
    }
    if let type = Configured.branchWithChoice() {
      throw ConfigError(
        code: .unusableDefaults, path: "",
        message:
          "'\(Configured.self)' cannot serve as a configuration: '\(type)' is in a choice and "
          + "has an entry '\(ConfigType.choiceName)', which says what is chosen; rename it")
    }
    let object = Configured()
    if let problem = object.sharing() { throw problem }
    do {
      schema = ConfigSchema(try object.entries())
    } catch {
      throw ConfigError(
        code: .unusableDefaults, path: "",
        message: "'\(Configured.self)' cannot serve as a configuration: \("\(error)".onOneLine)")
    }
  }

  func scratch(_ changes: [ConfigChange]) -> Any {
    let object = Configured()
    _ = object.apply(changes)
    return object
  }

  func build(
    _ changes: [ConfigChange]
  ) throws(ConfigProblems) -> BuiltConfig<ConfigView<Configured>> {
    let object = Configured()
    var problems = object.apply(changes)
    let refused = Set(problems.map(\.path))
    problems += object.missing().filter { !refused.contains($0.path) }
    guard problems.isEmpty else { throw ConfigProblems(problems) }
    if let problem = object.sharing() { throw ConfigProblems([problem]) }
    let value: Value
    do {
      value = try object.value()
    } catch {
      throw ConfigProblems([
        ConfigError(
          code: .refused, path: "",
          message: "the configuration cannot be written down: \("\(error)".onOneLine)")
      ])
    }
    let entries = schema.choosing(object.choices()).entries
    problems = object.validationProblems(value, entries: entries)
    guard problems.isEmpty else { throw ConfigProblems(problems) }
    return BuiltConfig(
      view: ConfigView(object), value: value, parts: object.parts())
  }
}

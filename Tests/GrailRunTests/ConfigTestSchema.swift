import GrailCore
import GrailRun
import OrderedCollections

extension ConfigType {
  static let int = ConfigType.int(name: "Int", min: .min, max: UInt64(Int64.max))
  static let double = ConfigType.double(name: "Double", isSingle: false)
  static let string = ConfigType.text(name: "String")
  static let optimizer = ConfigType.choice(name: "Optimizer", ["sgd": "sgd", "adam": "adam"])
}

extension ConfigSchema {
  /// One entry of every type.
  static let sample = ConfigSchema([
    ConfigEntry("layers", .int, default: 7),
    ConfigEntry("small", .int(name: "Int8", min: -128, max: 127), default: 1),
    ConfigEntry("seed", .int(name: "UInt64", min: 0, max: .max), default: 0),
    ConfigEntry("rate", .double, default: 0.1),
    ConfigEntry("single", .double(name: "Float", isSingle: true), default: 0.5),
    ConfigEntry("fast", .bool(name: "Bool"), default: false),
    ConfigEntry("optimizer", .optimizer, default: "sgd"),
    ConfigEntry("name", .string, default: "x"),
    ConfigEntry("note", .optional(.string), default: nil),
    ConfigEntry("limit", .optional(.int), default: nil),
    ConfigEntry("start", .time(name: "Date"), default: .time(Timestamp(microseconds: 0))),
    ConfigEntry("widths", .list(of: .int), default: [32, 32]),
    ConfigEntry("names", .list(of: .string), default: []),
    ConfigEntry("modes", .list(of: .optional(.optimizer)), default: []),
    ConfigEntry("bounds", .map(key: .string, of: .double), default: ["a": 1.0]),
    ConfigEntry("counts", .map(key: .int, of: .list(of: .int)), default: [:]),
    ConfigEntry("raw", .bytes(name: "Data"), default: .bytes([])),
    ConfigEntry("free", .any(name: "Value"), default: nil),
    ConfigEntry(
      "data", .group(name: "Data", dataEntries), default: ConfigSchema(dataEntries).defaults),
    ConfigEntry("extra", .optional(.group(name: "Data", dataEntries)), default: nil),
  ])

  private static let dataEntries = [
    ConfigEntry("path", .string, default: "train.csv"),
    ConfigEntry("size", .int, default: 100),
    ConfigEntry(
      "split", .group(name: "Split", [ConfigEntry("test", .double, default: 0.2)]),
      default: ["test": 0.2]),
  ]
}

extension ConfigSchema {
  /// The defaults with updates applied.
  func resolve(
    _ words: [String]
  ) throws(ConfigProblems) -> (config: Value, modified: [ConfigChange]) {
    var problems: [ConfigError] = []
    var changes: [ConfigChange] = []
    for result in read(words) {
      switch result {
      case .success(let reading): changes += reading.changes
      case .failure(let error): problems += error.problems
      }
    }
    guard problems.isEmpty else { throw ConfigProblems(problems) }
    return (try defaults.applying(changes), changes)
  }
}

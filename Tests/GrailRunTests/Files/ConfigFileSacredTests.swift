import Foundation
import GrailCore
import GrailRun
import OrderedCollections
import TestSupport
import Testing

@Suite struct ConfigFileSacredTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/sacred/cli")

  private static let schema = ConfigSchema([
    entry("base_lr", .double, 0.5), entry("lr", .double, 0.5), entry("final_lr", .double, 0.5),
    entry("depth", .int, 1), entry("epochs", .int, 1), entry("seed", .int, 2),
    entry("note", .string, ""), entry("schedule", .choice(name: "S", ["constant": "c"]), "x"),
    entry("tags", .list(of: .string), ["a"]), entry("warmup", .optional(.int), 3),
    entry("extra", .any(name: "Value"), nil), entry("paths", .map(key: .string, of: .string), [:]),
    group(
      "model",
      [
        entry("kind", .string, ""), entry("layers", .list(of: .int), []),
        group("act", [entry("name", .string, ""), entry("slope", .double, 1.0)]),
      ]),
    group(
      "dataset",
      [
        entry("augment", .bool(name: "Bool"), true), entry("batch_size", .int, 1),
        entry("name", .string, ""), entry("split", .map(key: .string, of: .double), [:]),
      ]),
  ])

  private static func entry(_ name: String, _ type: ConfigType, _ value: Value) -> ConfigEntry {
    ConfigEntry(name, type, default: value)
  }

  private static func group(_ name: String, _ members: [ConfigEntry]) -> ConfigEntry {
    ConfigEntry(name, .group(name: name, members), default: ConfigSchema(members).defaults)
  }

  @Test(arguments: ["json", "yaml"])
  func `loads what Sacred's save_config wrote`(name: String) throws {
    let path = Self.folder.appending(path: "save_config.saved.\(name)").path
    let (changes, problems) = Self.schema.read(try ConfigDocument(contentsOf: path))
    #expect(problems == [])
    let config = try Self.schema.defaults.applying(changes)
    #expect(
      config == [
        "base_lr": 0.1, "lr": 0.030000000000000006, "final_lr": 0.0003000000000000001, "depth": 3,
        "epochs": 3, "seed": 1, "note": "grüße 🎉", "schedule": "c", "tags": [], "warmup": nil,
        "extra": [:], "paths": ["root": "data"],
        "model": [
          "kind": "mlp", "layers": [64, 32, 10], "act": ["name": "relu", "slope": 0.01],
        ],
        "dataset": [
          "augment": false, "batch_size": 32, "name": "iris", "split": ["test": 0.2, "train": 0.8],
        ],
      ])
  }
}

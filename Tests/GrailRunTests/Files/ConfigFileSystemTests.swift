import Foundation
import GrailCore
import GrailRun
import TestSupport
import Testing

@Suite final class ConfigFileSystemTests {
  private let folder: String

  init() throws {
    folder =
      FileManager.default.temporaryDirectory.appending(path: "grail-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func problem(_ name: String) -> String? {
    do {
      _ = try ConfigDocument(contentsOf: "\(folder)/\(name)")
      return nil
    } catch {
      return error.description.replacing(folder, with: "DIR")
    }
  }

  @Test(arguments: [
    ("none.yaml", "there is no file 'DIR/none.yaml'"),
    ("none/x.json", "there is no file 'DIR/none/x.json'"),
    (
      "config.ini",
      "'DIR/config.ini' ends in '.ini'; configuration files end in '.json', '.yaml' and '.toml'"
    ),
    (
      "config",
      "'DIR/config' has no extension; configuration files end in '.json', '.yaml' and '.toml'"
    ),
  ])
  func `says why there is no such file`(name: String, message: String) {
    #expect(problem(name) == message)
  }

  @Test func `refuses folders, and pipes without waiting`() throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/folder.yaml", withIntermediateDirectories: true)
    #expect(problem("folder.yaml") == "'DIR/folder.yaml' is a folder; name a file")
    try #require(mkfifo("\(folder)/pipe.json", 0o600) == 0)
    #expect(problem("pipe.json") == "'DIR/pipe.json' is no regular file; name a file")
  }

  @Test func `refuses what is too large or no text`() throws {
    let path = "\(folder)/large.json"
    #expect(FileManager.default.createFile(atPath: path, contents: Data(count: 4 << 20 + 1)))
    #expect(
      problem("large.json")
        == "'DIR/large.json' is too large; a configuration file has at most 4 MiB")
    for (name, bytes, place) in [
      ("a.toml", [0x61, 0x0A, 0x62, 0xFF], "2:2: found the byte 0xFF, expected text in UTF-8"),
      ("b.yaml", [0xC3, 0xA9, 0xC3], "1:2: found the byte 0xC3, expected text in UTF-8"),
      ("c.json", [0x7F, 0x45, 0x4C, 0x46, 0], "1:5: found the byte 0x0, expected text in UTF-8"),
      ("d.json", [0x7B, 0xED, 0xA0, 0x80], "1:2: found the byte 0xED, expected text in UTF-8"),
    ] as [(String, [UInt8], String)] {
      try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
      #expect(problem(name) == "DIR/\(name):\(place)")
    }
  }

  @Test(arguments: ["a.json", "a.yaml", "a.yml", "a.TOML"])
  func `reads what it wrote`(name: String) throws {
    let schema = ConfigSchema.sample
    let value = try schema.defaults.applying([
      ConfigChange(path: "layers", value: 8), ConfigChange(path: "data.path", value: "y"),
    ])
    try ConfigFile.write(value, to: "\(folder)/\(name)", schema: schema)
    let (changes, problems) = schema.read(try ConfigDocument(contentsOf: "\(folder)/\(name)"))
    #expect(problems == [])
    #expect(try schema.defaults.applying(changes) == value)
  }

  @Test func `says why a file cannot be written`() {
    let error = #expect(throws: ConfigProblems.self) {
      try ConfigFile.write([:], to: "\(self.folder)/none/a.json", schema: nil)
    }
    let message = error?.description.replacing(folder, with: "DIR") ?? ""
    #expect(message.hasPrefix("'DIR/none/a.json' cannot be created: "))
  }
}

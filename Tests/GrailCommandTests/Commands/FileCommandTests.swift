import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite struct FileCommandTests {
  private func artifacts(_ names: [(name: String, path: String)]) -> Value.Entries {
    [
      "grail": [
        "artifacts": .list(names.map { ["name": .text($0.name), "path": .text($0.path)] })
      ]
    ]
  }

  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  @Test func `artifacts are listed, printed and copied`() async throws {
    let store = TestStore()
    let stored = [
      (name: "model.bin", path: "model.bin"), ("plots/a b.txt", "plots_a b.txt"), ("gone", "gone"),
    ]
    try store.add("1", record: artifacts(stored))
    let bytes = Data([0, 255, 27, 10, 13] + (0..<600_000).map { UInt8(truncatingIfNeeded: $0) })
    try bytes.write(to: URL(filePath: "\(store.runs)/1/model.bin"))
    try store.write("plot\n", to: "runs/1/plots_a b.txt")
    let list = try await GrailProgram.run(["artifacts", "1"], in: store)
    #expect(
      list.lines == [
        "artifact          size", "model.bin      586 KiB", "plots/a b.txt      5 B",
        "gone                    not there",
      ])
    let printed = try await GrailProgram.run(
      ["artifacts", "1", "--print", "plots/a b.txt"], in: store)
    #expect(printed.exitCode == 0 && printed.output == "plot\n")
    let missing = try await GrailProgram.run(["artifacts", "1", "--print", "x"], in: store)
    #expect(missing.exitCode == 66 && missing.errors.contains("has no artifact 'x'; it has 'model"))
    let copied = try await GrailProgram.run(["artifacts", "1", "--copy", "out"], in: store)
    #expect(copied.exitCode == 73)
    #expect(copied.errors == "grail: 'gone' cannot be read: it is not there any more\n")
    #expect(try Data(contentsOf: URL(filePath: store.path("out/model.bin"))) == bytes)
    #expect(try store.text("out/plots/a b.txt") == "plot\n")
    // Once more, and nothing is written over.
    try store.write("mine", to: "out/model.bin")
    let again = try await GrailProgram.run(["artifacts", "1", "--copy", "out"], in: store)
    #expect(again.exitCode == 73 && again.errors.contains("'model.bin' is not laid out in 'out'"))
    #expect(try store.text("out/model.bin") == "mine")
  }

  @Test func `names that lead out of the folder, and links in it, are not followed`() async throws {
    let store = TestStore()
    let names = [
      "../up", "/abs", "a/../../up", "a//b", "", ".", "a/..", "linked/x", "last", "nul\u{0}l",
      "\u{1B}[2J\u{202E}/../x", "fine/x",
    ]
    try store.add("1", record: artifacts(names.map { ($0, "file") }))
    try store.write("text", to: "runs/1/file")
    try store.write("", to: "elsewhere/kept")
    try store.write("", to: "out/other")
    try link(store.path("out/linked"), to: store.path("elsewhere"))
    try link(store.path("out/last"), to: store.path("elsewhere/made"))
    let end = try await GrailProgram.run(["artifacts", "1", "--copy", "out"], in: store)
    #expect(end.exitCode == 73)
    #expect(try store.text("out/fine/x") == "text")
    let errors = end.errors.split(separator: "\n")
    #expect(errors.count == names.count - 1)
    #expect(errors.filter { $0.hasSuffix("the name leads out of the folder") }.count == 9)
    #expect(errors.contains { $0.hasSuffix("'linked' is no folder, or a link") })
    #expect(errors.contains { $0.hasSuffix("it is there already") })
    #expect(!end.errors.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
    let manager = FileManager.default
    #expect(try manager.contentsOfDirectory(atPath: store.path("elsewhere")) == ["kept"])
    #expect(
      try manager.contentsOfDirectory(atPath: store.url.path).sorted()
        == ["elsewhere", "out", "runs"])
    #expect(
      try manager.contentsOfDirectory(atPath: store.path("out")).sorted()
        == ["fine", "last", "linked", "other"])
  }

  @Test(.timeLimit(.minutes(1))) func `what a record calls a file is read only in its place`()
    async throws
  {
    let store = TestStore()
    try store.write("a secret", to: "secret")
    try store.add(
      "1",
      record: artifacts([
        ("up", "../../secret"), ("link", "link"), ("folder", "folder"), ("pipe", "pipe"),
        ("inner", "inner"),
      ]))
    try link("\(store.runs)/1/link", to: store.path("secret"))
    try store.write("text", to: "runs/1/folder/x")
    try link("\(store.runs)/1/inner", to: "folder/x")
    #expect(mkfifo("\(store.runs)/1/pipe", 0o600) == 0)
    for (name, found) in [
      ("up", "its path leads out of the store"), ("link", "its path leads out of the store"),
      ("folder", "it is not a file"), ("pipe", "it is not a file"),
    ] {
      let end = try await GrailProgram.run(["artifacts", "1", "--print", name], in: store)
      #expect(end.exitCode == 66 && end.output.isEmpty)
      #expect(end.errors == "grail: '\(name)' cannot be read: \(found)\n")
    }
    let inner = try await GrailProgram.run(["artifacts", "1", "--print", "inner"], in: store)
    #expect(inner.output == "text")
  }

  @Test func `sources are listed, printed and laid out`() async throws {
    let store = TestStore()
    try store.add(
      "1", sources: [("main.swift", "print(1)\n"), ("Sources/A/a.swift", "let a = 1\n")])
    let list = try await GrailProgram.run(["sources", "1"], in: store)
    #expect(
      list.lines == [
        "source             size", "main.swift          9 B", "Sources/A/a.swift  10 B",
      ])
    let printed = try await GrailProgram.run(["sources", "1", "--print", "main.swift"], in: store)
    #expect(printed.output == "print(1)\n")
    let end = try await GrailProgram.run(["sources", "1", "--lay-out", "out"], in: store)
    #expect(end.exitCode == 0 && end.errors.isEmpty)
    #expect(try store.text("out/Sources/A/a.swift") == "let a = 1\n")
    try store.add("2")
    let none = try await GrailProgram.run(["sources", "2"], in: store)
    #expect(none.exitCode == 1 && none.errors == "grail: run 2 has no sources\n")
    let nowhere = try await GrailProgram.run(
      ["sources", "1", "--lay-out", "no/such/folder"], in: store)
    #expect(nowhere.exitCode == 73 && nowhere.errors.contains("cannot be made"))
  }

  @Test func `as JSON, what is known of each is told`() async throws {
    let store = TestStore()
    try store.write("secret", to: "secret")
    let digest = String(repeating: "ab", count: 32)
    try store.add(
      "1", sources: [("Sources/A/a.swift", "let a = 1\n")],
      record: [
        "grail": [
          "artifacts": [
            [
              "name": "plots/a", "path": "a.png", "bytes": 5, "sha256": .text(digest),
              "content_type": "image/png",
            ],
            ["name": "up", "path": "../../secret"],
          ]
        ]
      ])
    let place = URL(filePath: "\(store.runs)/1/a.png")
    try store.write("image", to: "runs/1/a.png")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000)], ofItemAtPath: place.path)
    let artifacts = try await GrailProgram.run(["artifacts", "1", "--json"], in: store)
    #expect(artifacts.exitCode == 0 && artifacts.errors.isEmpty)
    #expect(
      artifacts.lines == [
        #"{"name":"plots/a","bytes":5,"sha256":"\#(digest)","md5":null,"content_type":"image/png","#
          + #""time":"2023-11-14T22:13:20Z","path":"\#(place.path)"}"#,
        #"{"name":"up","bytes":null,"sha256":null,"md5":null,"content_type":null,"#
          + #""time":null,"path":null}"#,
      ])
    let sources = try await GrailProgram.run(["sources", "1", "--json"], in: store)
    let source = try #require(try JSONParser.parse(Array(sources.output.utf8)).mapValue)
    #expect(source["name"] == "Sources/A/a.swift" && source["bytes"] == 10)
    #expect(source["md5"] == .text(FileDigest(of: Array("let a = 1\n".utf8)).md5))
    #expect(
      try source["path"]?.textValue.map { try String(contentsOfFile: $0, encoding: .utf8) }
        == "let a = 1\n")
    try store.add("2")
    let none = try await GrailProgram.run(["artifacts", "2", "--json"], in: store)
    #expect(none.exitCode == 1 && none.output.isEmpty && none.errors.isEmpty)
    let both = try await GrailProgram.run(["sources", "1", "--json", "--print", "x"], in: store)
    #expect(both.exitCode == 64)
  }
}

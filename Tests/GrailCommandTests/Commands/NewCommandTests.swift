import Foundation
import TestSupport
import Testing

/// `grail new`, as a program.
///
/// That what it makes builds and passes its test is checked by `Scripts/check-package`.
@Suite struct NewCommandTests {
  /// A folder that passes for a checkout of Grail.
  private func store() throws -> TestStore {
    let store = TestStore()
    try store.write("let package = Package(name: \"grail\")\n", to: "gr\"ail/Package.swift")
    return store
  }

  @Test func `makes a package that names Grail, with an experiment and a test`() async throws {
    let store = try store()
    let end = try await GrailProgram.run(["new", "my-walk", "--grail", "gr\"ail"], in: store)
    #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
    #expect(end.lines.last == "  swift test")
    let files = try FileManager.default.subpathsOfDirectory(atPath: store.path("my-walk"))
      .filter { $0.contains(".") }
    #expect(
      files.sorted() == [
        ".gitignore", "Package.swift", "README.md", "Sources/my-walk/Descent.swift",
        "Sources/my-walk/main.swift", "Tests/my-walkTests/DescentTests.swift",
      ])
    let manifest = try store.text("my-walk/Package.swift")
    #expect(manifest.contains("path: \"\(store.url.path)/gr\\\"ail\")"))
    #expect(
      try store.text("my-walk/Tests/my-walkTests/DescentTests.swift")
        .contains("@testable import my_walk\n"))
  }

  @Test func `finds Grail where the tool was built, or at an address`() async throws {
    let store = try store()
    _ = try await GrailProgram.run(["new", "sub/../walk"], in: store)
    let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    #expect(try store.text("walk/Package.swift").contains("path: \"\(root.path)\")"))
    let address = "https://example.org/lab/grail-fork.git"
    _ = try await GrailProgram.run(["new", "far", "--grail", address], in: store)
    let manifest = try store.text("far/Package.swift")
    #expect(manifest.contains(".package(url: \"\(address)\", branch: \"main\")"))
    #expect(manifest.contains("package: \"grail-fork\""))
  }

  @Test(
    arguments: [
      ("class", 64, "it is a word of Swift"), ("Grail", 64, "is called so"),
      ("GrailRun", 64, "is called so"), ("foundation", 64, "is called so"),
      ("Testing", 64, "is called so"), ("3d", 64, "a letter first"), ("a b", 64, "write letters"),
      ("wälk", 64, "write letters"), ("..", 64, "package"), ("-x", 64, "name"),
      ("", 64, "write letters"),
      ("a\u{1B}[2J", 64, "write letters"), ("there", 73, "it is there already"),
      ("no/such/walk", 73, "cannot be made"),
    ] as [(String, Int32, String)])
  func `what cannot be made is told, and nothing is written`(
    name: String, code: Int32, message: String
  ) async throws {
    let store = try store()
    try store.write("mine", to: "there/file")
    let before = try FileManager.default.subpathsOfDirectory(atPath: store.url.path)
    let end = try await GrailProgram.run(["new", name, "--grail", "gr\"ail"], in: store)
    #expect(end.exitCode == code && end.errors.contains(message), "\(end.errors)")
    #expect(!end.errors.contains("\u{1B}"))
    let after = try FileManager.default.subpathsOfDirectory(atPath: store.url.path)
    #expect(Set(after).subtracting(before).subtracting(["output", "errors"]) == [])
  }

  @Test func `a place without Grail is told`() async throws {
    let store = try store()
    let end = try await GrailProgram.run(["new", "walk", "--grail", "runs"], in: store)
    #expect(end.exitCode == 66 && end.errors.contains("there is no Grail in 'runs'"))
    #expect(!FileManager.default.fileExists(atPath: store.path("walk")))
  }
}

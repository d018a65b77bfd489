import GrailCore
import OrderedCollections
import TestSupport
import Testing

@Suite struct GrailToolTests {
  @Test func `that the folder /proc is missing is said`() async throws {
    let store = TestStore()
    try store.add("1", config: ["lr": 1])
    let hidden = [
      "--mount", "/bin/sh", "-c", "mount -t tmpfs grail-test /proc && exec \"$@\"", "sh",
    ]
    func run(_ words: String...) async throws -> GrailProgram.End {
      try await GrailProgram.run(["unshare"] + hidden + words, in: store, as: "/usr/bin/env")
    }
    guard try await run("true").exitCode == 0 else {
      print("left out: only root may hide a folder, where mounting is allowed")
      return
    }
    let end = try await run("\(GrailProgram.folder)/grail", "ls", "1")
    #expect(end.exitCode == 66 && end.output.isEmpty)
    #expect(end.errors.hasPrefix("grail: the folder /proc is not mounted"))
  }
}

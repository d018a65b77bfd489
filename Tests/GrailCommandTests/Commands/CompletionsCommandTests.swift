import Testing
import TestSupport

@Suite struct CompletionsCommandTests {
  @Test(arguments: ["bash", "zsh", "fish"])
  func `each shell has a script that names the commands`(shell: String) async throws {
    let end = try await GrailProgram.run(["completions", shell], in: TestStore())
    #expect(end.exitCode == 0 && end.errors == "")
    #expect(end.output.contains("purge") && end.output.contains("grail"))
  }

  @Test func `what completes runs offers those of the store`() async throws {
    let store = TestStore()
    try store.add("17")
    let end = try await GrailProgram.run(
      ["---completion", "show", "--", "positional@0", "2", "0", "grail", "show", ""], in: store)
    #expect(end.lines.contains("17") && end.lines.contains("last"))
  }

  @Test func `another shell is a mistake`() async throws {
    let end = try await GrailProgram.run(["completions", "tcsh"], in: TestStore())
    #expect(end.exitCode == 64 && end.errors.contains("'tcsh'"))
  }
}

import ArgumentParser
import GrailCommand
import TestSupport
import Testing

@Suite struct GrailToolTests {
  @Test func `that the folder /proc is missing is said`() async throws {
    let hidden = [
      "--mount", "/bin/sh", "-c", "mount -t tmpfs grail-test /proc && exec \"$@\"", "sh",
    ]
    func run(_ words: String...) async throws -> GrailProgram.End {
      try await GrailProgram.run(["unshare"] + hidden + words, in: TestStore(), as: "/usr/bin/env")
    }
    guard try await run("true").exitCode == 0 else {
      print("left out: only root may hide a folder, where mounting is allowed")
      return
    }
    let end = try await run("\(GrailProgram.folder)/grail", "ls", "1")
    #expect(end.exitCode == 66 && end.output.isEmpty)
    #expect(end.errors.hasPrefix("grail: the folder /proc is not mounted"))
  }

  @Test(arguments: [
    ("sl", "there is no command 'sl'; did you mean 'ls'?"),
    ("log", "there is no command 'log'; did you mean 'logs'?"),
    ("\u{1B}[2J", "there is no command '\\u{1b}[2J'; 'grail --help' lists them"),
    ("-F", "options stand behind the command: grail ls -F …"),
  ])
  func `a command that is not there is told`(word: String, message: String) async throws {
    let end = try await GrailProgram.run([word, "1"], in: TestStore())
    #expect(end.exitCode == 64 && end.output.isEmpty)
    #expect(end.errors == "grail: \(message)\n")
  }

  @Test(arguments: [
    (
      ["ls", "--json", "--csv"], "--json and --csv exclude each other; 'grail ls --help' says more"
    ),
    (["ls", "--versio"], "unknown option '--versio'; 'grail ls --help' says more"),
    (["show"], "missing expected argument '<run> ...'; 'grail show --help' says more"),
    (
      ["export", "metrics", "--format", "\u{1B}[2J"],
      "the value '\\u{1b}[2J' is invalid for '--format <format>'. Please provide one of 'csv' and "
        + "'jsonl'. 'grail export metrics --help' says more"
    ),
  ])
  func `a mistake in what was typed is told in a line`(words: [String], line: String) async throws {
    let end = try await GrailProgram.run(words, in: TestStore())
    #expect(end.exitCode == 64 && end.output.isEmpty)
    #expect(end.errors == "grail: \(line)\n")
  }

  @Test(arguments: [
    ["ls", "-F", ""], ["show", "--store", "", "last"], ["ls", "-F", "runs", "-F", ""],
    ["rm", "-Ffiles:", "1"], ["copy", "runs", ""], ["import", "-F", "", "runs.tar"],
  ])
  func `a folder without a name is not the working directory`(words: [String]) async throws {
    let store = TestStore()
    try store.add("1")
    let end = try await GrailProgram.run(words, in: store)
    #expect(end.exitCode == 64 && end.output.isEmpty)
    #expect(end.errors.contains(" ''"), "\(end.errors)")
  }

  @Test(arguments: [["--help"], ["help"], ["help", "ls"], [], ["ls", "--help"]])
  func `help is help`(words: [String]) async throws {
    let end = try await GrailProgram.run(words, in: TestStore())
    #expect(
      end.exitCode == 0 && end.output.contains(words.contains("ls") ? "USAGE: grail ls" : "LOOK"))
  }

  @Test func `the help names every command, and fits one screen`() {
    let lines = GrailTool.helpPage.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count < 24 && lines.allSatisfy { $0.count <= 80 })
    let named = Set(lines.dropFirst(4).flatMap { $0.prefix(32).split { " ,".contains($0) } })
    let commands = GrailTool.configuration.groupedSubcommands.flatMap(\.subcommands)
    for command in commands { #expect(named.contains(Substring(command._commandName))) }
    #expect(named.count == commands.count + 4)
  }
}

import ArgumentParser

/// `grail completions`: prints what makes a shell's tab key know the tool.
struct CompletionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions", abstract: "Print a shell's completions.",
    discussion: """
      bash: source <(grail completions bash)                 in ~/.bashrc
      zsh:  grail completions zsh > DIR/_grail               DIR is one of $fpath
      fish: grail completions fish > ~/.config/fish/completions/grail.fish
      """)

  @Argument(
    help: ArgumentHelp("bash, zsh or fish.", valueName: "shell"),
    completion: .list(["bash", "zsh", "fish"]))
  var shell: String

  func run() throws {
    guard let shell = CompletionShell(rawValue: shell) else {
      throw CommandFailure.usage(
        "'\(DisplayText(self.shell))' is no shell that is known; there are bash, zsh and fish")
    }
    print(GrailTool.completionScript(for: shell))
  }
}

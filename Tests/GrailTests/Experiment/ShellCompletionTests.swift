#if Macros
  import Foundation
  import GrailRecord
  import TestSupport
  import Testing

  /// What the tab key makes of a line, in shells at a terminal of their own; bash is asked without one,
  /// in `ConfiguredProgramTests`.
  @Suite(.timeLimit(.minutes(2))) struct ShellCompletionTests {
    private let folder = TestFolder()

    enum Shell: String, CaseIterable { case zsh, fish }

    @Test(
      arguments: Shell.allCases,
      [
        ("prog pri", "prog print-"),
        ("prog -F runs pe", "prog -F runs peek "),
        ("prog help pe", "prog help peek "),
        ("prog with lay", "prog with layers="),
        ("prog -u with layers=3 ma", "prog -u with layers=3 mass="),
        ("prog with mass=d", "prog with mass=dense "),
        ("prog with stepper=h", "prog with stepper=heavy "),
        ("prog with first.w", "prog with first.wid"),
        ("prog with b", "prog with big "),
      ])
    func `a shell completes words`(shell: Shell, line: (typed: String, completed: String))
      async throws
    {
      guard TestFolder.hasProgram("python3"), TestFolder.hasProgram(shell.rawValue) else { return }
      try FileManager.default.createSymbolicLink(
        atPath: folder.path("prog"), withDestinationPath: TestProgram.path)
      // Control-X writes down the line as it is then, and ends the shell.
      let (file, start, command) =
        switch shell {
        case .zsh:
          (
            ".zshrc",
            """
            path=($HOME $path) fpath=($HOME/functions $fpath)
            mkdir functions; prog --generate-completion-script zsh > functions/_prog
            autoload -U compinit; compinit -u -D
            note() { print -r -- "$BUFFER" > line; kill -9 $$ }
            zle -N note; bindkey '^X' note
            """, "exec zsh -i"
          )
        case .fish:
          (
            "start.fish",
            """
            set -x PATH $HOME $PATH
            prog --generate-completion-script fish | source
            bind \\cx 'commandline > line; kill -9 $fish_pid'
            """, "exec fish --no-config -i -C 'source start.fish'"
          )
        }
      try folder.write(start + "\n", to: file)
      let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Python/terminal.py")
      let end = try await TestProgram.run(
        "building", in: folder,
        environment: [
          "HOME": folder.path, "ZDOTDIR": folder.path, "XDG_CONFIG_HOME": folder.path,
          "XDG_DATA_HOME": folder.path, "TERM": "xterm",
        ],
        launcher: [
          "/usr/bin/env", "python3", script.path, "--keys", "0.5=\(line.typed)\\t\\x18", "--",
          "/bin/sh", "-c", command,
        ])
      #expect(end.exitCode == 0 && end.errors.isEmpty)
      #expect(try folder.text("line") == line.completed + "\n", "\(end.output)")
    }
  }
#endif

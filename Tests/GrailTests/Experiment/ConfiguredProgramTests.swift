#if Macros
  import Foundation
  import GrailCore
  import GrailRecord
  import TestSupport
  import Testing

  @Suite(.timeLimit(.minutes(2))) struct ConfiguredProgramTests {
    let folder = TestFolder()

    private func run(
      _ arguments: [String], experiment: String = "building",
      environment: [String: String] = ["SWIFT_BACKTRACE": "enable=no"], launcher: [String] = []
    ) async throws -> ProgramEnd {
      try await TestProgram.run(
        experiment, arguments, in: folder, environment: environment, launcher: launcher)
    }

    // MARK: - Commands

    @Test func `a run is seeded, hooked and recorded with where its values come from`()
      async throws
    {
      let words = ["big", "stepper=heavy", "token=hunter2", "seed=5", "--quiet"]
      let end = try await run(["with"] + words + ["stepper.key=hunter2", "second.wide"])
      #expect(end.exitCode == 0)
      let lines = end.output.split(separator: "\n")
      #expect(
        lines.prefix(4) == ["seeded with 5", "before", "layers 50 total 200", "token hunter2"])
      #expect(lines.suffix(2) == ["quiet true", "after"])
      let record = try folder.json("runs/1/run.json")
      #expect(record["meta"]?["named_configs"] == ["big", "second.wide"])
      #expect(
        record["meta"]?["config_updates"] == [
          "seed": 5, "stepper.choice": "heavy", "stepper.key": "set", "token": "set",
        ])
      #expect(record["meta"]?["comment"] == "quiet")
      #expect(
        record["meta"]?["options"]?["UPDATE"] == [
          "big", "stepper=heavy", "token=…", "seed=5", "stepper.key=…", "second.wide",
        ])
      #expect(
        record["grail"]?["config_sources"] == [
          "layers": "named big", "second.width": "named second.wide", "seed": "with",
          "stepper.choice": "with", "stepper.key": "with", "token": "with", "widths": "named big",
        ])
      let config = try folder.json("runs/1/config.json")
      #expect(
        config["stepper"] == ["choice": "heavy", "key": "set", "mass": "light", "rate": 0.2])
      #expect(config["total"] == 200 && config["second"]?["doubled"] == 200 && config["seed"] == 5)
    }

    @Test func `the same seed gives the same numbers, also of libraries in C`() async throws {
      func numbers(_ words: [String]) async throws -> String? {
        try await run(["-u", "with"] + words).output.split(separator: "\n")
          .first { $0.hasPrefix("random") }.map(String.init)
      }
      let first = try await numbers(["seed=5"])
      #expect(first != nil)
      #expect(try await numbers(["seed=5", "layers=7"]) == first)
      #expect(try await numbers(["seed=6"]) != first)
    }

    @Test(arguments: [
      (["first.show", "with", "first.width=7"], "width 7"), (["second.show"], "width 4"),
      (["with"], "layers 3 total 12"),
    ])
    func `commands have full names`(arguments: [String], line: String) async throws {
      let end = try await run(arguments)
      #expect(end.exitCode == 0 && end.output.split(separator: "\n").contains { $0 == line })
      let command = arguments[0] == "with" ? "run" : arguments[0]
      #expect(try folder.json("runs/1/run.json")["command"] == .text(command))
    }

    @Test func `a command that is not observed leaves nothing`() async throws {
      let end = try await run(["peek"])
      #expect(end.exitCode == 0 && end.output.contains("before\npeeked\nafter\n"))
      #expect(folder.names().isEmpty)
    }

    @Test(arguments: [
      ["print-config"], ["print_config", "with", "big"], ["print-named-configs"],
      ["print_named_configs"], ["help"], ["help", "first.show"], ["first.show", "-h"],
      ["print-config", "--json"], ["--help"], ["--generate-completion-script", "zsh"],
      ["--generate-completion-script", "fish"], ["--generate-completion-script=bash"],
    ])
    func `what is built in makes no run and runs no hooks`(arguments: [String]) async throws {
      let end = try await run(arguments)
      #expect(end.exitCode == 0 && end.errors.isEmpty && !end.output.isEmpty)
      #expect(!end.output.contains("before") && !end.output.contains("\u{1B}"))
      #expect(folder.names().isEmpty)
      let longest = end.output.split(separator: "\n").map(\.count).max() ?? 0
      #expect(longest <= 100 || arguments[0].hasPrefix("--g") || arguments.contains("--json"))
    }

    @Test func `the configuration is printed first, or as JSON alone`() async throws {
      let end = try await run(["-p", "-u", "with", "layers=2"])
      #expect(end.output.hasPrefix("Configuration (name"))
      #expect(end.output.contains("  layers     2                   with      Number of layers.\n"))
      #expect(end.output.contains("  total      8                   computed\n"))
      let json = try await run(["print-config", "--json", "with", "token=hunter2"])
      let value = try JSONParser.parse(Array(json.output.utf8))
      #expect(value["config"]?["token"] == "set" && value["config"]?["layers"] == 3)
      let entry = value["entries"]?.listValue?.first { $0["name"] == "token" }
      #expect(entry?["source"] == "with" && entry?["type"] == "Secret<String>")
    }

    // MARK: - Mistakes

    @Test(arguments: [
      (["with", "layers=100"], ["'layers' cannot be '100': too many"]),
      (
        ["with", "tokn=1", "token=hunter2", "token=x", "stepper.mass=dense", "bg"],
        [
          "there is no entry 'tokn'; did you mean 'token'?", "'token' is set twice; write it once",
          "there is no entry 'stepper.mass' while stepper=plain; it belongs to stepper=heavy",
          "there is no named configuration or file 'bg'; did you mean 'big'?",
        ]
      ),
      (
        ["token=hunter2"],
        ["'token=…' is no command; updates follow 'with': write with token=…"]
      ),
      (["first.shw"], ["there is no command 'first.shw'; did you mean 'first.show'?"]),
      (["help", "pek"], ["there is no command 'pek'; did you mean 'peek'?"]),
      (["-c", "refuse"], ["the part 'wheel' is broken"]),
      (
        ["print-config", "with", "layers=x"],
        ["'layers' is Int, and 'x' is none; write a whole number such as layers=3"]
      ),
    ])
    func `a mistake ends with 64, a line each, and no run`(arguments: [String], lines: [String])
      async throws
    {
      let end = try await run(arguments)
      #expect(end.exitCode == 64 && end.output.isEmpty)
      #expect(
        end.errorLines
          == lines.map { "test-experiments: \($0)" } + [
            "test-experiments --help lists commands and entries."
          ])
      #expect(folder.names().isEmpty)
    }

    @Test(arguments: [["with", "noted"], ["with", "note=x"], ["print-config", "with", "noted"]])
    func `a required entry is asked for, also where a named configuration reads it`(
      arguments: [String]
    ) async throws {
      let end = try await run(arguments, experiment: "demanding")
      #expect(end.exitCode == 64 && end.output.isEmpty && folder.names().isEmpty)
      #expect(end.errorLines.first == "test-experiments: 'path' must be set; write path=VALUE")
      let good = try await run(["-u", "with", "named", "noted"], experiment: "demanding")
      #expect(good.exitCode == 0 && good.output == "named.copy\n")
    }

    @Test(arguments: [[], ["first.show"], ["with", "layers=2"]])
    func `no run begins while an ingredient is in places that were not named`(
      arguments: [String]
    ) async throws {
      let end = try await run(arguments, experiment: "unplaced")
      #expect(end.exitCode == 64 && end.output.isEmpty && folder.names().isEmpty)
      let line = """
        test-experiments: the ingredient of 'Layer' is in several places of 'Building', 'first' and \
        'second', and Layer.current would be any of them; name them by '.place(INGREDIENT, at: \
        \\.first, \\.second)' on the experiment, and where code reads it say which by \
        run.with(\\.first) { }
        """
      #expect(end.errorLines.first == line)
    }

    @Test func `an error in a hook fails the run`() async throws {
      let end = try await run(["with", "layers=13"])
      #expect(end.exitCode == 1 && !end.output.contains("layers 13"))
      #expect(try folder.json("runs/1/run.json")["status"] == "FAILED")
    }

    // MARK: - Where there is no one configuration

    @Test(arguments: [
      ("after", "Building.current: the run is over; keep what you need of its configuration"),
      (
        "places",
        "Layer.current: this run has 2, at 'first' and 'second'; say which by "
          + "run.with(\\.first) { } or by run.config.first"
      ),
      ("absent", "Demanding.current: the configuration of this run has no 'Demanding'"),
      (
        "several",
        "Building.current: 2 runs go on in this process; call it in a task of one of them, or in "
          + "run.bind { }"
      ),
    ])
    func `asking for a configuration that is not one stops the program`(
      misuse: String, message: String
    ) async throws {
      let end = try await run([], experiment: "misuse \(misuse)")
      #expect(end.isKilled && end.errors.contains(message))
      #expect(end.output.split(separator: "\n").allSatisfy { $0.first?.isLetter == true })
    }

    @Test func `a plain thread sees the defaults, then the only run`() async throws {
      let end = try await run([], experiment: "misuse thread")
      #expect(end.exitCode == 0 && end.output == "3\n8\n")
    }

    @Test func `defaults may be computed from those of another class`() async throws {
      let end = try await run([], experiment: "misuse borrowing")
      #expect(end.exitCode == 0 && end.output == "3\n")
    }

    // MARK: - Terminals and shells

    @Test(arguments: [
      (["TERM": "xterm", "NO_COLOR": ""], true), (["TERM": "xterm", "NO_COLOR": "1"], false),
    ])
    func `a terminal gets colors unless it wants none`(
      environment: [String: String], isColored: Bool
    ) async throws {
      // The program's own path is `$0` here.
      let end = try await run(
        [], environment: environment,
        launcher: ["/bin/sh", "-c", "script -qec \"$0 print-config with layers=2\" /dev/null"])
      if end.errors.contains("not found") { return }
      #expect(end.output.contains("layers") && end.output.contains("\u{1B}[32m") == isColored)
    }

    @Test(arguments: [
      ("prog pri", ["prog", "pri"], "print-config print-named-configs print-dependencies"),
      ("prog with lay", ["prog", "with", "lay"], "layers="),
      ("prog with mass=", ["prog", "with", "mass", "="], "light dense"),
      ("prog with mass=d", ["prog", "with", "mass", "=", "d"], "dense"),
      (
        "prog with a=1 stepper.mass=", ["prog", "with", "a", "=", "1", "stepper.mass", "="],
        "light dense"
      ),
      ("prog with stepper=h", ["prog", "with", "stepper", "=", "h"], "heavy"),
      ("prog -u with b", ["prog", "-u", "with", "b"], "big"),
      ("prog with first.w", ["prog", "with", "first.w"], "first.width= first.wide"),
      ("prog -F runs pe", ["prog", "-F", "runs", "pe"], "peek"),
      ("prog help pe", ["prog", "help", "pe"], "peek"),
    ])
    func `bash completes words`(line: String, words: [String], replies: String) async throws {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path("prog"), withDestinationPath: TestProgram.path)
      let list = words.map { "'\($0)'" }.joined(separator: " ")
      try folder.write(
        """
        PATH="$PWD:$PATH"
        source <(prog --generate-completion-script bash)
        function=$(complete -p prog | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
        COMP_LINE='\(line)' COMP_POINT=\(line.count) COMP_WORDS=(\(list)) COMP_CWORD=\(words.count - 1)
        $function
        echo "${COMPREPLY[*]}"
        """, to: "complete.sh")
      let end = try await run([], launcher: ["/bin/bash", folder.path("complete.sh")])
      #expect(end.output == replies + "\n" && end.errors.isEmpty)
    }

    // MARK: - Anything at all

    @Test(arguments: 0..<24 as Range<UInt64>)
    func `random command lines end with 0 or 64`(seed: UInt64) async throws {
      var generator = SeededGenerator(seed: seed)
      let pieces = [
        "with", "run", "peek", "first.show", "print-config", "help", "--", "-u", "-p", "--json",
        "big", "first.wide", "layers=3", "layers=x", "stepper=heavy", "stepper.key=a", "seed=0",
        "seed=9", "widths.0=1", "widths=[", "first={width: 2}", "", "-x", "--times", "2", "=",
        "é=1",
        "path=none", "mass=dense", "token=", "-l", "save-config", "first.seed=4",
      ]
      let arguments = (0..<Int.random(in: 0...7, using: &generator)).compactMap { _ in
        pieces.randomElement(using: &generator)
      }
      let end = try await run(arguments)
      #expect(!end.isKilled && [0, 64].contains(end.exitCode), "\(arguments): \(end.errors)")
      #expect(end.exitCode == 0 || end.errorLines.allSatisfy { $0.hasPrefix("test-experiments") })
    }
  }
#endif

import GrailRun
import Logging
import TestSupport
import Testing

@testable import Grail

struct Small: Configurable {
  var layers = 7
  var rate = 0.1
  var optimizer = Optimizer.sgd
  var data = DataSettings()
  var note: String?
  var widths = [32, 32]
}

@Suite struct CommandLineTests {
  private func parse(_ arguments: [String]) throws -> ParsedCommandLine {
    var interface = ExperimentInterface(try CodableModel(defaults: Small()))
    (interface.help, interface.configHelp) = ("Trains.", "How it is trained.")
    interface.commands = [("run", "Runs it."), ("evaluate", "Looks at it.")]
    interface.namedConfigs = [("big", "Many layers.")]
    return try parseCommandLine(arguments, interface: interface, own: NoOptions.self)
  }

  private func exit(_ arguments: [String]) throws -> CommandExit {
    try #require(throws: CommandExit.self) { try parse(arguments) }
  }

  @Test(arguments: [
    "with layers=3 note=none|-F|runs|-u|-l|debug|-b|90s",
    "-u|-Fruns|run with|layers=3|-l|10|--beat_interval|90|note=none",
    "--file_storage=runs|with|-ul|DEBUG|layers=3|-b=1m30s|note=none",
    "--file_storage|runs|--unobserved|--loglevel|Debug|--beat-interval=90.0|with|layers=3|note=none",
  ])
  func `options stand anywhere`(line: String) throws {
    let arguments = line.split(separator: "|").flatMap { part in
      part.hasPrefix("with ") || part.hasPrefix("run ")
        ? part.split(separator: " ").map(String.init) : [String(part)]
    }
    let parsed = try parse(arguments)
    #expect(parsed.command == .run("run"))
    #expect(parsed.updates == ["layers=3", "note=none"])
    #expect(parsed.options.fileStorage == "runs")
    #expect(parsed.options.unobserved)
    #expect(parsed.options.loglevel?.level == .debug)
    #expect(parsed.options.beatInterval?.duration == .seconds(90))
  }

  @Test(
    arguments: [([], nil), (["-d"], .debug), (["--debug", "-l", "ERROR"], .error)]
      as [([String], Logger.Level?)])
  func `debugging shows debug messages unless a level is stated`(
    arguments: [String], level: Logger.Level?
  ) throws {
    #expect(try parse(arguments).options.runSettings(updates: [], arguments: []).logLevel == level)
  }

  @Test func `nothing runs the defaults`() throws {
    let parsed = try parse([])
    #expect(parsed.updates.isEmpty)
    #expect(parsed.options.fileStorage == nil && !parsed.options.unobserved)
    #expect(parsed.options.loglevel == nil && parsed.options.beatInterval == nil)
    #expect(try parse(["run"]).command == .run("run"))
    #expect(try parse(["run", "with"]).command == .run("run"))
  }

  @Test func `a run gets id, name and comment`() throws {
    let options = try parse(["-i", "7", "-n", "x", "-c", "why not"]).options
    #expect(options.id == "7" && options.name == "x" && options.comment == "why not")
  }

  @Test(
    arguments: [
      ("1h30m", .seconds(5400)), ("0.5", .milliseconds(500)), ("1e9", .seconds(1_000_000_000)),
      ("1.0000004s", .seconds(1)),
    ] as [(String, Duration)])
  func `heartbeats are a duration apart, to the microsecond`(text: String, duration: Duration)
    throws
  {
    #expect(try parse(["-b", text]).options.beatInterval?.duration == duration)
  }

  @Test(arguments: ["0", "-1", "-5s", "0s"])
  func `no positive interval means no heartbeats`(text: String) throws {
    #expect(try parse(["-b", text]).options.beatInterval == BeatInterval(nil))
  }

  @Test(
    arguments: [
      ("0", .trace), ("10", .debug), ("info", .info), ("WARNING", .warning), ("35", .warning),
      ("Error", .error), ("50", .critical),
    ] as [(String, Logger.Level)])
  func `levels are those of Python`(text: String, level: Logger.Level) throws {
    #expect(try parse(["-l", text]).options.loglevel?.level == level)
  }

  @Test(arguments: [
    (["evaluat"], "there is no command 'evaluat'; did you mean 'evaluate'?"),
    (
      ["fly"],
      "there is no command 'fly'; the commands are run, evaluate, print-config, "
        + "print-named-configs, print-dependencies, save-config, sync, help"
    ),
    (["layers=3"], "'layers=3' is no command; updates follow 'with': write with layers=3"),
    (["big"], "'big' is no command; updates follow 'with': write with big"),
    (
      ["run", "more", "with", "layers=3"], "'more' stands before 'with'; write run with NAME=VALUE"
    ),
    (["save_config"], "save-config needs a file; write train save-config FILE.yaml"),
    (
      ["save-config", "a.json", "b.json"],
      "'b.json' stands before 'with'; write save-config with NAME=VALUE"
    ),
    (["--json"], "--json goes with print-config; write train print-config --json"),
    (
      ["-f"],
      "'--force' has no sense here: entries have types, and only what exists can be set; "
        + "leave it out"
    ),
    (["-D"], "'--pdb' is Python's debugger; leave it out, or start the program in lldb or gdb"),
    (["-F", ""], "the folder of runs is named ''; name the folder, or leave the option out"),
    (["-F", "files:"], "the folder of runs is named ''; name the folder, or leave the option out"),
    (["--meta", "room"], "--meta takes NAME=VALUE, and 'room' is none"),
  ])
  func `mistakes are said in a line each`(arguments: [String], line: String) throws {
    #expect(try parse(arguments).problems == [line])
  }

  @Test(arguments: [
    (["--file-storag", "x"], "Unknown option '--file-storag'. Did you mean '--file-storage'?"),
    (["-F"], "Missing value for '-F'"),
    (["-P", "high"], "The value 'high' is invalid for '-P <NUMBER>'"),
    (
      ["-l", "loud"],
      "The value 'loud' is invalid for '-l <LEVEL>': write a number from 0 to 50, "
        + "or one of DEBUG, INFO, WARNING, ERROR, CRITICAL"
    ),
    (
      ["-b", "soon"],
      "The value 'soon' is invalid for '-b <SECONDS>': "
        + "write seconds such as 10, or a time such as 90s or 1h30m"
    ),
    (
      ["-b", "1000000001"],
      "The value '1000000001' is invalid for '-b <SECONDS>': "
        + "write seconds such as 10, or a time such as 90s or 1h30m"
    ),
  ])
  func `bad options end with 64 and a hint`(arguments: [String], line: String) throws {
    let exit = try exit(arguments)
    #expect(exit.text == "train: \(line)\ntrain --help lists commands and entries.")
    #expect(exit.code == 64 && exit.isError)
  }

  @Test(
    arguments: [
      (["print-config"], .builtIn(.printConfig, argument: nil)),
      (["print_config", "--json"], .builtIn(.printConfig, argument: nil)),
      (["print_named_configs"], .builtIn(.printNamedConfigs, argument: nil)),
      (["print_dependencies"], .builtIn(.printDependencies, argument: nil)),
      (["save_config", "a.json", "with", "x=1"], .builtIn(.saveConfig, argument: "a.json")),
      (["help", "evaluate"], .builtIn(.help, argument: "evaluate")),
      (["evaluate", "with", "layers=3"], .run("evaluate")),
      (["-u", "evaluate"], .run("evaluate")),
    ] as [([String], ParsedCommandLine.Command)])
  func `commands have their names and Sacred's`(
    arguments: [String], command: ParsedCommandLine.Command
  ) throws {
    let parsed = try parse(arguments)
    #expect(parsed.command == command)
    #expect(parsed.problems.isEmpty)
  }

  @Test(arguments: [
    "--enforce_clean", "--enforce-clean", "-e", "--print_config", "--keep_executable",
  ])
  func `long flags have both spellings`(flag: String) throws {
    let options = try parse([flag]).options
    #expect(options.enforceClean || options.printConfig || options.keepExecutable)
  }

  @Test(arguments: [["-h"], ["--help"], ["with", "layers=x", "--help"]])
  func `help has all that there is`(arguments: [String]) throws {
    let exit = try exit(arguments)
    #expect(exit.code == 0 && !exit.isError)
    #expect(
      exit.text.hasPrefix(
        """
        USAGE: train [COMMAND] [with UPDATE ...] [options]

        Trains.

        How it is trained.

        ENTRIES (name, type, default, meaning):
          layers     Int                    7
          rate       Double                 0.1
          optimizer  Optimizer (sgd, adam)  sgd
          data.path  String                 train.csv
          data.size  Int                    100
          note       String?                none
          widths     [Int]                  [32, 32]
          seed       Int?                   drawn      What every generator of the run's random numbers
                                                       starts from; drawn unless set.

        COMMANDS (the first one unless another is named):
          run                  Runs it.
          evaluate             Looks at it.
          print-config         Prints the configuration, and where each value comes from.
          print-named-configs  Prints the named configurations.
          print-dependencies   Prints the packages, sources and repository of the program.
          save-config          Writes the configuration to a FILE.json, .yaml or .toml.
          sync                 Delivers what observers did not receive of a RUN, or of all runs.
          help                 Prints what a COMMAND does.

        NAMED CONFIGURATIONS:
          big  Many layers.

        UPDATES:
          NAME=VALUE, the name of a named configuration, or a JSON, YAML or TOML file;
          quote what the shell would take for its own: with 'widths=[32, 32]' widths.1=64

        OPTIONS:
          -F, --file-storage <DIR>
        """))
    #expect(!exit.text.contains("--force") && !exit.text.contains("--pdb"))
  }

  @Test(arguments: [["evaluate", "--help"], ["-h", "evaluate"]])
  func `a command has help of its own`(arguments: [String]) throws {
    let text = try exit(arguments).text
    #expect(text == "train evaluate [with UPDATE ...] [options]\n\n  Looks at it.")
  }

  @Test func `help fits 100 columns`() throws {
    let model = try CodableModel(defaults: [
      String(repeating: "name", count: 30): String(repeating: "value\n", count: 30), "b": "",
    ])
    let exit = try #require(throws: CommandExit.self) {
      try parseCommandLine(["-h"], interface: ExperimentInterface(model), own: NoOptions.self)
    }
    // A name that is longer than the line has one of its own.
    #expect(exit.text.split(separator: "\n").filter { $0.count > 100 }.count <= 1)
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `no command line crashes`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let pieces = [
      "with", "run", "--", "-", "-F", "-l", "-b", "-u", "--help=", "-h", "=", "layers=3", "data={",
      "widths=[1,", "note='", "", " ", "--id", "-1", "1e400", "-b=inf", "nan", "\u{0}", "é=\n",
      "-c",
      "--version", "help", "@x", "data.path=", "optimizer=👩‍👩‍👧",
    ]
    let arguments = (0..<Int.random(in: 0...6, using: &generator)).compactMap { _ in
      pieces.randomElement(using: &generator)
    }
    do {
      _ = try parse(arguments)
    } catch let exit as CommandExit {
      #expect(!exit.text.isEmpty && [0, 64].contains(exit.code))
    }
  }
}

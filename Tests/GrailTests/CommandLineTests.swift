import Grail
import GrailRun
import Logging
import Testing

struct Small: Configurable {
  var layers = 7
  var rate = 0.1
  var optimizer = Optimizer.sgd
  var data = DataSettings()
  var note: String?
  var widths = [32, 32]
}

@Suite struct CommandLineTests {
  private func parse(_ arguments: [String]) throws -> ParsedCommandLine<Small> {
    try parseCommandLine(arguments, program: "train", config: TypedConfig(defaults: Small()))
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
    #expect(parsed.command == "run")
    #expect(parsed.config.config.layers == 3)
    #expect(parsed.config.modified.map(\.path) == ["layers", "note"])
    #expect(parsed.options.fileStorage == "runs")
    #expect(parsed.options.unobserved)
    #expect(parsed.options.loglevel?.level == .debug)
    #expect(parsed.options.beatInterval?.duration == .seconds(90))
  }

  @Test func `nothing runs the defaults`() throws {
    let parsed = try parse([])
    #expect(parsed.config.config.layers == 7 && parsed.config.modified.isEmpty)
    #expect(parsed.options.fileStorage == nil && !parsed.options.unobserved)
    #expect(parsed.options.loglevel == nil && parsed.options.beatInterval == nil)
    #expect(try parse(["run"]).command == "run")
    #expect(try parse(["run", "with"]).command == "run")
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
    (
      ["with", "layrs=3", "rate=x", "big"],
      """
      train: there is no entry 'layrs'; did you mean 'layers'?
      train: 'rate' is Double, and 'x' is none; write a number such as rate=0.1
      train: 'big' is no update; write NAME=VALUE
      """
    ),
    (["evaluate"], "train: 'evaluate' is no command; the only one is 'run'"),
    (
      ["layers=3"], "train: 'layers=3' is no command; updates follow 'with': write with layers=3"
    ),
    (
      ["test", "more", "with", "layers=x"],
      """
      train: 'test' is no command; the only one is 'run'
      train: 'more' stands before 'with'; write run with NAME=VALUE
      train: 'layers' is Int, and 'x' is none; write a whole number such as layers=7
      """
    ),
    (
      ["--file-storag", "x"],
      "train: Unknown option '--file-storag'. Did you mean '--file-storage'?"
    ),
    (["-F"], "train: Missing value for '-F'"),
    (
      ["-l", "loud"],
      "train: The value 'loud' is invalid for '-l <LEVEL>': write a number from 0 to 50, "
        + "or one of DEBUG, INFO, WARNING, ERROR, CRITICAL"
    ),
    (
      ["-b", "soon"],
      "train: The value 'soon' is invalid for '-b <SECONDS>': "
        + "write seconds such as 10, or a time such as 90s or 1h30m"
    ),
    (
      ["-b", "1000000001"],
      "train: The value '1000000001' is invalid for '-b <SECONDS>': "
        + "write seconds such as 10, or a time such as 90s or 1h30m"
    ),
  ])
  func `mistakes end with 64, a line each and a hint`(arguments: [String], lines: String) throws {
    let exit = try exit(arguments)
    #expect(exit.text == lines + "\ntrain --help lists the entries.")
    #expect(exit.code == 64 && exit.isError)
  }

  @Test(arguments: [["-h"], ["--help"], ["help"], ["with", "layers=x", "--help"]])
  func `help lists the entries and options`(arguments: [String]) throws {
    let exit = try exit(arguments)
    #expect(exit.code == 0 && !exit.isError)
    #expect(
      exit.text == """
        USAGE: train [run] [with NAME=VALUE ...] [options]

        ENTRIES (name, type, default):
          layers     Int                    7
          rate       Double                 0.1
          optimizer  Optimizer (sgd, adam)  sgd
          data.path  String                 train.csv
          data.size  Int                    100
          note       String?                none
          widths     [Int]                  [32, 32]

        OPTIONS:
          -F, --file-storage <DIR>
                                  The folder that holds the runs.
          -i, --id <ID>           The id that the run gets.
          -n, --name <NAME>       The name of the experiment in this run.
          -c, --comment <TEXT>    A comment on the run.
          -u, --unobserved        Record nothing.
          -l, --loglevel <LEVEL>  Show messages from this level on: 0 to 50, or DEBUG, INFO, WARNING,
                                  ERROR, CRITICAL.
          -b, --beat-interval <SECONDS>
                                  The time between heartbeats, such as 10, 90s or 1m; 0 for none during the
                                  run.
          -h, --help              Show help information.
        """)
  }

  @Test func `help fits 100 columns`() throws {
    let exit = try #require(throws: CommandExit.self) {
      try parseCommandLine(
        ["-h"], program: "train",
        config: TypedConfig(defaults: [
          String(repeating: "name", count: 30): String(repeating: "value\n", count: 30), "b": "",
        ]))
    }
    #expect(exit.text.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test func `an experiment without configuration has no entries`() throws {
    let exit = try #require(throws: CommandExit.self) {
      try parseCommandLine(
        ["-h"], program: "p", config: TypedConfig(defaults: NoConfiguration()))
    }
    #expect(exit.text.contains("\n\nENTRIES: none\n\nOPTIONS:\n"))
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `no command line crashes`(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
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

package import ArgumentParser
import GrailRecord
import GrailRun

/// The options of an experiment's command line.
package struct RunOptions: ParsableArguments {
  /// The folder of runs, if it was stated.
  @Option(
    name: [.customShort("F", allowingJoined: true), .long],
    help: ArgumentHelp("The folder that holds the runs.", valueName: "DIR"), completion: .directory)
  package var fileStorage: String?

  /// The id that the run is to have, if it was stated.
  @Option(
    name: [.customShort("i", allowingJoined: true), .long],
    help: ArgumentHelp("The id that the run gets.", valueName: "ID"))
  package var id: String?

  /// The experiment's name for this run, if it was stated.
  @Option(
    name: [.customShort("n", allowingJoined: true), .long],
    help: ArgumentHelp("The name of the experiment in this run.", valueName: "NAME"))
  package var name: String?

  /// A comment on the run.
  @Option(
    name: [.customShort("c", allowingJoined: true), .long],
    help: ArgumentHelp("A comment on the run.", valueName: "TEXT"))
  package var comment: String?

  /// Whether the run is not recorded.
  @Flag(name: .shortAndLong, help: "Record nothing.")
  package var unobserved: Bool = false

  /// From which level on messages are shown, if it was stated.
  @Option(
    name: [.customShort("l", allowingJoined: true), .long],
    help: ArgumentHelp(
      "Show messages from this level on: 0 to 50, or DEBUG, INFO, WARNING, ERROR, CRITICAL.",
      valueName: "LEVEL"),
    transform: LogLevel.init(parsing:))
  package var loglevel: LogLevel?

  /// The time between two heartbeats, if it was stated.
  @Option(
    name: [.customShort("b", allowingJoined: true), .long], parsing: .unconditional,
    help: ArgumentHelp(
      "The time between heartbeats, such as 10, 90s or 1m; 0 for none during the run.",
      valueName: "SECONDS"),
    transform: BeatInterval.init(parsing:))
  package var beatInterval: BeatInterval?

  /// How long the end of the run waits for observers, if it was stated.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How long the run's end waits for observers, such as 10, 90s or 1m; 0 not at all.",
      valueName: "SECONDS"),
    transform: BeatInterval.init(parsing:))
  package var observerTimeout: BeatInterval?

  /// What the run weighs against others in a queue, if it was stated.
  @Option(
    name: [.customShort("P", allowingJoined: true), .long], parsing: .unconditional,
    help: ArgumentHelp("What the run weighs against others in a queue.", valueName: "NUMBER"))
  package var priority: Double?

  /// The group of runs that this one belongs to, if it was stated.
  @Option(help: ArgumentHelp("The group of runs that this one belongs to.", valueName: "NAME"))
  package var group: String?

  /// The run that this one is a part of, if it was stated.
  @Option(
    help: ArgumentHelp("The id or key of the run that this one is a part of.", valueName: "RUN"))
  package var parent: String?

  /// Further facts about the run.
  @Option(
    help: ArgumentHelp(
      "A further fact about the run, for its record; may be given several times.",
      valueName: "NAME=VALUE"))
  package var meta: [String] = []

  /// How the output is captured, if it was stated.
  @Option(
    name: [.customShort("C", allowingJoined: true), .long],
    help: ArgumentHelp(
      "Record what is printed: fd (what reaches the terminal) or no.", valueName: "MODE"),
    transform: CaptureMode.init(parsing:))
  package var capture: CaptureMode?

  /// Whether the program finds a terminal to print to while its output is captured.
  @Flag(help: "Let the program print to a terminal while its output is recorded.")
  package var pty: Bool = false

  /// Whether the run is only written down, to be run later.
  @Flag(name: .shortAndLong, help: "Write the run down to be run later, print its id, and end.")
  package var queue: Bool = false

  /// How long the run may take, if it was stated.
  @Option(
    help: ArgumentHelp(
      "End the run when it has taken this long, such as 90s or 1h30m.", valueName: "TIME"),
    transform: TimeLimit.init(parsing:))
  package var timeout: TimeLimit?

  /// Whether the run is refused unless its sources are committed.
  @Flag(name: .shortAndLong, help: "Refuse to run unless everything is committed.")
  package var enforceClean: Bool = false

  /// Whether the configuration is printed before the run.
  @Flag(name: .shortAndLong, help: "Print the configuration first.")
  package var printConfig: Bool = false

  /// Whether everything is said that is of use to find a mistake.
  @Flag(name: .shortAndLong, help: "Show debug messages, and errors in full.")
  package var debug: Bool = false

  /// Whether the executable is kept with the run.
  @Flag(help: "Keep a copy of the executable, once for each build.")
  package var keepExecutable: Bool = false

  /// Whether what is printed is for machines.
  @Flag(help: "Print JSON (with print-config).")
  package var json: Bool = false

  /// Sacred's flag to accept any entry, which makes no sense with types.
  @Flag(name: .shortAndLong, help: .private)
  package var force: Bool = false

  /// Sacred's flag for Python's debugger.
  @Flag(name: [.customShort("D"), .long], help: .private)
  package var pdb: Bool = false

  /// Creates options of which none is given.
  package init() {}
}

extension RunOptions {
  /// The names of all long options, with their hyphens.
  static let longNames: Set<String> = [
    "--file-storage", "--id", "--name", "--comment", "--unobserved", "--loglevel",
    "--beat-interval", "--observer-timeout", "--priority", "--group", "--parent", "--meta",
    "--enforce-clean", "--print-config", "--debug", "--keep-executable", "--json", "--force",
    "--pdb", "--capture", "--pty", "--timeout", "--queue",
  ]

  /// The names of the options that a value follows.
  static let namesWithValue: Set<String> = [
    "-F", "--file-storage", "-i", "--id", "-n", "--name", "-c", "--comment", "-l", "--loglevel",
    "-b", "--beat-interval", "--observer-timeout", "-P", "--priority", "--group", "--parent",
    "--meta", "-C", "--capture", "--timeout",
  ]

  /// What is wrong with the options by themselves, a line each.
  var problems: [String] {
    var problems = fileStorage.flatMap(StoreFolder.problem(withName:)).map { [$0] } ?? []
    if force {
      problems.append(
        "'--force' has no sense here: entries have types, and only what exists can be set; leave it out"
      )
    }
    if pdb {
      problems.append(
        "'--pdb' is Python's debugger; leave it out, or start the program in lldb or gdb")
    }
    if queue && unobserved {
      problems.append(
        "'--queue' writes a run down, and '--unobserved' records nothing; leave one out")
    }
    if pty, capture?.capture == .no {
      problems.append(
        "'--pty' gives the program a terminal that is recorded, and '--capture no' records nothing; "
          + "leave one out")
    }
    for word in meta where !word.contains("=") || word.hasPrefix("=") {
      problems.append("--meta takes NAME=VALUE, and \(quoted(word)) is none")
    }
    return problems
  }
}

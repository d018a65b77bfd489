package import ArgumentParser
import GrailCore
import GrailRun

/// What a command line asks for.
package struct ParsedCommandLine: Sendable {
  /// What is to be done.
  package var command: Command
  /// The words after `with`.
  package var updates: [String]
  /// The options.
  package var options: RunOptions
  /// The values of the experiment's own options.
  package var own: any ParsableArguments & Sendable

  /// What is wrong with it, a line each; the updates may have problems of their own.
  package var problems: [String]

  /// What is to be done.
  package enum Command: Hashable, Sendable {
    /// A command of the author's is run.
    case run(String)
    /// Something is printed or written, and nothing is run.
    case builtIn(BuiltInCommand, argument: String?)
  }
}

/// The end of a program that does not come to run anything.
package struct CommandExit: Error, Hashable {
  /// The exit code: 0 after help, 64 after a mistake.
  package var code: Int32
  /// What to print, without a line break at the end.
  package var text: String
  /// Whether the text belongs on the standard error output.
  package var isError: Bool

  /// Creates an end.
  package init(code: Int32, text: String, isError: Bool) {
    (self.code, self.text, self.isError) = (code, text, isError)
  }

  /// The end after a bad usage or configuration, with a line for each problem and a hint.
  package init(problems: [String], program: String) {
    let lines = problems.flatMap { $0.split(whereSeparator: \.isNewline) }
      .map { "\(program): \($0)" }
    self.init(
      code: 64,
      text: (lines + ["\(program) --help lists commands and entries."]).joined(separator: "\n"),
      isError: true)
  }
}

/// Reads an experiment's command line; prints nothing and ends nothing.
///
/// - Parameters:
///   - arguments: The arguments, without the program's name.
///   - interface: What the experiment offers.
///   - own: The experiment's own options.
/// - Returns: What is asked for, and what is wrong with it; the updates are not read yet.
/// - Throws: ``CommandExit`` if help is asked for, or with the first thing that the parser does
///   not understand.
package func parseCommandLine<Own: ParsableArguments & Sendable>(
  _ arguments: [String], interface: ExperimentInterface, own: Own.Type
) throws(CommandExit) -> ParsedCommandLine {
  let parsed = try RunCommandContext.$interface.withValue(interface) {
    Result { try RunCommand<Own>.parse(arguments.map(withHyphens)) }
      .mapError { error in end(of: arguments, error, interface: interface, own: own) }
  }.get()
  let before = parsed.words.prefix { $0 != "with" }
  let updates = Array(parsed.words.dropFirst(before.count + 1))
  var problems = parsed.options.problems
  let command = command(before, interface: interface, problems: &problems)
  if parsed.options.json, !command.takesJSON {
    let program = interface.program
    problems.append("--json goes with print-config; write \(program) print-config --json")
  }
  return ParsedCommandLine(
    command: command, updates: updates, options: parsed.options, own: parsed.own,
    problems: problems)
}

/// What the words before `with` ask for.
private func command(
  _ words: ArraySlice<String>, interface: ExperimentInterface, problems: inout [String]
) -> ParsedCommandLine.Command {
  // A word may be an update that lacks its 'with', of which secrets are not shown.
  let words = interface.schema.redacting(Array(words))[...]
  guard let name = words.first else { return .run(interface.commands.first?.name ?? "run") }
  let arguments = words.dropFirst()
  if interface.commands.contains(where: { $0.name == name }) {
    for word in arguments {
      problems.append("\(quoted(word)) stands before 'with'; write \(name) with NAME=VALUE")
    }
    return .run(name)
  }
  if let builtIn = BuiltInCommand(name: name) {
    for word in arguments.dropFirst(builtIn.argumentNames.count) {
      problems.append("\(quoted(word)) stands before 'with'; write \(name) with NAME=VALUE")
    }
    if builtIn == .saveConfig, arguments.isEmpty {
      problems.append("save-config needs a file; write \(interface.program) save-config FILE.yaml")
    }
    return .builtIn(builtIn, argument: arguments.first)
  }
  let isUpdate = name.contains("=") || interface.namedConfigs.contains { $0.name == name }
  problems.append(
    isUpdate
      ? "\(quoted(name)) is no command; updates follow 'with': write with \(name)"
      : .unknownCommand(name, known: interface.allCommands.map(\.name)))
  return .run(name)
}

extension ParsedCommandLine.Command {
  fileprivate var takesJSON: Bool {
    if case .builtIn(.printConfig, _) = self { true } else { false }
  }
}

extension String {
  /// What is wrong with a command that does not exist.
  ///
  /// - Parameters:
  ///   - name: The command's name.
  ///   - known: The names that there are.
  /// - Returns: The problem, with the nearest name or all of them.
  static func unknownCommand(_ name: String, known: [String]) -> String {
    let hint =
      known.closest(to: name).map { "did you mean '\($0)'?" }
      ?? "the commands are \(known.joined(separator: ", "))"
    return "there is no command \(quoted(name)); \(hint)"
  }
}

/// Sacred writes some of its long options with underscores; every one may be written so.
private func withHyphens(_ argument: String) -> String {
  let name = argument.prefix { $0 != "=" }
  let hyphened = name.split(separator: "_", omittingEmptySubsequences: false)
    .joined(separator: "-")
  guard name != hyphened, RunOptions.longNames.contains(hyphened) else { return argument }
  return hyphened + argument.dropFirst(name.count)
}

/// The end that an error of the parser stands for; help is one of them, completions another.
private func end<Own: ParsableArguments & Sendable>(
  of arguments: [String], _ error: any Error, interface: ExperimentInterface, own: Own.Type
) -> CommandExit {
  guard RunCommand<Own>.exitCode(for: error) == .success else {
    return CommandExit(
      problems: [RunCommand<Own>.message(for: error)], program: interface.program)
  }
  let completes = arguments.contains { $0.hasPrefix("---") || $0.hasPrefix("--generate-") }
  if completes {
    let text = RunCommandContext.$showsWords.withValue(true) {
      RunCommand<Own>.fullMessage(for: error)
    }
    return CommandExit(code: 0, text: CompletionScript(text).text, isError: false)
  }
  // `evaluate --help` is about the command.
  let word = arguments.first { !$0.hasPrefix("-") }
  if let word, let help = interface.commandHelp(word) {
    return CommandExit(code: 0, text: help, isError: false)
  }
  return CommandExit(
    code: 0, text: interface.helpText(options: optionsHelp(own), style: .output), isError: false)
}

/// The parser's own table of options.
func optionsHelp<Own: ParsableArguments>(of own: Own) -> [String] { optionsHelp(Own.self) }

private func optionsHelp<Own: ParsableArguments>(_ own: Own.Type) -> [String] {
  RunCommand<Own>.helpMessage(columns: TextStyle.output.width)
    .split(separator: "\n", omittingEmptySubsequences: false)
    .drop { !$0.hasSuffix(":") || $0.hasPrefix("USAGE") }
    .map(String.init)
}

import ArgumentParser
import GrailCore
import GrailRun

/// What a command line asks for.
package struct ParsedCommandLine<C: Sendable>: Sendable {
  /// The command, as yet always `run`.
  package var command: String
  /// The options.
  package var options: RunOptions
  /// The words after `with`.
  package var words: [String]
  /// The configuration with the updates applied.
  package var config: ResolvedConfig<C>
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
      code: 64, text: (lines + ["\(program) --help lists the entries."]).joined(separator: "\n"),
      isError: true)
  }
}

/// Reads an experiment's command line; prints nothing and ends nothing.
///
/// - Parameters:
///   - arguments: The arguments, without the program's name.
///   - program: The program's name, for messages.
///   - config: The experiment's configuration.
/// - Returns: What is asked for.
/// - Throws: ``CommandExit`` if help is asked for, or with everything that is wrong.
package func parseCommandLine<C: Codable & Sendable>(
  _ arguments: [String], program: String, config: TypedConfig<C>
) throws(CommandExit) -> ParsedCommandLine<C> {
  let (words, options) = try parseOptions(arguments, program: program, schema: config.schema)
  let before = words.prefix { $0 != "with" }
  if before.first == "help" { throw help(program: program, schema: config.schema) }
  var problems: [String] = []
  if let command = before.first, command != "run" {
    problems.append(
      command.contains("=")
        ? "\(quoted(command)) is no command; updates follow 'with': write with \(command)"
        : "\(quoted(command)) is no command; the only one is 'run'")
  }
  for word in before.dropFirst() {
    problems.append("\(quoted(word)) stands before 'with'; write run with NAME=VALUE")
  }
  do {
    let updates = Array(words.dropFirst(before.count + 1))
    let resolved = try config.resolve(updates)
    if problems.isEmpty {
      return ParsedCommandLine(
        command: "run", options: options, words: updates, config: resolved)
    }
  } catch {
    problems += error.problems.map(\.message)
  }
  throw CommandExit(problems: problems, program: program)
}

/// Parts the words from the options.
private func parseOptions(
  _ arguments: [String], program: String, schema: ConfigSchema
) throws(CommandExit) -> (words: [String], options: RunOptions) {
  let result = RunCommand.$program.withValue(program) {
    Result { try RunCommand.parse(arguments.map(withSacredSpelling)) }
      .mapError { error in
        RunCommand.exitCode(for: error) == .success
          ? help(program: program, schema: schema)
          : CommandExit(problems: [RunCommand.message(for: error)], program: program)
      }
  }
  let command = try result.get()
  return (command.words, command.options)
}

/// Sacred writes its long options with underscores.
private func withSacredSpelling(_ argument: String) -> String {
  for option in ["file_storage", "beat_interval"]
  where argument == "--\(option)" || argument.hasPrefix("--\(option)=") {
    let name = option.split(separator: "_").joined(separator: "-")
    return "--" + name + argument.dropFirst(2 + option.count)
  }
  return argument
}

private func help(program: String, schema: ConfigSchema) -> CommandExit {
  let parserHelp = RunCommand.$program.withValue(program) {
    RunCommand.helpMessage(columns: entryTableWidth)
  }
  let sections = parserHelp.split(separator: "\n", omittingEmptySubsequences: false)
  let usage = sections.prefix { !$0.isEmpty }
  let options = sections.drop { $0 != "OPTIONS:" }
  let lines =
    usage.map(String.init) + [""] + entryTable(schema) + [""] + options.map(String.init)
  return CommandExit(
    code: 0,
    text: lines.joined(separator: "\n").trimmingEnd, isError: false)
}

extension String {
  fileprivate var trimmingEnd: String {
    guard let end = lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(self[...end])
  }
}

package import ArgumentParser
import GrailCore
import GrailRecord

/// The tool `grail`: finds, shows, compares and keeps runs.
package struct GrailTool: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "grail",
    abstract: "Finds, shows, compares and keeps runs.",
    groupedSubcommands: [
      CommandGroup(
        name: "Look",
        subcommands: [
          LsCommand.self, ShowCommand.self, LogsCommand.self, StatusCommand.self,
          ArtifactsCommand.self, SourcesCommand.self,
        ]),
      CommandGroup(
        name: "Compare", subcommands: [DiffCommand.self, BestCommand.self, PlotCommand.self]),
      CommandGroup(
        name: "Keep",
        subcommands: [
          TagCommand.self, NoteCommand.self, RenameCommand.self, StopCommand.self, RmCommand.self,
          RestoreCommand.self, PurgeCommand.self, CopyCommand.self, DoctorCommand.self,
        ]),
      CommandGroup(
        name: "Use elsewhere",
        subcommands: [
          ExportCommand.self, ImportCommand.self, NewCommand.self, CompletionsCommand.self,
        ]),
    ])

  package init() {}

  /// Runs the tool with the process's arguments, and ends the process.
  package static func main() async {
    do {
      if let problem = ProcessArguments.problem { throw CommandFailure(code: 66, message: problem) }
      let words = Array(CommandLine.arguments.dropFirst())
      if words.isEmpty || [["help"], ["--help"], ["-h"]].contains(words) { return print(helpPage) }
      if let word = words.first, let mistake = mistake(in: word) { throw mistake }
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch is Pager.OutputClosed {
      endProcess(0)
    } catch {
      end(with: error)
    }
  }

  /// What is wrong with the word where the name of a command belongs.
  private static func mistake(in word: String) -> CommandFailure? {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    if ["-F", "--store", "--no-index"].contains(where: word.hasPrefix) {
      return .usage("options stand behind the command: grail ls \(DisplayText(word)) …")
    }
    guard !word.hasPrefix("-"), word != "help", !names.contains(word) else { return nil }
    let near = names.closest(to: word).map { "; did you mean '\($0)'?" } ?? ""
    return .usage(
      "there is no command '\(DisplayText(word))'\(near.isEmpty ? "; 'grail --help' lists them" : near)"
    )
  }

  private static func end(with error: any Error) -> Never {
    guard let failure = CommandFailure(error) ?? parserFailure(error) else {
      exit(withError: error)
    }
    if !failure.message.isEmpty {
      let terminal = CommandContext.current.errors
      let mark = terminal.styled("grail:", [.bold, .red])
      CommandContext.warn("\(mark) \(failure.message)")
    }
    endProcess(failure.code)
  }

  /// What the parser of the command line has to say, in one line; `nil` if it is help that was asked for.
  private static func parserFailure(_ error: any Error) -> CommandFailure? {
    let code = exitCode(for: error)
    guard code != .success else { return nil }
    let message = message(for: error)
    let found = DisplayText(message.prefix(1).lowercased() + message.dropFirst()).text
    guard code == .validationFailure else {
      return CommandFailure(code: code.rawValue, message: found)
    }
    var (command, names): (any ParsableCommand.Type, [String]) = (Self.self, ["grail"])
    for word in CommandLine.arguments.dropFirst() {
      guard let next = command.configuration.subcommands.first(where: { $0._commandName == word })
      else { break }
      command = next
      names.append(word)
    }
    let isSentence = found.hasSuffix(".") || found.hasSuffix("?")
    return .usage(
      "\(found)\(isSentence ? "" : ";") '\(names.joined(separator: " ")) --help' says more")
  }
}

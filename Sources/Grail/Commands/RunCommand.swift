import ArgumentParser
import GrailRun

/// The one command of an experiment: what is run, the updates after `with`, and options anywhere.
struct RunCommand<Own: ParsableArguments>: ParsableCommand {
  static var configuration: CommandConfiguration {
    let program = RunCommandContext.interface?.program ?? "PROGRAM"
    return CommandConfiguration(
      commandName: program, usage: "\(program) [COMMAND] [with UPDATE ...] [options]")
  }

  /// The words that are no options: a command, `with`, and updates.
  @Argument(
    help: ArgumentHelp(visibility: RunCommandContext.showsWords ? .default : .private),
    completion: .custom { words, index, prefix in
      RunCommandContext.interface?.completions(of: words, at: index, prefix: prefix) ?? []
    })
  var words: [String] = []

  /// The options.
  @OptionGroup var options: RunOptions

  /// The experiment's own options.
  @OptionGroup(title: "This experiment's options") var own: Own
}

/// What the parser asks types, not instances, for.
enum RunCommandContext {
  /// The experiment whose command line is parsed; bound as long as that takes.
  @TaskLocal static var interface: ExperimentInterface?
  /// Whether the words are shown among the options: in a completion script, where they would be left
  /// out otherwise, and not in help, which says more of them.
  @TaskLocal static var showsWords = false
}

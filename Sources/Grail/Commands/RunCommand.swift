package import ArgumentParser

/// The one command of an experiment: what is run, the updates after `with`, and options anywhere.
package struct RunCommand: ParsableCommand {
  /// The name of the program that parses at present.
  ///
  /// Bound for the duration of a parse, since the parser asks the type and not an instance for it.
  @TaskLocal static var program = "PROGRAM"

  /// The command as the parser shows it.
  package static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: program, usage: "\(program) [run] [with NAME=VALUE ...] [options]")
  }

  /// The words that are no options: a command, `with`, and updates.
  @Argument(help: .private)
  package var words: [String] = []

  /// The options.
  @OptionGroup package var options: RunOptions

  /// Creates a command without words.
  package init() {}
}

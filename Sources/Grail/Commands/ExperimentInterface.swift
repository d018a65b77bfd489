import GrailCore
import GrailRun

/// What an experiment offers on its command line.
package struct ExperimentInterface: Sendable {
  /// The program's name, for usage and messages.
  package var program: String
  /// What the experiment does, in the words of its author.
  package var help: String
  /// What the configuration is, in the words of its author.
  package var configHelp: String
  /// The entries of the configuration.
  package var schema: ConfigSchema
  /// The author's commands, the main one first, with what they do.
  package var commands: [(name: String, help: String)]
  /// The named configurations with what they are for.
  package var namedConfigs: [(name: String, help: String)]

  /// Creates a description of an experiment.
  package init(
    program: String, help: String = "", configHelp: String = "", schema: ConfigSchema,
    commands: [(name: String, help: String)] = [("run", "Runs the experiment.")],
    namedConfigs: [(name: String, help: String)] = []
  ) {
    (self.program, self.help, self.configHelp) = (program, help, configHelp)
    (self.schema, self.commands, self.namedConfigs) = (schema, commands, namedConfigs)
  }

  /// The commands, those that every experiment has at the end.
  var allCommands: [(name: String, help: String)] {
    commands + BuiltInCommand.allCases.map { ($0.rawValue, $0.help) }
  }
}

/// A command that every experiment has; it makes no run.
package enum BuiltInCommand: String, CaseIterable, Sendable {
  case printConfig = "print-config"
  case printNamedConfigs = "print-named-configs"
  case printDependencies = "print-dependencies"
  case saveConfig = "save-config"
  case sync
  case help

  /// Reads a name, also in Sacred's spelling with underscores.
  init?(name: String) {
    self.init(
      rawValue: name.split(separator: "_", omittingEmptySubsequences: false).joined(separator: "-"))
  }

  /// What the command does.
  var help: String {
    switch self {
    case .printConfig: "Prints the configuration, and where each value comes from."
    case .printNamedConfigs: "Prints the named configurations."
    case .printDependencies: "Prints the packages, sources and repository of the program."
    case .saveConfig: "Writes the configuration to a FILE.json, .yaml or .toml."
    case .sync: "Delivers what observers did not receive of a RUN, or of all runs."
    case .help: "Prints what a COMMAND does."
    }
  }

  /// The words that the command takes before `with`.
  var argumentNames: [String] {
    switch self {
    case .saveConfig: ["FILE"]
    case .sync: ["RUN"]
    case .help: ["COMMAND"]
    default: []
    }
  }
}

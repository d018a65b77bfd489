import ArgumentParser
import GrailCore
import GrailRecord
import GrailRun
import Logging
import OrderedCollections
import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Experiment {
  /// Does what the program's command line says.
  ///
  /// `PROGRAM [COMMAND] [with a=1 b.c=2 big file.yaml …] [options]`; `PROGRAM --help` lists
  /// commands, entries and options. Returns when the command is completed. Otherwise the program
  /// ends with a code: 1 if the run failed, 64 if the command line or the configuration is wrong,
  /// 73 if the record cannot be created, 75 if `--enforce-clean` refuses.
  public func main() async {
    if let problem = ProcessArguments.problem {
      CommandExit(code: 73, text: "\(name): \(problem)", isError: true).endProgram()
    }
    let arguments = Array(CommandLine.arguments.dropFirst())
    if mayBegin(arguments), hasUsualSettings { EarlyQueries.ask(declaredIn: declaredIn) }
    do throws(CommandExit) {
      try await perform(arguments, program: ProgramFacts.name)
    } catch {
      error.endProgram()
    }
  }

  /// Whether a command line looks like that of a run which is recorded.
  private func mayBegin(_ arguments: [String]) -> Bool {
    let others = ["-h", "--help", "-u", "--unobserved", "--generate-completion-script"]
    return !arguments.contains { $0.hasPrefix("---") || others.contains($0) }
      && arguments.first.flatMap(BuiltInCommand.init(name:)) == nil
  }

  /// Whether nothing in code changes how runs are recorded, and so whether git is to be asked.
  private var hasUsualSettings: Bool {
    optionHooks.withLock(\.isEmpty) && ownOptions.withLock { $0.type == NoOptions.self }
  }

  private func perform(_ arguments: [String], program: String) async throws(CommandExit) {
    ProcessEnd.take()
    let assembly: Assembly<Config>
    do throws(ConfigProblems) {
      assembly = try self.assembly()
    } catch {
      throw CommandExit(problems: error.problems.map(\.message), program: program)
    }
    let interface = assembly.interface(program: program, help: help)
    let parsed = try parse(
      arguments, interface: interface, own: ownOptions.withLock { $0 }.type)
    if !parsed.problems.isEmpty {
      let problems = RequiredEntries.$program.withValue(program) {
        assembly.resolver.problems(with: parsed.updates).map(\.message)
      }
      throw CommandExit(problems: parsed.problems + problems, program: program)
    }
    switch parsed.command {
    case .builtIn(.sync, let id):
      try await sync(id, parsed, program: program)
    case .builtIn(let command, let argument):
      let text = try RequiredEntries.$program.withValue(program) {
        Result { () throws(CommandExit) in
          try assembly.text(
            of: command, argument: argument, parsed: parsed, interface: interface,
            declaredIn: declaredIn)
        }
      }.get()
      write(text + "\n", to: .standardOutput)
    case .run(let command):
      try await run(command, parsed, interface: interface)
    }
  }

  private func parse(
    _ arguments: [String], interface: ExperimentInterface,
    own: any (ParsableArguments & Sendable).Type
  ) throws(CommandExit) -> ParsedCommandLine {
    func parse<Own: ParsableArguments & Sendable>(
      _ own: Own.Type
    ) throws(CommandExit) -> ParsedCommandLine {
      try parseCommandLine(arguments, interface: interface, own: own)
    }
    return try parse(own)
  }

  private func run(
    _ command: String, _ parsed: ParsedCommandLine, interface: ExperimentInterface
  ) async throws(CommandExit) {
    let program = interface.program
    let prepared: PreparedRun<Config>
    let recorder: Recorder
    do {
      let settings = parsed.options.runSettings(
        updates: interface.schema.redacting(parsed.updates),
        arguments: interface.schema.redacting(CommandLine.arguments))
      prepared = try RequiredEntries.$program.withValue(program) {
        try prepare(parsed.updates, command: command, settings: settings, options: parsed.own)
      }
      if parsed.options.enforceClean { try refuseUnlessClean(program: program) }
      if parsed.options.printConfig {
        let report = ConfigReport(prepared.config, schema: interface.schema)
        write(report.lines(style: .output).joined(separator: "\n") + "\n\n", to: .standardOutput)
      }
      if parsed.options.queue {
        return write(try queue(prepared).id + "\n", to: .standardOutput)
      }
      // Where code had a say it is known only now that git is wanted.
      if prepared.plan.asksGit { EarlyQueries.ask(declaredIn: declaredIn) }
      recorder = try self.recorder(for: prepared)
    } catch let exit as CommandExit {
      throw exit
    } catch let error as ConfigProblems {
      throw CommandExit(problems: error.problems.map(\.message), program: program)
    } catch let error as RunStartError {
      throw CommandExit(
        code: error.code == .cannotCreate ? 73 : 64, text: "\(program): \(error)", isError: true)
    } catch {
      throw CommandExit(problems: ["\(error)"], program: program)
    }
    // Libraries in C that draw from the process's generators follow the seed as well.
    srandom(UInt32(truncatingIfNeeded: prepared.inputs.seeds[""] ?? 1))
    srand48(prepared.inputs.seeds[""] ?? 1)
    do {
      _ = try await execute(prepared, recorder: recorder) { exit(124) }
    } catch {
      switch recorder.stop.reason {
      case .signal(let number): ProcessEnd.die(by: number)
      case .timeLimit(let limit):
        let text = "ended by its time limit of \(DurationText.text(of: limit))"
        throw CommandExit(code: 124, text: "\(program): \(text)", isError: true)
      case nil: break
      }
      let shown = parsed.options.debug ? String(reflecting: error) : "\(error)"
      throw CommandExit(code: 1, text: "\(program): \(shown)", isError: true)
    }
  }
}

extension Experiment {
  /// Refuses to run what no commit holds.
  private func refuseUnlessClean(program: String) throws(CommandExit) {
    guard let reason = ProgramCode(declaredIn: declaredIn).repositoryState.refusal else { return }
    throw CommandExit(code: 75, text: "\(program): --enforce-clean: \(reason)", isError: true)
  }
}

extension Experiment {
  /// Writes a run down to be run later.
  private func queue(_ prepared: PreparedRun<Config>) throws -> RunRecord {
    guard prepared.plan.settings.isObserved else {
      throw RunStartError(
        code: .unknownCommand,
        message: "the command '\(prepared.plan.command)' is not recorded, so it cannot be queued")
    }
    var prepared = prepared
    prepared.plan.isQueued = true
    return try recorder(for: prepared).finishQueued()
  }
}

extension CommandExit {
  /// Prints why the program ends, and ends it.
  func endProgram() -> Never {
    write(text + "\n", to: isError ? .standardError : .standardOutput)
    exit(code)
  }
}

func write(_ text: String, to output: FileDescriptor) {
  fflush(nil)
  _ = try? output.writeAll(text.utf8)
}

extension Assembly {
  /// What the experiment offers on its command line.
  fileprivate func interface(program: String, help: String) -> ExperimentInterface {
    ExperimentInterface(
      program: program, help: help, configHelp: resolver.model.help, schema: resolver.schema,
      commands: commands.map { ($0.key, $0.value.command.help) },
      namedConfigs: resolver.named.map { ($0.key, $0.value.help) })
  }

  /// What a command prints that every experiment has.
  fileprivate func text(
    of command: BuiltInCommand, argument: String?, parsed: ParsedCommandLine,
    interface: ExperimentInterface, declaredIn: String
  ) throws(CommandExit) -> String {
    do throws(ConfigProblems) {
      switch command {
      case .printConfig:
        let report = ConfigReport(
          try resolver.resolve(parsed.updates), schema: interface.schema)
        return parsed.options.json
          ? report.json : report.lines(style: .output).joined(separator: "\n")
      case .printNamedConfigs:
        return interface.namedConfigsText(style: .output)
      case .printDependencies:
        return ProgramCode(declaredIn: declaredIn).report(style: .output)
      case .sync:
        // It runs, and does not only print.
        return ""
      case .saveConfig:
        return try saveConfig(to: argument ?? "", parsed.updates, interface: interface)
      case .help:
        guard let argument else {
          return interface.helpText(options: optionsHelp(of: parsed.own), style: .output)
        }
        if let text = interface.commandHelp(argument) { return text }
        throw ConfigProblems([
          ConfigError(
            code: .unknownName, path: argument,
            message: .unknownCommand(argument, known: interface.allCommands.map(\.name)))
        ])
      }
    } catch {
      throw CommandExit(problems: error.problems.map(\.message), program: interface.program)
    }
  }

  /// Writes the configuration to a file that loads again.
  private func saveConfig(
    to path: String, _ updates: [String], interface: ExperimentInterface
  ) throws(ConfigProblems) -> String {
    let resolved = try resolver.resolve(updates)
    let report = ConfigReport(resolved, schema: interface.schema)
    try ConfigFile.write(report.savedConfig, to: path, schema: report.schema)
    let secrets = report.secretNames
    let note = secrets.isEmpty ? "" : "; without the secrets \(secrets.joined(separator: ", "))"
    return "Saved the configuration to \(quoted(path))\(note)"
  }
}

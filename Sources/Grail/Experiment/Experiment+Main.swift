import GrailCore
import GrailRun
import Logging
import OrderedCollections
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Experiment {
  /// Runs the experiment as the program's command line says.
  ///
  /// `PROGRAM [run] [with a=1 b.c=2 …] [options]`; `PROGRAM --help` lists the entries and options.
  /// Returns when the run is completed. Otherwise the program ends with a code: 1 if the run
  /// failed, 64 if the command line is wrong, 73 if the record cannot be created.
  public func main() async {
    let program = ProgramFacts.name
    let config: TypedConfig<Config>
    do {
      config = try typedConfig
    } catch {
      end(CommandExit(problems: ["\(error)"], program: program))
    }
    let commandLine: ParsedCommandLine<Config>
    do throws(CommandExit) {
      commandLine = try parseCommandLine(
        Array(CommandLine.arguments.dropFirst()), program: program, config: config)
    } catch {
      end(error)
    }
    let plan = plan(
      for: commandLine.config,
      settings: commandLine.options.runSettings(updates: commandLine.words))
    let recorder: Recorder
    do throws(RunStartError) {
      recorder = try self.recorder(for: plan)
    } catch {
      let code = error.code == .invalidID ? 64 : 73
      end(CommandExit(code: Int32(code), text: "\(program): \(error)", isError: true))
    }
    do {
      _ = try await execute(plan, config: commandLine.config.config, recorder: recorder)
    } catch {
      end(CommandExit(code: 1, text: "\(program): \(error)", isError: true))
    }
  }

  /// Prints why the program ends, and ends it.
  private func end(_ exit: CommandExit) -> Never {
    fflush(nil)
    let output = exit.isError ? FileDescriptor.standardError : .standardOutput
    _ = try? output.writeAll((exit.text + "\n").utf8)
    Self.exitProcess(exit.code)
  }

  private static func exitProcess(_ code: Int32) -> Never { exit(code) }
}

extension RunOptions {
  /// Returns how the options say that the run is recorded.
  ///
  /// - Parameter updates: The words after `with`, for the record.
  /// - Returns: The settings.
  func runSettings(updates: [String]) -> RunSettings {
    var settings = RunSettings()
    settings.store = fileStorage
    settings.id = id
    settings.name = name
    settings.comment = comment
    settings.isObserved = !unobserved
    settings.logLevel = loglevel?.level
    if let beatInterval { settings.beatInterval = beatInterval.duration }
    func text(_ value: String?) -> Value { value.map(Value.text) ?? .null }
    settings.options = [
      "--beat-interval": beatInterval.map { interval in
        .double(Double((interval.duration ?? .zero).microseconds) / 1_000_000)
      } ?? .null,
      "--comment": text(comment), "--file_storage": text(fileStorage), "--id": text(id),
      "--loglevel": loglevel.map { .int(Int64($0.number)) } ?? .null, "--name": text(name),
      "--unobserved": .bool(unobserved), "UPDATE": .list(updates.map(Value.text)),
      "with": .bool(!updates.isEmpty),
    ]
    return settings
  }
}

extension ResolvedConfig {
  /// What was set from outside, by dotted path.
  var updates: Value.Entries {
    Value.Entries(modified.map { ($0.path, $0.value) }, uniquingKeysWith: { _, last in last })
  }
}

extension Value {
  /// The leaves that differ from those of another map, by dotted path.
  func changes(from other: Value, path: String = "") -> Value.Entries {
    guard let entries = mapValue, let others = other.mapValue else {
      return self == other ? [:] : [path: self]
    }
    var changes: Value.Entries = [:]
    for (name, entry) in entries {
      let inner = path.isEmpty ? name : "\(path).\(name)"
      changes.merge(entry.changes(from: others[name] ?? .null, path: inner)) { _, last in last }
    }
    return changes
  }
}

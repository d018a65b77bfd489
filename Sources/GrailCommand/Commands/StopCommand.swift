import ArgumentParser
import GrailCore
import GrailRecord
import GrailStore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `grail stop`: ends runs of this machine.
struct StopCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "Ask runs of this machine to end.",
    discussion: """
      It waits until their records say how they ended.

      grail stop last
      grail stop 12 --force --grace 30s
      """)

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp("Which runs: ids, last, 3-17, or a query.", valueName: "run"),
    completion: Completions.runs)
  var runs: [String]

  @Flag(help: "End what does not end by itself: SIGTERM, then SIGKILL.") var force = false
  @Option(help: ArgumentHelp("With --force, the time before each next step.", valueName: "time"))
  var grace = DurationArgument(.seconds(10))
  @Option(help: ArgumentHelp("The time to wait without --force.", valueName: "time"))
  var wait = DurationArgument(.seconds(60))

  private var steps: [RunStopper.Step] {
    guard force else { return [RunStopper.Step(signal: SIGINT, limit: wait.duration)] }
    return [SIGINT, SIGTERM].map { RunStopper.Step(signal: $0, limit: grace.duration) }
      + [RunStopper.Step(signal: SIGKILL, limit: .seconds(20))]
  }

  func run() async throws {
    let context = CommandContext.current
    var stopper = RunStopper(
      try RunWords(runs).runs(in: stores).map { try $0.open() }, now: context.now)
    for step in steps where stopper.isWaiting {
      if context.errors.isInteractive { say(step.signal, of: stopper, context) }
      try await stopper.take(step)
    }
    for target in stopper.targets where target.isOver { show(target.run, context) }
    var failures = stopper.failures
    for target in stopper.targets where !target.isOver {
      let id = DisplayText(target.run.record.id)
      failures.append(
        force
          ? "run \(id) does not end: the system has not ended its process yet"
          : "run \(id) was asked to end and still goes on after \(TimeText.text(of: wait.duration)); --force ends it"
      )
    }
    guard !failures.isEmpty else { return }
    for failure in failures.dropLast() { CommandContext.complain(failure) }
    throw CommandFailure(code: 1, message: failures.last ?? "")
  }

  private func say(_ number: Int32, of stopper: RunStopper, _ context: CommandContext) {
    let ids = stopper.targets.filter { !$0.isOver }.map { DisplayText($0.run.record.id).text }
    let what =
      switch number {
      case SIGINT: "asked to end"
      case SIGTERM: "told to end (SIGTERM)"
      default: "ended (SIGKILL)"
      }
    CommandContext.warn(
      context.errors.styled("\(what): \(ids.joined(separator: ", ")); waiting …", .dim))
  }

  private func show(_ run: StoredDirectory, _ context: CommandContext) {
    let state = StateText(run.record, liveness: run.liveness, now: context.now)
    let name = run.annotations.name ?? run.record.experiment.name
    let terminal = context.output
    print(
      terminal.styled(DisplayText(run.record.id), .bold) + "  \(DisplayText(name))  "
        + terminal.styled(DisplayText(state.word), state.style)
        + (state.detail.isEmpty ? "" : " \(state.detail)"))
  }
}

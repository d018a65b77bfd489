import ArgumentParser
import GrailCore
import GrailRecord
import GrailStore

/// `grail doctor`: looks over a store and repairs what can be repaired.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Repair a store, end records of dead runs.",
    discussion: """
      Ends the records of runs whose process died, makes damaged files again from the journals, and
      says what cannot be repaired.
      """)

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp("Which runs; all without any.", valueName: "run"),
    completion: Completions.runs)
  var runs: [String] = []
  @Flag(name: [.customShort("n"), .long], help: "Only look, change nothing.") var dryRun = false
  @Flag(help: "A JSON object a line.") var json = false

  func run() throws {
    let context = CommandContext.current
    let store = try stores.open()
    let ids = runs.isEmpty ? store.directoryNames : try RunWords(runs).ids(in: store)
    let doctor = StoreDoctor(of: store.folder, onlyLooks: dryRun)
    var counts: [StoreDoctor.Finding.Kind: Int] = [:]
    for id in ids {
      for finding in doctor.examine(id) {
        counts[finding.kind, default: 0] += 1
        print(json ? Self.json(finding) : Self.line(finding, for: context.output))
      }
    }
    let damaged = counts[.damaged] ?? 0
    if !json { print(Self.summary(runs: ids.count, counts)) }
    if damaged > 0 || (counts[.repairable] ?? 0) > 0 { throw CommandFailure(code: 1, message: "") }
  }

  private static func line(_ finding: StoreDoctor.Finding, for terminal: Terminal) -> String {
    let (word, style): (String, TextStyle) =
      switch finding.kind {
      case .repaired: ("repaired", .green)
      case .repairable: ("can be repaired", .yellow)
      case .damaged: ("damaged", .red)
      }
    let run = finding.id.map { "run \(DisplayText($0)): " } ?? ""
    return "\(terminal.styled(word, style)): \(run)\(DisplayText(finding.message))"
  }

  private static func json(_ finding: StoreDoctor.Finding) -> String {
    let value: Value = [
      "run": finding.id.map(Value.id) ?? .null, "kind": .text(finding.kind.rawValue),
      "message": .text(finding.message),
    ]
    return String(decoding: JSONWriter.bytes(value, style: .strict), as: UTF8.self)
  }

  private static func summary(runs: Int, _ counts: [StoreDoctor.Finding.Kind: Int]) -> String {
    let seen = "looked at \(NumberText.text(ofCount: runs)) \(runs == 1 ? "run" : "runs")"
    let parts = [
      (StoreDoctor.Finding.Kind.repaired, "repaired"), (.repairable, "to repair"),
      (.damaged, "damaged"),
    ].compactMap { kind, word in counts[kind].map { "\($0) \(word)" } }
    return parts.isEmpty ? "\(seen): all is well" : "\(seen): \(parts.joined(separator: ", "))"
  }
}

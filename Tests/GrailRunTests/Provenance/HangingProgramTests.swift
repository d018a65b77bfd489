import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import Synchronization
import TestSupport
import Testing

@testable import GrailRun

/// Programs on the path that hang, fail, or are not there.
@Suite(.timeLimit(.minutes(2))) struct HangingProgramTests {
  private let folder = TestFolder()

  /// Finds out about a program with only some programs on the path, as often as runs are told.
  private func findings(
    path: String = "bin", minimum: Duration = .seconds(20), runsTake times: [Duration] = [.zero]
  ) throws -> [(record: RunRecord, endTook: Duration)] {
    let program = try Program(in: folder)
    let store = StoreFolder(path: folder.path("runs"))
    try store.prepare()
    var settings = program.settings.provenance
    settings.minimumTime = minimum
    let task = ProvenanceCollector.Task(
      settings: settings, declaredIn: program.declaredIn, store: store,
      environment: ProcessEnvironment(entries: ["PATH=\(folder.path(path)):/nowhere"]))
    return times.map { time in
      let events = Mutex<[RunEvent]>([])
      let collector = ProvenanceCollector(task) { event in events.withLock { $0.append(event) } }
      usleep(UInt32(time.microseconds))
      let begin = ContinuousClock.now
      collector.finish()
      let took = ContinuousClock.now - begin
      var record = RunRecord(
        key: nil, id: "1", experiment: ExperimentRecord(name: "app"), command: "run",
        status: .running)
      for event in events.withLock({ $0 }) { record.apply(event) }
      return (record, took)
    }
  }

  @Test func `without programs there is what needs none`() throws {
    let (record, _) = try #require(try findings(path: "none").first)
    #expect(record.experiment.sources.count == 2 && record.host["memory"] != nil)
    #expect(record.workingTrees.isEmpty && record.host["gpus"] == nil && record.warnings.isEmpty)
  }

  @Test func `programs that hang cost the end of a run its limit, and only what they know`()
    throws
  {
    for name in ["git", "nvidia-smi"] {
      try folder.writeProgram("echo $$ >> \(folder.path("ids")); sleep 100", to: "bin/\(name)")
    }
    let (record, took) = try #require(try findings(minimum: .milliseconds(400)).first)
    #expect(took < .seconds(10))
    #expect(record.experiment.sources.count == 2 && record.host["memory"] != nil)
    #expect(record.workingTrees.isEmpty && record.host["gpus"] == nil && record.warnings.isEmpty)
    for id in (try? folder.text("ids"))?.split(separator: "\n").compactMap({ Int32($0) }) ?? [] {
      let limit = ContinuousClock.now + .seconds(20)
      while kill(id, 0) == 0, ContinuousClock.now < limit { usleep(1000) }
      #expect(kill(id, 0) != 0, "\(id) goes on")
    }
  }

  @Test func `programs that hang cost a longer run nothing, and a process's next run neither`()
    throws
  {
    for name in ["git", "nvidia-smi"] { try folder.writeProgram("sleep 100", to: "bin/\(name)") }
    let minimum = Duration.seconds(4)
    let ends = try findings(minimum: minimum, runsTake: [minimum, .zero]).map(\.endTook)
    #expect(ends.allSatisfy { $0 < minimum / 2 }, "\(ends)")
  }

  @Test(arguments: ["exit 1", "echo nonsense", "kill -9 $$", "printf '\\377\\000'"])
  func `programs that fail are as good as none`(script: String) throws {
    for name in ["git", "nvidia-smi"] { try folder.writeProgram(script, to: "bin/\(name)") }
    let (record, took) = try #require(try findings().first)
    #expect(took < .seconds(15) && record.warnings.isEmpty)
    #expect(record.workingTrees.isEmpty && record.host["gpus"] == nil)
  }

  @Test func `graphics processors are described while git hangs`() throws {
    try folder.writeProgram("sleep 100", to: "bin/git")
    try folder.writeProgram("echo '1.0, GPU, 100, Enabled'", to: "bin/nvidia-smi")
    let (record, _) = try #require(try findings(minimum: .seconds(2)).first)
    #expect(record.host["gpus"]?["gpus"]?.listValue?.first?["model"] == "GPU")
  }
}

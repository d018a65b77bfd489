import Foundation
import Grail
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct LiveRunTests {
  let folder = TestFolder()

  private func points(_ reader: RunReader) throws -> [Double] {
    try reader.series("loss")?.values.doubles ?? []
  }

  // MARK: - While it lives

  @Test func `a reader sees a live run and its points as they come`() throws {
    let program = try ObedientProgram(in: folder)
    var reader = try RunReader(directory: program.directory)
    #expect(reader.record.status == .running && reader.liveness() == .alive)
    #expect(reader.record.stopTime == nil && reader.notes.isEmpty)
    #expect(try points(reader).isEmpty)
    var count = 0
    for part in [1, 10, 1000, 5000] {
      try program.tell("log \(part)")
      count += part
      try reader.refresh()
      #expect(try points(reader) == (0..<count).map(Double.init))
      #expect(try reader.summary("loss")?.count == count)
      #expect(reader.record.status == .running && reader.liveness() == .alive)
    }
    try program.end()
    try reader.refresh()
    #expect(reader.record.status == .completed && reader.liveness() == .notExpected)
    #expect(reader.record.result == .int(Int64(count)) && reader.notes.isEmpty)
    #expect(try points(reader).count == count)
  }

  // Sacred rewrites its files in place: readers meet half of one.
  @Test func `the files are whole at any moment while they are written again and again`() throws {
    let program = try ObedientProgram(["-b", "0.002"], in: folder)
    var versions: Set<String> = []
    var greatest = 0
    // How often the files are written depends on the disk.
    let end = ContinuousClock.now + .seconds(30)
    for round in 0..<10_000 where versions.count < 20 && ContinuousClock.now < end {
      try program.tell("log \(min(round * 10 + 1, 500))")
      for _ in 0..<5 {
        let text = try folder.text("runs/1/run.json")
        versions.insert(text)
        #expect(try folder.json("runs/1/run.json")["status"] == "RUNNING")
        let loss = try folder.json("runs/1/metrics.json")["loss"]
        let columns = ["steps", "values", "timestamps"].map { loss?[$0]?.listValue?.count ?? 0 }
        #expect(Set(columns).count == 1)
        greatest = max(greatest, columns[0])
      }
    }
    try program.end()
    #expect(versions.count > 2 && greatest > 10)
    #expect(folder.names(in: "runs/1").allSatisfy { !$0.hasSuffix(".tmp") })
  }

  // In Sacred nothing is on the disk between two beats, and without beats nothing ever.
  @Test func `without a heart that beats all is in the journal`() throws {
    let program = try ObedientProgram(["-b", "0"], in: folder)
    try program.tell("log 500")
    #expect(try points(RunReader(directory: program.directory)).count == 500)
    program.kill()
    #expect(try points(RunReader(directory: program.directory)).count == 500)
  }

  // MARK: - When it is killed

  @Test(arguments: [0, 1, 3, 100, 5000])
  func `a run that is killed is dead, keeps its points, and is finished once`(count: Int) throws {
    let program = try ObedientProgram(in: folder)
    for _ in 0..<3 { try program.tell("log \(count)") }
    program.kill()

    let reader = try RunReader(directory: program.directory)
    #expect(reader.record.status == .running && reader.liveness() == .dead)
    #expect(reader.notes.isEmpty)
    #expect(try points(reader) == (0..<3 * count).map(Double.init))

    #expect(try RunFinisher.finish(directory: program.directory) == .finished)
    let run = try folder.json("runs/1/run.json")
    #expect(run["status"] == "FAILED" && run["result"] == .null)
    let trace = try #require(run["fail_trace"]?.listValue?.first?.textValue)
    #expect(trace.hasPrefix("The process ended without saying how; its last sign of life was at "))
    let loss = try folder.json("runs/1/metrics.json")["loss"]
    #expect(loss?["values"]?.listValue?.count ?? 0 == 3 * count)

    let finished = try RunReader(directory: program.directory)
    #expect(finished.record.status == .failed && finished.liveness() == .notExpected)
    let (start, stop) = (finished.record.startTime, finished.record.stopTime)
    #expect(try #require(start) <= (try #require(stop)))
    #expect(finished.record.sessions.first?.stopTime == stop)
    #expect(try points(finished) == (0..<3 * count).map(Double.init))
    #expect(finished.notes.isEmpty)

    let before = try folder.text("runs/1/run.json")
    #expect(try RunFinisher.finish(directory: program.directory) == .hadEnded)
    #expect(try folder.text("runs/1/run.json") == before)
  }

  @Test func `files that are lost are made again from the journal`() throws {
    let program = try ObedientProgram(in: folder)
    try program.tell("log 10")
    program.kill()
    for name in ["run.json", "metrics.json", "config.json", "info.json", "cout.txt"] {
      try FileManager.default.removeItem(atPath: folder.path("runs/1/\(name)"))
    }
    let reader = try RunReader(directory: program.directory)
    #expect(reader.record.status == .running && reader.liveness() == .dead)
    #expect(try RunFinisher.finish(directory: program.directory) == .finished)
    #expect(try folder.json("runs/1/run.json")["experiment"]?["name"] == "obedient")
    #expect(try folder.json("runs/1/metrics.json")["loss"]?["steps"]?.listValue?.count == 10)
    #expect(folder.has("runs/1/config.json") && folder.has("runs/1/cout.txt"))
  }

  @Test func `what a killed process was writing is cleared away`() throws {
    let program = try ObedientProgram(in: folder)
    program.kill()
    try folder.write("{", to: "runs/1/.run.json.123.456.tmp")
    try folder.write("{", to: "runs/1/.mine")
    #expect(try RunFinisher.finish(directory: program.directory) == .finished)
    #expect(!folder.has("runs/1/.run.json.123.456.tmp"))
    #expect(folder.has("runs/1/.mine"))
  }

  @Test func `a live run is not finished`() throws {
    let program = try ObedientProgram(in: folder)
    try program.tell("log 10")
    #expect(try RunFinisher.finish(directory: program.directory) == .isAlive)
    try program.tell("log 10")
    #expect(try RunReader(directory: program.directory).record.status == .running)
    try program.end()
    #expect(try folder.json("runs/1/run.json")["status"] == "COMPLETED")
    #expect(try points(folder.reader()).count == 20)
    #expect(try RunFinisher.finish(directory: program.directory) == .hadEnded)
    #expect(try folder.json("runs/1/run.json")["status"] == "COMPLETED")
  }

  @Test func `several that finish one run at once leave one end`() async throws {
    let program = try ObedientProgram(in: folder)
    try program.tell("log 100")
    program.kill()
    let directory = program.directory
    let outcomes = try await withThrowingTaskGroup { group in
      for _ in 0..<8 {
        group.addTask { @concurrent in try RunFinisher.finish(directory: directory) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 == .finished }.count == 1)
    let reader = try folder.reader()
    #expect(reader.record.status == .failed && reader.notes.isEmpty)
    #expect(try points(reader).count == 100)
    #expect(try folder.json("runs/1/run.json")["status"] == "FAILED")
  }

  @Test func `a child that outlives a killed run does not keep it alive`() throws {
    let program = try ObedientProgram(in: folder)
    let answer = try program.tell("child")
    let child = try #require(answer.split(separator: " ").last.flatMap { Int32($0) })
    defer { kill(child, SIGKILL) }
    #expect(try folder.reader().liveness() == .alive)
    program.kill()
    #expect(kill(child, 0) == 0)
    #expect(try folder.reader().liveness() == .dead)
    #expect(try RunFinisher.finish(directory: program.directory) == .finished)
  }

  // MARK: - Seen from elsewhere

  /// Writes a running run with its journal as another process on some machine would have left it.
  private func writeRun(
    _ process: ProcessEvidence, startedBefore age: Duration, id: String = "1"
  ) throws -> String {
    let start = Timestamp(microseconds: now.microseconds - age.components.seconds * 1_000_000)
    let directory = folder.path("runs/\(id)")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    var generator = SystemRandomNumberGenerator()
    let key = RunKey(time: start, using: &generator)
    var record = RunRecord(
      key: key, id: id, experiment: ExperimentRecord(name: "far"), command: "run", status: .running)
    record.startTime = start
    record.sessions = [SessionRecord(number: 1, startTime: start, process: process)]
    let journal = try JournalWriter(
      path: "\(directory)/journal.1", key: key, session: 1, time: start)
    journal.append(.started(record), time: start)
    journal.metric("loss", unit: nil, kind: .double)
      .append(1.0, step: nil, time: start.microseconds)
    journal.beat(start)
    // This process keeps the lock of what it writes, but not that of a copy.
    let journalFile = "\(directory)/journal.1"
    try FileManager.default.copyItem(atPath: journalFile, toPath: "\(directory)/copy")
    try FileManager.default.removeItem(atPath: journalFile)
    try FileManager.default.moveItem(atPath: "\(directory)/copy", toPath: journalFile)
    try RunFiles(directory: directory).writeRun(record)
    return directory
  }

  private var now: Timestamp { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)) }

  private func evidence(
    boot: String? = "another boot", beat: Duration = .seconds(10), holdsLock: Bool = true
  ) -> ProcessEvidence {
    ProcessEvidence(
      hostname: "far", bootID: boot, processID: 1, processStart: 1, processNamespace: "pid:[1]",
      beatInterval: beat.components.seconds * 1_000_000, holdsLock: holdsLock)
  }

  @Test(arguments: [
    (10, 5, Liveness.unknown), (10, 100, .unknown), (10, 125, .probablyDead),
    (100, 250, .unknown), (100, 305, .probablyDead), (0, 100_000, .unknown),
  ])
  func `on another machine only the age of the last beat speaks`(
    beat: Int, age: Int, liveness: Liveness
  ) throws {
    let directory = try writeRun(evidence(beat: .seconds(beat)), startedBefore: .seconds(age))
    #expect(try RunReader(directory: directory).liveness() == liveness)
  }

  @Test func `a run of which nothing speaks for its death is not finished`() throws {
    let directory = try writeRun(evidence(), startedBefore: .seconds(5))
    #expect(try RunFinisher.finish(directory: directory) == .isAlive)
    let reader = try RunReader(directory: directory)
    #expect(reader.record.status == .running && reader.liveness() == .unknown)
  }

  @Test func `a dead run of another process namespace of this machine is finished`() throws {
    var evidence = ProcessEvidence.ofThisProcess(beatInterval: 10_000_000, holdsLock: true)
    evidence.processNamespace = "pid:[1]"
    evidence.processID = 1
    let directory = try writeRun(evidence, startedBefore: .seconds(5))
    #expect(try RunReader(directory: directory).liveness() == .dead)
    #expect(try RunFinisher.finish(directory: directory) == .finished)
    #expect(try RunReader(directory: directory).record.status == .failed)
  }

  @Test func `without locks the process and its start tell`() throws {
    var mine = ProcessEvidence.ofThisProcess(beatInterval: 10_000_000, holdsLock: false)
    #expect(
      try RunReader(directory: writeRun(mine, startedBefore: .seconds(500))).liveness() == .alive)
    mine.processStart = mine.processStart.map { $0 + 1 }
    let other = try writeRun(mine, startedBefore: .seconds(5), id: "2")
    #expect(try RunReader(directory: other).liveness() == .dead)
    #expect(try RunFinisher.finish(directory: other) == .finished)
  }
}

import Foundation
import GrailCore
import GrailRecord
import Logging
import OrderedCollections
import TestSupport
import Testing

@testable import GrailRun

@Suite(.timeLimit(.minutes(2))) struct ProvenanceRunTests {
  private let folder = TestFolder()

  private func warnings(_ record: RunRecord) -> [String] { record.warnings.map(\.message) }

  @Test func `the sources are kept as Sacred keeps them, once for all runs`() throws {
    let program = try Program(in: folder)
    let record = try program.run()
    #expect(record.experiment.baseDirectory == folder.path("app"))
    #expect(record.experiment.mainFile == "Sources/app/main.swift")
    let md5 = FileDigest(of: Array("print(1)\n".utf8)).md5
    let source = SourceRecord(
      path: "Sources/app/main.swift", storedPath: "_sources/main_\(md5).swift")
    #expect(record.experiment.sources.last == source)
    let reader = try RunReader(directory: folder.path("runs/1"))
    #expect(reader.record == record)
    #expect(try WholeFile.read(#require(reader.path(of: source))) == Array("print(1)\n".utf8))
    #expect(
      try program.json()["experiment"]?["sources"]?.listValue?.last
        == ["Sources/app/main.swift", .text("_sources/main_\(md5).swift")])
    let before = StoreFolder.names(in: folder.path("runs/_sources"))
    #expect(try program.run().experiment.sources == record.experiment.sources)
    #expect(StoreFolder.names(in: folder.path("runs/_sources")) == before && before.count == 2)
  }

  @Test func `the machine is described in Sacred's words and more`() throws {
    let program = try Program(in: folder)
    let host = try program.run().host
    #expect(host["hostname"]?.textValue?.isEmpty == false && host["os"]?.listValue?.count == 2)
    #expect(host["memory"]?.intValue ?? 0 > 1 << 20 && host["cpu_count"]?.intValue ?? 0 > 0)
    #expect(host["kernel"]?.textValue?.isEmpty == false)
    #expect(host["swift_version"]?.textValue?.contains(".") == true)
  }

  @Test func `no secret of arguments, configuration and notes comes into a record`() throws {
    var program = try Program(in: folder)
    program.settings.arguments = ["app", "--token=S3CRET", "url=https://u:S3CRET@h/x"]
    program.settings.options = ["UPDATE": ["url=https://u:S3CRET@h/x"]]
    let plan = RunPlan(
      experiment: "app", command: "run", config: ["url": "https://u:S3CRET@h/x"],
      updates: ["url": "https://u:S3CRET@h/x"], settings: program.settings,
      declaredIn: program.declaredIn)
    let record = try Recorder(plan, logger: Logger(label: "app")).finish(.completed)
    #expect(record.arguments == ["app", "--token=<redacted>", "url=https://h/x"])
    #expect(record.config["url"] == "https://h/x")
    #expect(try folder.files(holding: "S3CRET") == [])
  }

  @Test func `the author's own files, dependencies and gatherers are taken in`() throws {
    struct Broken: Error {}
    var program = try Program(in: folder)
    try folder.write("x: 1", to: "app/settings.yaml")
    program.settings.provenance.sourceFiles = ["settings.yaml"]
    program.settings.provenance.dependencies = ["libfoo==1.2"]
    program.settings.provenance.gatherers = [
      "room": { ["floor": 3] }, "broken": { throw Broken() },
    ]
    let record = try program.run()
    #expect(record.experiment.sources.map(\.path).contains("settings.yaml"))
    #expect(record.experiment.dependencies == ["libfoo==1.2"])
    #expect(record.host["room"] == ["floor": 3] && record.host["broken"] == nil)
    #expect(warnings(record).contains { $0.hasPrefix("the gatherer 'broken' failed: ") })
  }

  @Test func `a gatherer that hangs is left behind`() throws {
    var program = try Program(in: folder)
    program.settings.provenance.minimumTime = .milliseconds(300)
    let gate = Monitor(false)
    program.settings.provenance.gatherers = [
      "stuck": {
        _ = gate.wait(atMost: .seconds(60)) { $0 ? true : nil }
        return 1
      }
    ]
    let begin = ContinuousClock.now
    let record = try program.run()
    #expect(ContinuousClock.now - begin < .seconds(20))
    gate.change { $0 = true }
    #expect(record.host["stuck"] == nil && record.status == .completed)
    #expect(
      warnings(record).contains(
        "the gatherer 'stuck' did not end in time; its entry is absent"))
    #expect(try RunReader(directory: folder.path("runs/1")).record.host["stuck"] == nil)
  }

  @Test func `nothing is found out where nothing is to be`() throws {
    var program = try Program(in: folder)
    program.settings.provenance = .none
    let record = try program.run()
    #expect(record.host == ["ENV": [:]] && record.experiment.sources.isEmpty)
    #expect(record.workingTrees.isEmpty && record.executable == nil)
    #expect(StoreFolder.names(in: folder.path("runs")) == [".grail", "1"])
  }

  @Test func `a source that changes during the run, or is newer than the executable, is noted`()
    throws
  {
    var program = try Program(in: folder)
    program.settings.provenance.gathersExecutable = true
    let new = try folder.write("let a = 1", to: "app/Sources/app/a.swift")
    let old = try #require(program.declaredIn)
    for (path, seconds) in [(old, -1e9), (folder.path("app/Package.swift"), -1e9), (new, 1e5)] {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: seconds)], ofItemAtPath: path)
    }
    let record = try program.run { recorder in
      while recorder.snapshot.experiment.sources.isEmpty { usleep(1000) }
      try folder.write("print(2)\n", to: "app/Sources/app/main.swift")
    }
    #expect(
      warnings(record) == [
        "the source 'Sources/app/a.swift' is newer than the executable: the program ran without "
          + "its last changes",
        "the source 'Sources/app/main.swift' is changed during the run: the record has the "
          + "content of its start, not the new one",
      ])
    let executable = try #require(record.executable)
    let bytes = try WholeFile.read(executable.path)
    #expect(executable.byteCount == Int64(bytes.count) && executable.storedPath == nil)
    #expect(executable.sha256 == FileDigest(of: bytes).sha256)
  }

  @Test func `the executable is kept if it is to be`() throws {
    var program = try Program(in: folder)
    program.settings.provenance = .none
    program.settings.provenance.gathersExecutable = true
    program.settings.provenance.keepsExecutable = true
    program.settings.provenance.minimumTime = .seconds(60)
    let record = try program.run()
    let executable = try #require(record.executable)
    let reader = try RunReader(directory: folder.path("runs/1"))
    #expect(reader.record == record)
    let kept = reader.path(ofShared: try #require(executable.storedPath))
    #expect(FileIdentity(path: kept)?.byteCount == executable.byteCount)
    #expect(access(kept, X_OK) == 0)
  }

  @Test func `what the author says of a run reaches its record`() throws {
    var program = try Program(in: folder)
    program.settings.provenance = .none
    program.settings.group = "sweep"
    program.settings.parent = "41"
    program.settings.priority = 2.5
    program.settings.meta = ["team": "vision", "tags": ["a", "b"]]
    let record = try program.run()
    #expect(record.group == "sweep" && record.parent == "41")
    #expect(record.meta["priority"] == 2.5 && record.meta["team"] == "vision")
    let run = try program.json()
    #expect(run["grail"]?["group"] == "sweep" && run["grail"]?["parent"] == "41")
    #expect(run["meta"]?["priority"] == 2.5 && run["meta"]?["tags"] == ["a", "b"])
    #expect(try RunReader(directory: folder.path("runs/1")).record == record)
  }

  @Test func `a code that is not here leaves the rest as it is`() throws {
    var program = try Program(in: folder)
    program.declaredIn = "/nowhere/main.swift"
    let record = try program.run()
    #expect(record.experiment.sources.isEmpty && record.workingTrees.isEmpty)
    #expect(record.warnings.isEmpty && record.host["memory"] != nil)
    #expect(record.workingDirectory == record.experiment.baseDirectory)
  }
}

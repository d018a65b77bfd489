import Foundation
import Grail
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

/// What is found out about the test program, whose package is this one.
@Suite(.timeLimit(.minutes(2))) struct ProvenanceProgramTests {
  private let folder = TestFolder()

  private static let package = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  @Test func `a program is described by what it was built from`() async throws {
    #expect(try await TestProgram.run("quick", in: folder).exitCode == 0)
    let reader = try folder.reader()
    let experiment = reader.record.experiment
    #expect(experiment.baseDirectory == Self.package)
    #expect(experiment.mainFile == "Tests/Programs/Experiments/Quick.swift")
    let paths = experiment.sources.map(\.path)
    for path in [
      "Package.swift", "Tests/Programs/Experiments/Obedient.swift", "Sources/Grail/Exports.swift",
      "Sources/CGrailRecord/grail_digest.c", "Sources/CGrailRecord/include/grail_digest.h",
    ] {
      #expect(paths.contains(path))
    }
    // Neither what other programs are built from, nor fetched packages, nor the system's headers.
    #expect(
      paths.allSatisfy { path in
        ["Package.", "Sources/", "Tests/Programs/Experiments/"].contains { path.hasPrefix($0) }
      })
    for source in experiment.sources {
      let kept = try #require(reader.path(of: source))
      let content = try Data(contentsOf: URL(filePath: kept))
      #expect(kept.contains(FileDigest(of: Array(content)).md5))
    }
    #expect(experiment.dependencies.contains { $0.hasPrefix("swift-log==1.") })
    let executable = try #require(reader.record.executable)
    #expect(executable.path.hasSuffix("/test-experiments"))
  }

  @Test func `no secret of the environment and the command line comes into a record`()
    async throws
  {
    let end = try await TestProgram.run(
      "quick", ["with", "b.path=https://user:S3CRET@host/data.csv", "-c", "https://S3CRET@h/"],
      in: folder,
      environment: [
        "AWS_SECRET_ACCESS_KEY": "S3CRET", "LD_PRELOAD": "", "LANG": "C", "TZ": "UTC",
      ])
    #expect(end.exitCode == 0)
    let record = try folder.reader().record
    #expect(record.arguments.contains("b.path=https://host/data.csv"))
    #expect(record.host["ENV"]?["TZ"] == "UTC")
    #expect(record.host["ENV"]?["AWS_SECRET_ACCESS_KEY"] == nil)
    #expect(files(holding: "S3CRET") == [])
  }

  @Test func `variables are recorded as the author wants, without what is secret in them`()
    async throws
  {
    let end = try await TestProgram.run(
      "described", in: folder,
      environment: [
        "AWS_SECRET_ACCESS_KEY": "S3CRET", "GRAIL_HOST_PLACE": "here",
        "GRAIL_HOST_TOKEN": "S3CRET", "GRAIL_HOST_URL": "https://u:S3CRET@host/",
      ])
    #expect(end.exitCode == 0 && end.output == "- unset\n")
    #expect(
      try folder.reader().record.host["ENV"] == [
        "AWS_SECRET_ACCESS_KEY": "<redacted>", "GRAIL_HOST_PLACE": "here",
        "GRAIL_HOST_TOKEN": "<redacted>", "GRAIL_HOST_URL": "https://host/",
      ])
    #expect(files(holding: "S3CRET") == [])
  }

  @Test func `a secret comes from the environment, and the record knows that it is set`()
    async throws
  {
    let end = try await TestProgram.run(
      "described", in: folder, environment: ["GRAIL_HOST_KEY": "S3CRET"])
    #expect(end.exitCode == 0 && end.output == "S3CRET set\n")
    let record = try folder.reader().record
    #expect(record.config["key"] == "set")
    #expect(record.host["ENV"] == ["GRAIL_HOST_KEY": "<redacted>"])
    let empty = try await TestProgram.run(
      "described", ["-u"], in: folder, environment: ["GRAIL_HOST_KEY": ""])
    #expect(empty.output == "- unset\n")
  }

  /// The files of the test's folder, other than kept sources, in which a text is.
  private func files(holding text: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return (names ?? []).filter { name in
      guard !name.contains("_sources/") else { return false }
      let bytes = try? Data(contentsOf: URL(filePath: folder.path(name)))
      return bytes?.range(of: Data(text.utf8)) != nil
    }
  }

  @Test func `what was found out survives kill -9`() async throws {
    let program = try ObedientProgram(["-b", "0"], in: folder)
    let limit = ContinuousClock.now + .seconds(30)
    var reader = try RunReader(directory: program.directory)
    while reader.record.experiment.sources.isEmpty, ContinuousClock.now < limit {
      try await Task.sleep(for: .milliseconds(5))
      try reader.refresh()
    }
    program.kill()
    try reader.refresh()
    #expect(reader.record.experiment.sources.count > 50)
    #expect(reader.record.host["memory"] != nil)
    #expect(try RunFinisher.finish(directory: program.directory) == .finished)
    let run = try folder.json("runs/1/run.json")
    #expect(run["status"] == "FAILED")
    #expect(
      run["experiment"]?["sources"]?.listValue?.count == reader.record.experiment.sources.count)
    #expect(run["host"]?["memory"] == reader.record.host["memory"])
  }

  @Test func `a replay has what was found out`() async throws {
    #expect(try await TestProgram.run("quick", in: folder).exitCode == 0)
    let reader = try folder.reader()
    var copy = reader.record
    (copy.experiment.sources, copy.host, copy.executable) = ([], [:], nil)
    // There is one if a source of this package is newer than what was built.
    copy.warnings = []
    try await reader.replay { batch in
      for event in batch.events { copy.apply(event) }
      if let stored = reader.record.experiment.sources.last?.storedPath {
        let content = try batch.contents(stored)
        #expect(!content.isEmpty)
      }
    }
    #expect(copy == reader.record)
  }

  #if os(Linux)
    @Test func `a program does not meet the programs that are started beside it`() async throws {
      let environment = try environmentOfMarks()
      let end = try await TestProgram.run("lonely", in: folder, environment: environment)
      #expect(end.exitCode == 0)
      #expect(try folder.text("calls").hasPrefix("x\n"))
      #expect(try folder.reader().record.result == "met 0, heard of 0")
    }

    @Test func `where nothing is to be found out, no program is started`() async throws {
      let environment = try environmentOfMarks()
      let end = try await TestProgram.run("incurious", in: folder, environment: environment)
      #expect(end.exitCode == 0)
      #expect(!folder.has("calls"))
      #expect(try folder.reader().record.result == "met 0, heard of 0")
    }

    /// An environment whose `git` and `nvidia-smi` leave a mark in the file `calls` when started.
    private func environmentOfMarks() throws -> [String: String] {
      for name in ["git", "nvidia-smi"] {
        let place = "bin/\(name)"
        try folder.write("#!/bin/sh\necho x >> '\(folder.path("calls"))'\n", to: place)
        try FileManager.default.setAttributes(
          [.posixPermissions: 0o755], ofItemAtPath: folder.path(place))
      }
      return ["PATH": "\(folder.path("bin")):/usr/bin:/bin"]
    }
  #endif
}

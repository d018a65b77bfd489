import Foundation
import Grail
import GrailCore
import GrailRecord
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct RunArtifactsTests {
  let folder = TestFolder()

  // Sacred overwrites info.json and refuses folders.
  @Test(arguments: [
    ("notes.txt", "notes.txt"), ("plots/loss.svg", "plots/loss.svg"),
    ("a b/ü \u{1F600}.txt", "a b/ü \u{1F600}.txt"), ("run.json", "artifacts/run.json"),
    ("info.json", "artifacts/info.json"), ("Config.JSON", "artifacts/Config.JSON"),
    ("metrics.json", "artifacts/metrics.json"), ("cout.txt", "artifacts/cout.txt"),
    ("cout.index", "artifacts/cout.index"), ("Journal.1", "artifacts/Journal.1"),
    ("artifacts/x", "artifacts/artifacts/x"), (".hidden", "artifacts/.hidden"),
    ("run.json/x", "artifacts/run.json/x"), ("deep/run.json", "deep/run.json"),
  ])
  func `an artifact is kept under its name, or apart where that would clash`(
    name: String, place: String
  ) async throws {
    let record = try await folder.record { run in
      let artifact = try run.addArtifact("content of \(name)".utf8, name: name)
      #expect(artifact.storedPath == place)
    }
    #expect(try folder.text("runs/1/\(place)") == "content of \(name)")
    #expect(try folder.json("runs/1/run.json")["artifacts"] == [.text(place)])
    #expect(record.artifacts.map(\.name) == [name])
    let reader = try folder.reader()
    #expect(
      reader.path(of: try #require(reader.record.artifacts.first)) == folder.path("runs/1/\(place)")
    )
    #expect(reader.record.status == .completed)
  }

  @Test func `metadata, content type, size and digest are on the record`() async throws {
    try folder.write("abc", to: "made.bin")
    let source = folder.path("made.bin")
    try await folder.record { run in
      try run.addArtifact(
        source, metadata: RunNotesTests.Device(name: "gpu", memory: 3), contentType: "image/png")
    }
    #expect(
      try folder.json("runs/1/run.json")["grail"]?["artifacts"] == [
        [
          "bytes": 3, "content_type": "image/png", "metadata": ["memory": 3, "name": "gpu"],
          "name": "made.bin", "path": "made.bin",
          "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ]
      ])
    #expect(try folder.text("runs/1/made.bin") == "abc")
    #expect(try folder.text("made.bin") == "abc")
  }

  @Test func `an artifact of the same name replaces the one before`() async throws {
    let record = try await folder.record { run in
      try run.addArtifact("first, and longer".utf8, name: "model")
      try run.addArtifact("other".utf8, name: "other")
      try run.addArtifact("second".utf8, name: "model")
      // What is in the run's directory already may be added as it is.
      try run.addArtifact(run.directory + "/model", name: "model", metadata: "kept")
    }
    #expect(record.artifacts.map(\.name) == ["model", "other"])
    #expect(record.artifacts.first?.byteCount == 6)
    #expect(try folder.text("runs/1/model") == "second")
  }

  // In Sacred one bad artifact ends the recording of metrics, info and output.
  @Test func `files that cannot be kept are noted, and the run goes on`() async throws {
    let end = try await TestProgram.run("refusing", in: folder)
    #expect(end.exitCode == 0)
    let refusals = end.output.split(separator: "\n")
    #expect(refusals.count == 9 && refusals.allSatisfy { $0.hasPrefix("refused: ") })
    #expect(
      refusals[2]
        == "refused: '../up' cannot be an artifact's name: write a relative path without '..'")
    #expect(
      refusals[7] == "refused: artifact 'missing.txt' is not recorded: 'missing.txt' cannot be "
        + "read: No such file or directory")
    let run = try folder.json("runs/1/run.json")
    #expect(run["status"] == "COMPLETED" && run["result"] == "went on")
    #expect(run["artifacts"] == ["after.txt"] && run["resources"] == [])
    #expect(run["grail"]?["warnings"]?.listValue?.count == 9)
    #expect(try folder.json("runs/1/metrics.json")["after"]?["values"] == [1])
    #expect(folder.names() == ["runs"])
    #expect(folder.names(in: "runs") == [".grail", "1", "_sources"])
  }

  @Test func `a folder where a file should be is refused`() async throws {
    let record = try await folder.record { run in
      try run.addArtifact("x".utf8, name: "place/x")
      #expect(throws: RunFileError.self) { try run.addArtifact("y".utf8, name: "place") }
      #expect(throws: RunFileError.self) { try run.addArtifact("y".utf8, name: "place/x/y") }
      #expect(throws: RunFileError.self) { try run.addArtifact(run.directory, name: "all") }
    }
    #expect(record.artifacts.map(\.name) == ["place/x"])
    #expect(record.warnings.count == 3)
    #expect(folder.names(in: "runs/1/place") == ["x"])
    #expect(!folder.names(in: "runs/1").contains { $0.hasSuffix(".tmp") })
  }

  // MARK: - Resources

  @Test func `a resource is kept once per content, over all runs of the store`() async throws {
    let source = folder.path("data.tar.gz")
    try folder.write("abc", to: "data.tar.gz")
    for _ in 0..<2 {
      try await folder.record { run in
        #expect(try run.addResource(source).path == source)
        try run.addResource(source)
      }
    }
    let first = "data.tar_900150983cd24fb0d6963f7d28e17f72.gz"
    #expect(folder.names(in: "runs/_resources") == [first])
    try folder.write("abcd", to: "data.tar.gz")
    try await folder.record { run in
      let text = try String(contentsOf: run.openResource(source), encoding: .utf8)
      #expect(text == "abcd")
    }
    let second = "data.tar_e2fc714c4727ee9395f324cd2e7f331f.gz"
    #expect(folder.names(in: "runs/_resources") == [first, second])
    for (id, name, size) in [("1", first, 3), ("2", first, 3), ("3", second, 4)]
      as [(String, String, Int64)]
    {
      let stored = folder.path("runs/_resources/\(name)")
      let run = try folder.json("runs/\(id)/run.json")
      #expect(run["resources"] == [[.text(source), .text(stored)]])
      #expect(run["grail"]?["resources"]?.listValue?.first?["bytes"] == .int(size))
      let reader = try folder.reader(id)
      let resource = try #require(reader.record.resources.first)
      #expect(reader.path(of: resource) == stored && !resource.isReference)
    }
    #expect(try folder.text("runs/_resources/\(first)") == "abc")
  }

  @Test func `a resource by reference is named and not copied`() async throws {
    let source = folder.path("large.bin")
    try folder.write("abc", to: "large.bin")
    try await folder.record { run in try run.addResource(source, byReference: true) }
    #expect(!folder.has("runs/_resources"))
    #expect(
      try folder.json("runs/1/run.json")["grail"]?["resources"] == [
        [
          "bytes": 3, "md5": "900150983cd24fb0d6963f7d28e17f72", "path": .text(source),
          "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
          "stored": .text(source),
        ]
      ])
    #expect(try folder.reader().record.resources.first?.isReference == true)
  }

  @Test func `many runs at once keep one copy of a resource`() async throws {
    let source = folder.path("data.csv")
    try folder.write(String(repeating: "1,2,3\n", count: 100_000), to: "data.csv")
    try await withThrowingTaskGroup { group in
      for _ in 0..<8 {
        group.addTask { try await folder.record { run in try run.addResource(source) } }
      }
      try await group.waitForAll()
    }
    #expect(folder.names(in: "runs/_resources").count == 1)
    for id in 1...8 { #expect(try folder.reader("\(id)").record.resources.count == 1) }
  }
}

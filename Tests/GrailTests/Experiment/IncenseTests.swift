import Foundation
import Grail
import GrailCore
import GrailRecord
import TestSupport
import Testing

private let root = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
private let python = root.appending(path: ".cache/venv/bin/python").path

/// The reader of Sacred's stores that people use, over what Grail writes.
@Suite(
  .timeLimit(.minutes(2)),
  .enabled(
    if: FileManager.default.isExecutableFile(atPath: python),
    "there is no .cache/venv; Scripts/setup makes it"))
struct IncenseTests {
  let folder = TestFolder()

  /// Has incense read a run; returns what differs from what is expected.
  private func differences(_ id: String, from expected: Value) async throws -> String {
    try folder.write(
      String(decoding: JSONWriter.bytes(expected, style: .sacred), as: UTF8.self),
      to: "expected.json")
    let script = root.appending(path: "Tests/Python/check_incense.py").path
    let end = try await TestProgram.run(
      "quick", in: folder,
      launcher: [
        "/bin/sh", "-c", "exec \"$0\" \"$1\" runs \"$2\" expected.json", python, script, id,
      ])
    return end.exitCode == 0 ? "" : end.output + end.errors
  }

  @Test func `incense reads a live run and the same run when it is over`() async throws {
    let program = try ObedientProgram(["-b", "0.05", "with", "seed=7"], in: folder)
    try program.tell("log 3")
    let running: Value = [
      "experiment": "obedient", "status": "RUNNING", "result": nil, "config": ["seed": 7],
      "info": [:],
      "captured_out": "", "artifacts": [:],
    ]
    #expect(try await differences("1", from: running) == "")
    try program.end()
    let completed: Value = [
      "experiment": "obedient", "status": "COMPLETED", "result": 3, "config": ["seed": 7],
      "info": [:],
      "captured_out": "", "artifacts": [:],
      "metrics": ["loss": ["steps": [0, 1, 2], "values": [0.0, 1.0, 2.0]]],
    ]
    #expect(try await differences("1", from: completed) == "")
  }

  @Test func `incense reads everything that a run may record`() async throws {
    let experiment = Experiment("all", config: RunNotesTests.Device(name: "gpu ü", memory: nil)) {
      run in
      for value in [0.5, .nan, .infinity, -.infinity] { run.log("loss", value, step: 10) }
      for value in 1...3 { run.log("count", value) }
      run.info["device"] = ["memory": 8]
      run.info["rate"] = Double.nan
      try run.addArtifact("some text".utf8, name: "notes.txt", contentType: "text/plain")
      try run.addArtifact([0, 255, 10] as [UInt8], name: "raw.bin")
      return ["accuracy": 0.97]
    }
    try await experiment.run(with: ["seed=7"], settings: folder.settings)
    let expected: Value = [
      "experiment": "all", "status": "COMPLETED", "result": ["accuracy": 0.97],
      "config": ["name": "gpu ü", "memory": nil, "seed": 7],
      "info": ["device": ["memory": 8], "rate": .double(.nan)],
      "metrics": [
        "loss": [
          "steps": [10, 10, 10, 10],
          "values": [0.5, .double(.nan), .double(.infinity), .double(-.infinity)],
        ],
        "count": ["steps": [0, 1, 2], "values": [1, 2, 3]],
      ],
      "artifacts": ["notes.txt": ["text": "some text"], "raw.bin": ["base64": "AP8K"]],
    ]
    #expect(try await differences("1", from: expected) == "")
  }

  @Test func `incense reads the record of a run that was killed, when it is finished`()
    async throws
  {
    let program = try ObedientProgram(["-b", "0"], in: folder)
    try program.tell("log 2")
    program.kill()
    #expect(try RunFinisher.finish(directory: program.directory) == .finished)
    let expected: Value = [
      "status": "FAILED", "metrics": ["loss": ["steps": [0, 1], "values": [0.0, 1.0]]],
    ]
    #expect(try await differences("1", from: expected) == "")
  }
}

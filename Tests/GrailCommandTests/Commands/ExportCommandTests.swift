import Foundation
import GrailCore
import OrderedCollections
import TestSupport
import Testing

@Suite struct ExportCommandTests {
  private func store() throws -> TestStore {
    let store = TestStore()
    try store.add(
      "1", at: 1, config: ["lr": 0.5, "net": ["depth": 3]], metrics: ["loss": [2, 1.5]], result: 0.5
    )
    try store.add(
      "2", at: 2, config: ["lr": 0.25, "cmd": "=1+1", "list": [1]],
      metrics: ["loss": [4, .nan, .infinity], "a,b": [7]], result: ["x": 1])
    return store
  }

  @Test func `runs are a row each, with a column for all that any has`() async throws {
    let end = try await GrailProgram.run(["export", "runs"], in: try store())
    #expect(end.exitCode == 0)
    let rows = end.lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(rows.count == 3)
    #expect(rows[0].prefix(4) == ["id", "name", "experiment", "command"])
    func value(_ name: String, _ row: Int) -> Substring? {
      rows[0].firstIndex(of: name[...]).flatMap { $0 < rows[row].count ? rows[row][$0] : nil }
    }
    #expect((value("started", 1), value("elapsed", 1)) == ("2026-01-01T00:00:01.000000Z", "1.0"))
    #expect((value("config.lr", 1), value("config.lr", 2)) == ("0.5", "0.25"))
    #expect((value("config.net.depth", 1), value("config.net.depth", 2)) == ("3", ""))
    #expect((value("result", 1), value("result.x", 2)) == ("0.5", "1"))
    let first = try await GrailProgram.run(["export", "runs", "1"], in: try store())
    #expect(
      first.lines[0].hasSuffix(
        ",result,metrics.loss.last,metrics.loss.min,metrics.loss.max,metrics.loss.mean,metrics.loss.count"
      ))
    #expect(first.lines[1].hasSuffix(",0.5,1.5,1.5,2.0,1.75,2"))
    // A spreadsheet must not run it.
    #expect(value("config.cmd", 2) == "'=1+1")
  }

  @Test func `only the columns that were asked for`() async throws {
    let store = try store()
    let end = try await GrailProgram.run(
      ["export", "runs", "-c", "lr,loss.max", "-c", "nothing", "-o", "r.jsonl"], in: store)
    #expect(end.exitCode == 0)
    #expect(end.output.isEmpty)
    #expect(
      try store.text("r.jsonl") == """
        {"id":1,"lr":0.5,"loss.max":2.0,"nothing":null}
        {"id":2,"lr":0.25,"loss.max":"Infinity","nothing":null}

        """)
  }

  @Test func `points of metrics are a row each`() async throws {
    let end = try await GrailProgram.run(["export", "metrics"], in: try store())
    #expect(
      end.output == """
        run,metric,step,time,value\r
        1,loss,0,2026-01-01T00:00:01.000000Z,2.0\r
        1,loss,1,2026-01-01T00:00:02.000000Z,1.5\r
        2,"a,b",0,2026-01-01T00:00:02.000000Z,7.0\r
        2,loss,0,2026-01-01T00:00:02.000000Z,4.0\r
        2,loss,1,2026-01-01T00:00:03.000000Z,nan\r
        2,loss,2,2026-01-01T00:00:04.000000Z,inf\r

        """)
  }

  @Test func `a wide table has a row a step`() async throws {
    let end = try await GrailProgram.run(
      ["export", "metrics", "--wide", "--run", "2"], in: try store())
    #expect(end.output == "run,step,\"a,b\",loss\r\n2,0,7.0,4.0\r\n2,1,,nan\r\n2,2,,inf\r\n")
  }

  @Test func `points as JSON Lines`() async throws {
    let end = try await GrailProgram.run(
      ["export", "metrics", "loss", "-r", "1", "--format", "jsonl"], in: try store())
    #expect(
      end.lines.first
        == #"{"run":1,"metric":"loss","step":0,"time":"2026-01-01T00:00:01.000000Z","value":2.0}"#)
  }

  @Test(arguments: [
    (["runs", "-o", "a.txt"], 64, "ends in neither .csv nor .jsonl"),
    (["metrics", "los"], 1, "no run has a metric 'los'; did you mean 'loss'?"),
    (["metrics", "a,b", "-r", "1"], 1, "no run that was asked for has a point to export"),
    (["runs", "lr > 9"], 1, "no run in"), (["runs", "-o", "no/such/folder.csv"], 73, "cannot be"),
  ])
  func `what cannot be exported is told`(
    arguments: [String], code: Int32, message: String
  ) async throws {
    let end = try await GrailProgram.run(["export"] + arguments, in: try store())
    #expect(end.exitCode == code)
    #expect(end.errors.contains(message))
    #expect(end.output.isEmpty)
  }

  // MARK: - In a notebook

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  /// The Python that `make setup` gave pandas.
  private static let python = root.appending(path: ".cache/venv/bin/python").path

  /// The README's lines, those of the shell run as a notebook runs them.
  private func notebook() throws -> String {
    let readme = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
    let start = try #require(readme.range(of: "In a notebook"))
    let parts = readme[start.upperBound...].components(separatedBy: "```")
    let lines = try #require(parts.dropFirst().first).split(separator: "\n").dropFirst()
    return lines.map { line in
      line.hasPrefix("!")
        ? "subprocess.run(\"\(line.dropFirst())\", shell=True, check=True)" : "\(line)"
    }.joined(separator: "\n")
  }

  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: python),
      "there is no Python with pandas; make setup brings it"))
  func `the README's lines for a notebook give tables of the runs and of a metric`() async throws {
    let program = """
      import subprocess
      import pandas as pd
      \(try notebook())
      print(runs["config.lr"].tolist(), (runs.stopped - runs.started).dt.total_seconds().tolist())
      print(loss.groupby("run").value.max().tolist(), loss.value.dtype, loss.time.dt.year.unique())
      """
    let store = try store()
    let end = try await GrailProgram.run(
      ["-c", program], in: store, as: Self.python,
      environment: ["PATH": "\(GrailProgram.folder):/usr/bin:/bin"])
    #expect(end.errors == "")
    #expect(end.output == "[0.5, 0.25] [1.0, 1.0]\n[2.0, inf] float64 [2026]\n")
  }
}

import Foundation
import Grail
import GrailCore
import GrailRecord
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct MetricsFileLimitTests {
  let folder = TestFolder()

  @Test func `beyond a million points the file has a part of them, extremes kept`() async throws {
    let count = 1_200_000
    let end = try await TestProgram.run("long", ["with", "points=\(count)"], in: folder)
    #expect(end.exitCode == 0)

    let notes = try #require(
      try folder.json("runs/1/run.json")["grail"]?["metrics"]?.listValue)
    #expect(notes.map { $0["name"] } == ["few", "wave"])
    #expect(notes.first == ["count": 1, "kind": "double", "name": "few"])
    #expect(notes.last?["count"] == .int(Int64(count)))
    let kept = try #require(notes.last?["kept"]?.intValue)
    #expect(kept > 100_000 && kept <= 1_000_000)

    // One line a column.
    let lines = try Data(contentsOf: URL(filePath: folder.path("runs/1/metrics.json")))
      .split(separator: UInt8(ascii: "\n"))
    for column in ["steps", "timestamps", "values"] {
      let line = try #require(
        lines.last { $0.starts(with: "    \"\(column)\": [".utf8) && $0.count > 100 })
      #expect(line.split(separator: UInt8(ascii: " ")).count - 1 == Int(kept))
      if column == "values" {
        let text = String(decoding: line, as: UTF8.self)
        #expect(text.contains(" 5.0,") && text.contains(" -7.0,"))
      }
    }
    // The journal has all.
    let summary = try #require(try folder.reader().summary("wave"))
    #expect(summary.count == count && summary.min == -7 && summary.max == 5)
    #expect(summary.numberCount == count - count / 1000 + 2)
  }
}

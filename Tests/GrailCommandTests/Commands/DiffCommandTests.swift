import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite struct DiffCommandTests {
  private func store() throws -> TestStore {
    let store = TestStore()
    for (id, rate, text) in [("1", 0.1, "a\nb\n"), ("2", 0.1, "a\nb\n"), ("3", 0.2, "a\nc\n")] {
      try store.add(
        id, at: Int(id) ?? 0, config: ["lr": .double(rate), "seed": 1], output: text,
        sources: [("main.py", "x = \(rate)\n")])
    }
    return store
  }

  @Test func `only what differs is printed, a column a run`() async throws {
    let end = try await GrailProgram.run(["diff", "1", "3"], in: try store())
    #expect(end.exitCode == 1)
    #expect(end.errors.isEmpty)
    let lines = end.lines.map { $0.split(separator: " ").joined(separator: " ") }
    #expect(lines.prefix(4) == ["1 3", "config", "lr 0.1 0.2", "sources"])
    #expect(lines[4].hasPrefix("main.py ") && lines[4].hasSuffix(" changed"))
    #expect(!end.output.contains("seed"))
  }

  @Test func `runs that are the same end with 0 and say so`() async throws {
    let end = try await GrailProgram.run(["diff", "1", "2"], in: try store())
    #expect(end.exitCode == 0)
    #expect(end.output == "runs 1 and 2 are the same but for id and start time\n")
  }

  @Test func `lines of sources and output are shown`() async throws {
    let end = try await GrailProgram.run(["diff", "1", "3", "--sources", "--output"], in: store())
    #expect(end.lines.contains("  -x = 0.1"))
    #expect(end.lines.contains("  +x = 0.2"))
    #expect(end.lines.suffix(5) == ["output", "  @@ -1,2 +1,2 @@", "   a", "  -b", "  +c"])
  }

  @Test func `a source that is gone is told, and the others shown`() async throws {
    let store = try store()
    try store.add("4", config: ["lr": 0.1], sources: [("main.py", "y"), ("other.py", "z")])
    let digest = FileDigest(of: Array("y".utf8)).md5
    try FileManager.default.removeItem(atPath: "\(store.runs)/_sources/main.py_\(digest)")
    let end = try await GrailProgram.run(["diff", "1", "4", "--sources"], in: store)
    #expect(end.exitCode == 1)
    #expect(end.lines.contains { $0.hasPrefix("main.py: cannot be read: ") })
    #expect(end.lines.contains("  +z"))
  }

  @Test func `JSON holds the values by run`() async throws {
    let end = try await GrailProgram.run(["diff", "1-3", "--json"], in: try store())
    #expect(end.exitCode == 1)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(end.output.utf8)) as? [String: Any])
    #expect(object["same"] as? Bool == false)
    let differences = object["differences"] as? [String: [String: [String: Any]]]
    #expect(differences?["config"]?["lr"] as? [String: Double] == ["1": 0.1, "2": 0.1, "3": 0.2])
  }

  @Test func `a run of another store is named by its directory`() async throws {
    let (own, other) = (try store(), try store())
    let end = try await GrailProgram.run(["diff", "1", "\(other.runs)/2"], in: own)
    #expect(end.exitCode == 0)
  }

  @Test(arguments: [["diff", "1"], ["diff", "1", "1"], ["diff", "1-3", "--output"]])
  func `what cannot be compared is refused`(arguments: [String]) async throws {
    let end = try await GrailProgram.run(arguments, in: try store())
    #expect(end.exitCode == 64)
    #expect(end.output.isEmpty)
  }

  @Test func `names of entries do not reach the terminal raw`() async throws {
    let store = TestStore()
    try store.add("1", config: ["a\u{1B}[31m\n\u{202E}": "x\u{7}\r"], output: "\u{202E}a\n")
    try store.add("2", config: [:], output: "b\n")
    let end = try await GrailProgram.run(["diff", "1", "2", "--output"], in: store)
    #expect(end.exitCode == 1)
    for scalar in ["\u{1B}", "\u{202E}", "\u{7}", "\r"] as [Unicode.Scalar] {
      #expect(!end.output.unicodeScalars.contains(scalar))
    }
  }
}

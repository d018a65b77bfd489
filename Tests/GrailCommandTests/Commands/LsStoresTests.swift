import Foundation
import GrailCore
import OrderedCollections
import TestSupport
import Testing

@Suite struct LsStoresTests {
  /// The store that is found by itself, and another under `b/runs`.
  private func stores() throws -> TestStore {
    let (store, other) = (TestStore(), TestStore())
    for (id, second, rate, loss) in [("1", 1, 0.1, 5.0), ("2", 4, 0.2, 2)] {
      try store.add(id, at: second, config: ["lr": .double(rate)], metrics: ["loss": [loss]])
    }
    for (id, second, rate, loss) in [("2", 3, 0.3, 4.0), ("7", 5, 0.1, .nan), ("8", 2, 0.4, 1)] {
      try other.add(
        id, at: second, config: ["lr": .double(rate)], metrics: ["loss": [loss]], output: "far\n")
    }
    try FileManager.default.createDirectory(
      atPath: store.path("b"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: other.runs, toPath: store.path("b/runs"))
    return store
  }

  private func ls(_ words: String..., in store: TestStore) async throws -> GrailProgram.End {
    try await GrailProgram.run(["ls", "-F", "runs", "--store", "b/runs/"] + words, in: store)
  }

  @Test func `the runs are in one order, with their stores`() async throws {
    let end = try await ls("-c", "lr", in: try stores())
    #expect(
      end.lines == [
        "      id  store    lr", "b/runs/7  b/runs  0.1", "       2  runs    0.2",
        "b/runs/2  b/runs  0.3", "b/runs/8  b/runs  0.4", "       1  runs    0.1",
      ])
    #expect(end.exitCode == 0 && end.errors.isEmpty)
  }

  @Test(arguments: [[], ["--no-index"]])
  func `sorted and cut over all of them`(options: [String]) async throws {
    let store = try stores()
    let words = ["-c", "loss", "--csv", "--sort=-loss", "-n", "4"] + options
    let end = try await GrailProgram.run(["ls", "-Fruns", "-Fb/runs"] + words, in: store)
    let (own, other) = (store.runs, store.path("b/runs"))
    #expect(
      end.output.split(separator: "\r\n") == [
        "id,store,loss", "1,\(own),5.0", "2,\(other),4.0", "2,\(own),2.0", "8,\(other),1.0",
      ])
  }

  @Test func `a run is named as other commands take it`() async throws {
    let store = try stores()
    let listed = try await ls("lr == 0.1", "-c", "lr", in: store)
    let words = listed.lines.dropFirst().map { String($0.split(separator: " ")[0]) }
    #expect(words == ["b/runs/7", "1"])
    let diff = try await GrailProgram.run(["diff", "--json"] + words, in: store)
    #expect(diff.exitCode == 1 && diff.errors.isEmpty)
    let shown = try await GrailProgram.run(["show", "--json"] + words, in: store)
    #expect(shown.exitCode == 0 && shown.lines.count == 2)
    #expect(shown.lines[0].hasPrefix(#"{"id":7,"#))
    #expect(try await GrailProgram.run(["logs", words[0]], in: store).output == "far\n")
    let plot = try await GrailProgram.run(["plot", "b/runs/2", "1", "-m", "loss"], in: store)
    #expect(plot.lines.last == "A b/runs/2 lr=0.3   B 1 lr=0.1")
    let tag = try await GrailProgram.run(["tag", words[0], "far"], in: store)
    #expect(tag.output == "run b/runs/7: far\n")
    #expect(try await ls("has tags", "--json", in: store).lines.count == 1)
    #expect(try await GrailProgram.run(["rm", words[0]], in: store).exitCode == 0)
    #expect(try await ls("--json", in: store).lines.count == 4)
    let gone = try await GrailProgram.run(["show", words[0]], in: store)
    #expect(gone.exitCode == 66)
    #expect(gone.errors.hasPrefix("grail: there is no run '7' in b/runs"))
  }

  @Test(arguments: [
    ("last", ["b/runs/7"]), ("last~1", ["2"]), ("2", ["2", "b/runs/2"]), ("8", ["b/runs/8"]),
    ("7-8", ["b/runs/7", "b/runs/8"]), ("loss < 3", ["2", "b/runs/8"]),
  ])
  func `words mean runs of all of them`(word: String, ids: [String]) async throws {
    let end = try await ls(word, "-c", "status", in: try stores())
    #expect(end.lines.dropFirst().map { String($0.split(separator: " ")[0]) } == ids)
    #expect(end.errors.isEmpty)
  }

  @Test func `runs are grouped over all of them, and by store`() async throws {
    let store = try stores()
    let rates = try await ls("--group-by", "lr", "-c", "loss", "--csv", in: store)
    #expect(
      rates.output.split(separator: "\r\n").dropFirst().map { $0.prefix(6) } == [
        "0.1,2,", "0.2,1,", "0.3,1,", "0.4,1,",
      ])
    let groups = try await ls("--group-by", "store", "-c", "loss", in: store)
    #expect(
      groups.lines.map { $0.split(separator: " ").prefix(3).joined(separator: " ") } == [
        "store n loss", "b/runs 3 2.5", "runs 2 3.5",
      ])
    #expect(groups.errors.isEmpty)
    let json = try await ls("--group-by", "store", "-c", "loss", "--json", in: store)
    #expect(json.lines[0].hasPrefix(#"{"group":{"store":"\#(store.path("b/runs"))"},"n":3"#))
  }

  @Test func `one that is missing is told, and the others are shown`() async throws {
    let store = try stores()
    let end = try await ls("-F", "c", "-c", "lr", in: store)
    #expect(end.exitCode == 66)
    #expect(end.lines.count == 6)
    #expect(end.errors.hasPrefix("grail: '\(store.path("c"))' is no store of runs"))
    #expect(end.errors.split(separator: "\n").count == 1)
    let none = try await GrailProgram.run(["ls", "-F", "c", "-F", "d"], in: store)
    #expect(none.exitCode == 66 && none.output.isEmpty)
  }

  @Test func `one that is named twice is one store`() async throws {
    let store = try stores()
    try FileManager.default.createSymbolicLink(
      atPath: store.path("link"), withDestinationPath: "runs")
    let end = try await GrailProgram.run(
      ["ls", "-F", "runs", "-F", "link", "-c", "lr", "--csv"], in: store)
    #expect(end.output == "id,lr\r\n2,0.2\r\n1,0.1\r\n")
  }

  @Test func `a directory of a run is no query`() async throws {
    let end = try await ls("b/runs/7", in: try stores())
    #expect(end.exitCode == 64)
    #expect(end.errors.contains("'b/runs/7' is a run's directory"))
  }
}

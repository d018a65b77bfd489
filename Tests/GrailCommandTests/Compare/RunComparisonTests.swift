import GrailCore
import GrailCommand
import OrderedCollections
import Testing

@Suite struct RunComparisonTests {
  private func differences(
    _ store: TestStore, _ ids: [String]
  ) throws -> [String: [Value?]] {
    let comparison = try RunComparison(of: ids.map(store.run))
    return Dictionary(
      comparison.differences.flatMap { part, entries in
        entries.map { ("\(part.rawValue)/\($0.name)", $0.values) }
      }, uniquingKeysWith: { $1 })
  }

  @Test func `runs that differ in their times alone are the same`() throws {
    let store = TestStore()
    for (second, id) in [("a"), "b"].enumerated() {
      try store.add(
        id, at: second * 100, config: ["lr": .double(0.1), "n": second == 0 ? 7 : 7.0],
        metrics: ["loss": [1, 0.5, .nan]], result: .double(.nan),
        output: "2026-01-01T00:00:0\(second)Z begins\nepoch 1\n", sources: [("main.py", "x")])
    }
    #expect(try RunComparison(of: [store.run("a"), store.run("b")]).isEmpty)
  }

  @Test func `every part that differs is named with the values of each run`() throws {
    let store = TestStore()
    try store.add(
      "1", config: ["lr": 0.1, "net": ["depth": 3, "name": "a"], "only": .null],
      metrics: ["loss": [1, 0.5]], result: 0.5, output: "one\n",
      sources: [("main.py", "x"), ("old.py", "y"), ("same.py", "z")])
    try store.add(
      "2", name: "other", config: ["lr": 0.2, "net": ["depth": 3, "name": "b"]],
      metrics: ["loss": [1, 0.25], "new": [3]], result: 0.25, output: "one\ntwo\n",
      sources: [("main.py", "xx"), ("same.py", "z"), ("new.py", "y")],
      record: ["status": "FAILED", "fail_trace": ["Traceback\n", "ValueError: no\n"]])
    let found = try differences(store, ["1", "2"])
    #expect(found["config/lr"] == [0.1, 0.2])
    #expect(found["config/net.name"] == ["a", "b"])
    #expect(found["config/only"] == [.null, nil])
    #expect(found["run/status"] == ["COMPLETED", "FAILED"])
    #expect(found["run/error"] == [nil, "ValueError: no"])
    #expect(found["run/experiment"] == ["test", "other"])
    #expect(found["result/result"] == [0.5, 0.25])
    #expect(found["metrics/loss.last"] == [0.5, 0.25])
    #expect(found["metrics/loss.max"] == nil)
    #expect(found["metrics/new.count"] == [nil, 1])
    #expect(found["output/lines"] == [1, 2])
    #expect(
      Set(found.keys.filter { $0.hasPrefix("sources/") })
        == ["sources/main.py", "sources/old.py", "sources/new.py"])
    #expect(found["config/net.depth"] == nil)
  }

  @Test func `commits, dependencies and hosts are told apart`() throws {
    let store = TestStore()
    for (id, commit, version) in [("1", "aaa", "1.0"), ("2", "bbb", "2.0"), ("3", "aaa", "1.0")] {
      let repository: Value = ["url": "u", "commit": .text(commit), "dirty": false]
      try store.add(
        id,
        record: [
          "host": ["hostname": .text("lab\(id)")],
          "experiment": [
            "name": "test", "base_dir": "/p", "sources": [], "mainfile": .null,
            "dependencies": [.text("numpy==\(version)"), "sacred==0.8"],
            // Sacred names a repository once for each source.
            "repositories": [repository, repository],
          ],
        ])
    }
    let found = try differences(store, ["1", "2", "3"])
    #expect(
      found == [
        "git/commit": ["aaa", "bbb", "aaa"], "dependencies/numpy": ["1.0", "2.0", "1.0"],
        "host/hostname": ["lab1", "lab2", "lab3"],
      ])
  }
}

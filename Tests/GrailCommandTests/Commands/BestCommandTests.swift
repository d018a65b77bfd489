import GrailCore
import OrderedCollections
import TestSupport
import Testing

@Suite struct BestCommandTests {
  private func store() throws -> TestStore {
    let store = TestStore()
    for (id, rate, values) in [
      ("1", 0.1, [3, 2, 2.5]), ("2", 0.2, [3, 1, 1, 4]), ("3", 0.3, [.nan]), ("4", 0.4, [1, 5]),
    ] as [(String, Double, [Double])] {
      try store.add(
        id, at: Int(id) ?? 0, config: ["lr": .double(rate), "seed": 1],
        metrics: ["train.loss": values])
    }
    try store.add("5", at: 5, config: ["lr": 9, "seed": 1])
    return store
  }

  @Test func `the best come first, with their first best point and what differs`() async throws {
    let end = try await GrailProgram.run(["best", "train.loss", "--min"], in: try store())
    #expect(end.exitCode == 0)
    #expect(
      end.lines.map { $0.split(separator: " ").joined(separator: " ") } == [
        "id train.loss min step after lr", "* 4 1.0 0 0 s 0.4", "* 2 1.0 1 1 s 0.2",
        "1 2.0 1 1 s 0.1",
      ])
  }

  @Test func `a run that died is not said to go on`() async throws {
    let store = TestStore()
    let dead = try LiveRun("5", in: store, process: .gone)
    dead.log(0.5, "loss", step: 1)
    try dead.abandon()
    let end = try await GrailProgram.run(["best", "loss", "--min", "--csv"], in: store)
    #expect(end.output.contains("5,live,DIED,0.5,1,"))
  }

  @Test func `the greatest, cut to a number of runs`() async throws {
    let end = try await GrailProgram.run(
      ["best", "train.loss", "--max", "-n", "2", "--csv"], in: try store())
    #expect(
      end.output == """
        id,name,status,value,step,time,seconds,config.lr\r
        4,test,COMPLETED,5.0,1,2026-01-01T00:00:05Z,1.0,0.4\r
        2,test,COMPLETED,4.0,3,2026-01-01T00:00:05Z,3.0,0.2\r

        """)
  }

  @Test func `only the runs that are named count`() async throws {
    let end = try await GrailProgram.run(
      ["best", "train.loss", "--min", "lr < 0.2", "2", "--json"], in: try store())
    #expect(end.lines.count == 2)
    #expect(
      end.lines.first
        == #"{"id":2,"name":"test","status":"COMPLETED","value":1.0,"step":1,"#
        + #""time":"2026-01-01T00:00:03Z","seconds":1.0,"config":{"lr":0.2}}"#)
  }

  @Test(arguments: [
    ("train.los", "no run has a metric 'train.los'; did you mean 'train.loss'?"),
    ("loss", "no run has a metric 'loss'; did you mean 'train.loss'?"),
    ("accuracy", "no run has a metric 'accuracy'; there are train.loss"),
  ])
  func `a metric that no run has is told with the names that there are`(
    name: String, message: String
  ) async throws {
    let end = try await GrailProgram.run(["best", name, "--min"], in: try store())
    #expect(end.exitCode == 1)
    #expect(end.errors == "grail: \(message)\n")
  }

  @Test func `a metric without a number in the runs is told`() async throws {
    let end = try await GrailProgram.run(["best", "train.loss", "--min", "3"], in: try store())
    #expect(end.exitCode == 1)
    #expect(end.errors == "grail: no run that was asked for has a number in 'train.loss'\n")
  }

  @Test(arguments: [[], ["--min", "--max"], ["--min", "-n", "0"]])
  func `what is best has to be said`(options: [String]) async throws {
    let end = try await GrailProgram.run(["best", "train.loss"] + options, in: try store())
    #expect(end.exitCode == 64)
    #expect(!options.isEmpty || end.errors.contains("--min if the least 'train.loss' wins, --max"))
  }
}

import GrailCore
import OrderedCollections
import TestSupport
import Testing

@Suite struct LsGroupsTests {
  private func store() throws -> TestStore {
    let store = TestStore()
    var id = 0
    for (rate, results) in [(0.1, [1.0, 2, 3]), (0.2, [4, .nan]), (0.3, [9])] {
      for (seed, result) in results.enumerated() {
        id += 1
        try store.add(
          "\(id)", at: id, config: ["lr": .double(rate), "seed": .int(Int64(seed)), "same": 1],
          metrics: ["loss": [5, result / 2]], result: .double(result))
      }
    }
    return store
  }

  @Test func `runs that differ in nothing but some entries are together`() async throws {
    let end = try await GrailProgram.run(["ls", "--all-but", "seed"], in: try store())
    #expect(end.exitCode == 0)
    #expect(end.errors.isEmpty)
    #expect(
      end.lines.map { $0.split(separator: " ").joined(separator: " ") } == [
        "lr n result mean result median result sd left out loss mean loss median loss sd left out",
        "0.1 3 2.0 2.0 1.0 1.0 1.0 0.5", "0.2 2 4.0 4.0 1 2.0 2.0 1", "0.3 1 9.0 9.0 4.5 4.5",
      ])
  }

  @Test func `groups by a field, of a column, sorted by an aggregate`() async throws {
    let end = try await GrailProgram.run(
      ["ls", "--group-by", "lr", "-c", "loss.min", "--sort=-loss.min.mean", "--csv", "-n", "2"],
      in: try store())
    #expect(
      end.output == """
        lr,n,loss.min.mean,loss.min.median,loss.min.sd,loss.min.n\r
        0.3,1,4.5,4.5,,1\r
        0.2,2,3.5,3.5,2.1213203435596424,2\r

        """)
  }

  @Test func `JSON says what is left out`() async throws {
    let end = try await GrailProgram.run(
      ["ls", "lr > 0.15", "--group-by", "lr", "-c", "result", "--json"], in: try store())
    #expect(
      end.lines == [
        #"{"group":{"lr":0.2},"n":2,"values":{"result":{"n":1,"missing":0,"nan":1,"mean":4.0,"median":4.0,"sd":null}}}"#,
        #"{"group":{"lr":0.3},"n":1,"values":{"result":{"n":1,"missing":0,"nan":0,"mean":9.0,"median":9.0,"sd":null}}}"#,
      ])
    #expect(end.errors.isEmpty)
  }

  @Test(arguments: [
    (["--group-by", "l"], 0, "no run has 'l'; did you mean 'lr'?"),
    (["--all-but", "sed"], 0, "no run has 'config.sed'; did you mean 'config.seed'?"),
    (["--all-but", "seed", "--sort", "loss.men"], 64, "did you mean 'loss.mean'?"),
    (["--all-but", "seed", "--group-by", "lr"], 64, "--group-by and --all-but exclude each other"),
    (["--watch"], 64, "--watch draws on a terminal"),
    (["--group-by", "lr", "id == 99"], 1, "no run"),
  ])
  func `what was mistyped is told`(
    options: [String], code: Int32, message: String
  ) async throws {
    let end = try await GrailProgram.run(["ls"] + options, in: try store())
    #expect(end.exitCode == code)
    #expect(end.errors.contains(message))
  }

  @Test func `a query of the result alone is no mistake`() async throws {
    let end = try await GrailProgram.run(
      ["ls", "result > 3", "-c", "result", "--csv"], in: store())
    #expect(end.output == "id,result\r\n6,9.0\r\n4,4.0\r\n")
    #expect(end.errors.isEmpty)
  }
}

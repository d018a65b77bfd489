import GrailCore
import OrderedCollections
import TestSupport
import Testing

@Suite struct LsCommandTests {
  private func store() throws -> TestStore {
    let store = TestStore()
    for (id, rate, loss) in [("1", 0.1, [3.0, 1, 2]), ("2", 0.2, [4, 0.5])] {
      try store.add(
        id, at: Int(id) ?? 0, config: ["lr": .double(rate), "seed": 1], metrics: ["loss": loss],
        record: id == "1" ? [:] : ["status": "FAILED"])
    }
    return store
  }

  private func ls(_ words: String..., in store: TestStore? = nil) async throws -> ProgramEnd {
    try await GrailProgram.run(["ls"] + words, in: store ?? self.store())
  }

  @Test func `what runs are sorted by is shown`() async throws {
    let end = try await ls("--sort", "loss.min", "--csv")
    #expect(end.output.hasPrefix("id,status,loss.min,started,"))
    let header = try await ls("--sort=-lr,status,metrics.loss,config.seed", "--csv").output.prefix {
      $0 != "\r\n"
    }
    #expect(header == "id,status,config.seed,started,elapsed,loss,lr")
    #expect(
      try await ls("--sort", "loss.min", "-c", "lr", "--csv").output
        == "id,lr\r\n2,0.2\r\n1,0.1\r\n")
  }

  @Test(arguments: [
    (["--sort", "-los.min"], "no run has 'los.min'; did you mean 'loss.min'?"),
    (["-c", "status,lrr"], "no run has 'lrr'; did you mean 'lr'?"),
  ])
  func `a field that no run has is told`(options: [String], message: String) async throws {
    let end = try await GrailProgram.run(["ls"] + options, in: store())
    #expect(end.exitCode == 0 && end.lines.count == 3)
    #expect(end.errors == "grail: \(message)\n")
    #expect(try await ls("-c", "lr", "--sort", "loss").errors.isEmpty)
    let empty = try await GrailProgram.run(["ls"] + options, in: TestStore())
    #expect(empty.errors.hasPrefix("there is no run yet in ") && empty.exitCode == 1)
  }

  @Test func `a long value among numbers is cut, and takes no other column's place`() throws {
    let store = try store()
    let list = Value.list((0..<60).map { .int($0) })
    for (id, result) in [("3", 0.123456), ("4", list), ("5", 2)] as [(String, Value)] {
      try store.add(id, config: ["lr": 0.3, "seed": 1], metrics: ["loss": [1]], result: result)
    }
    let shown = try GrailTerminal(["ls"], in: store, environment: ["NO_COLOR": "1"]).end().shown
    #expect(shown.contains(/elapsed +result +loss +lr\r\n/))
    #expect(shown.contains(" 0.12346 ") && shown.contains(#/ \[0, 1,.*… /#))
  }

  @Test(arguments: [[], ["--no-index"]])
  func `a folder that is no run is told each time, with who helps`(options: [String])
    async throws
  {
    let store = try store()
    try store.write("it was to be a run", to: "runs/half/notes.txt")
    for _ in 0..<2 {
      let end = try await GrailProgram.run(["ls"] + options, in: store)
      #expect(end.exitCode == 0 && end.lines.count == 3)
      #expect(
        end.errors.hasSuffix(
          "/half' is left out: there is neither a run.json nor a journal that can be read; "
            + "'grail doctor' looks into it\n"), "\(end.errors)")
    }
  }

  @Test func `the id is there once`() async throws {
    #expect(try await ls("-c", "id,lr", "--csv").output == "id,lr\r\n2,0.2\r\n1,0.1\r\n")
    #expect(try await ls("-c", "id", "--csv").output == "id\r\n2\r\n1\r\n")
  }

  @Test func `who types a status or a tag is told the query`() async throws {
    let store = try store()
    _ = try await GrailProgram.run(["tag", "1", "best"], in: store)
    for (word, message) in [
      ("failed", "there is no run 'failed'; did you mean the query 'status == failed'?"),
      ("best", #"there is no run 'best'; did you mean the query '"best" in tags'?"#),
      ("worst", "there is no run 'worst' in files:"),
    ] {
      let end = try await ls(word, in: store)
      #expect(end.exitCode == 66 && end.errors.hasPrefix("grail: \(message)"))
    }
    #expect(try await GrailProgram.run(["rm", "failed"], in: store).exitCode == 66)
    #expect(
      try await ls(#""best" in tags"#, "-c", "id", "--csv", in: store).output == "id\r\n1\r\n")
  }

  @Test(.timeLimit(.minutes(1))) func `the last line says how to see the rest, if that would help`()
    throws
  {
    let store = try store()
    let end = try GrailTerminal(["ls", "-n", "1"], in: store, environment: ["NO_COLOR": "1"]).end()
    #expect(end.shown.hasSuffix("1 of 2 runs in \(store.runs)\r\n"))
    for id in 3...53 { try store.add("\(id)", at: id) }
    let all = try GrailTerminal(["ls"], in: store, environment: ["NO_COLOR": "1"]).end()
    #expect(all.shown.hasSuffix("50 of 53 runs in \(store.runs); --all shows the rest\r\n"))
  }
}

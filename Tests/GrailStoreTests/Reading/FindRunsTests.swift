import GrailStore
import OrderedCollections
import Testing

/// A program that imports `GrailStore` alone finds runs.
@Suite struct FindRunsTests {
  private let sample = SampleStore()

  private func open() throws -> FileStore {
    try FileStore(at: sample.folder.path, usesIndex: false)
  }

  private func addRuns() throws {
    try sample.addRun("1", config: ["layers": 7, "data": ["path": "a.csv"]], values: [1, 0.5])
    try sample.addRun("2", config: ["layers": 7], values: [1, 0.05])
    try sample.addRun("3", config: ["layers": 3], values: [1, 0.01])
    try sample.addRun("4", status: "FAILED", config: ["layers": 7])
  }

  @Test func `goes through the runs of a query`() async throws {
    try addRuns()
    let store = try open()
    var found: [String] = []
    for run in try await store.runs(where: "config.layers == 7 and metrics.loss.min < 0.1") {
      found.append("\(run.id) \(run.config["layers"] ?? .null) \(run.status)")
    }
    #expect(found == ["2 7 COMPLETED"])
    #expect(try await store.runs().map(\.id) == ["4", "3", "2", "1"])
  }

  @Test func `sorts by several names, and keeps to a limit`() async throws {
    try addRuns()
    let store = try open()
    let best = try await store.runs(sortedBy: "loss.min", limit: 2)
    #expect(best.ids == ["3", "2"] && best.count == 2 && best.first?.id == "3")
    #expect(try await store.runs(sortedBy: "-layers", "loss.min").ids == ["2", "1", "4", "3"])
    #expect(try await store.runs(where: "layers == 8").first == nil)
  }

  @Test func `returns values as columns`() async throws {
    try addRuns()
    let table = try await open().table(
      of: "config.layers", "loss.min", where: "status == completed", sortedBy: "loss.min")
    #expect(table.ids == ["3", "2", "1"])
    #expect(table.columns[0].map { $0?.intValue } == [3, 7, 7])
    #expect(table.columns[1].map { $0?.doubleValue } == [0.01, 0.05, 0.5])
  }

  @Test func `says where a query is wrong`() async throws {
    let store = try open()
    let error = await #expect(throws: QueryError.self) {
      try await store.runs(where: "layers == 7 und loss < 1")
    }
    #expect(error?.rendering.hasSuffix("\n  layers == 7 und loss < 1\n              ^^^") == true)
    #expect(error.map { !"\($0)".contains("\n") } == true)
    await #expect(throws: QueryError.self) { try await store.runs(sortedBy: "loss min") }
  }

  @Test func `notes the names that no run has where nothing is found`() async throws {
    try addRuns()
    let runs = try await open().runs(where: "config.layrs == 7")
    #expect(
      runs.isEmpty && runs.notes == ["no run has 'config.layrs'; did you mean 'config.layers'?"])
    #expect(try await open().runs(where: "config.layers == 9").notes == [])
  }

  @Test func `does not sort by what no run has`() async throws {
    try addRuns()
    let store = try open()
    let error = await #expect(throws: QueryError.self) {
      try await store.runs(sortedBy: "-metrics.los.min", limit: 1)
    }
    #expect(error?.message == "no run has 'metrics.los.min'; did you mean 'metrics.loss.min'?")
    // Some other run has it.
    #expect(try await store.runs(where: "id == 4", sortedBy: "loss.min").ids == ["4"])
  }

  @Test func `leaves out a run that is gone by its turn`() async throws {
    try addRuns()
    let store = try open()
    let runs = try await store.runs()
    try store.throwAway("3")
    #expect(runs.map(\.id) == ["4", "2", "1"])
    try store.restore("3")
    #expect(runs.map(\.id) == ["4", "3", "2", "1"])
  }

  @Test func `says what is no store, and which run is not there`() async throws {
    let error = #expect(throws: NoSuchStore.self) { try FileStore(at: sample.path + "/nothing") }
    #expect(error?.path == sample.path + "/nothing")
    #expect(error.map { "\($0)".contains("there is no such directory") } == true)
    let store = try FileStore(at: "files:" + sample.folder.path, usesIndex: false)
    let missing = await #expect(throws: NoSuchRun.self) { try await store.run("9") }
    #expect(missing?.id == "9")
  }
}

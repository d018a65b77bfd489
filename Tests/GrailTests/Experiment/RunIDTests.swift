import Foundation
import Grail
import GrailCore
import GrailRecord
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct RunIDTests {
  let folder = TestFolder()

  @Test func `sixty-four programs at once in a new store have an id each`() async throws {
    try await withThrowingTaskGroup { group in
      for _ in 0..<64 {
        group.addTask {
          let end = try await TestProgram.run("quick", ["-F", "new/store"], in: folder)
          #expect(end.exitCode == 0)
          #expect(end.messages.last?.hasPrefix("Completed after") == true)
        }
      }
      try await group.waitForAll()
    }
    let ids = folder.names(in: "new/store").filter { ![".grail", "_sources"].contains($0) }
    #expect(ids.count == 64)
    var keys: Set<RunKey> = []
    for id in ids {
      #expect(Int(id) != nil)
      let reader = try RunReader(directory: folder.path("new/store/\(id)"))
      #expect(reader.record.status == .completed && reader.record.id == id)
      #expect(reader.notes.isEmpty)
      #expect(try reader.series("loss")?.count == 3)
      #expect(try folder.json("new/store/\(id)/run.json")["status"] == "COMPLETED")
      keys.insert(try #require(reader.record.key))
    }
    #expect(keys.count == 64)
    // None is left beside them in the middle of being written; digests are noted by who has time.
    let own = folder.names(in: "new/store/.grail").filter { $0 != "digests" }
    #expect(own == ["last-id", "store.json"])
    #expect(!folder.names(in: "new/store/_sources").contains { $0.hasSuffix(".tmp") })
  }

  @Test func `an id is not given again after its run was deleted`() async throws {
    for id in 1...3 { #expect(try await folder.record { _ in }.id == "\(id)") }
    try FileManager.default.removeItem(atPath: folder.path("runs/3"))
    try FileManager.default.removeItem(atPath: folder.path("runs/2"))
    #expect(try await folder.record { _ in }.id == "4")
    var settings = folder.settings
    settings.id = "9"
    try await Experiment("chosen") { (_: Run) in }.run(settings: settings)
    try FileManager.default.removeItem(atPath: folder.path("runs/9"))
    #expect(try await folder.record { _ in }.id == "10")
  }

  @Test func `ids go on after what is in the store, whoever made it`() async throws {
    for name in ["41/run.json", "note.txt", "77x/run.json", "_sources/99.py", ".grail/last-id"] {
      try folder.write("not a number", to: "runs/\(name)")
    }
    #expect(try await folder.record { _ in }.id == "42")
    try folder.write("100", to: "runs/.grail/last-id")
    #expect(try await folder.record { _ in }.id == "101")
  }
}

import Foundation
import GRDB
import GrailCore
import GrailRecord
import OrderedCollections
import Testing

@testable import GrailStore

@Suite struct RunIndexTests {
  private let store = SampleStore()

  @Test(arguments: [
    "", "config.layers == 3", "status in (completed, failed)", "metrics.loss.min < 1",
    "result > 0.5", "has config.dataset", "name ~ \"t*\"", "error =~ \"Error\"",
    "host.python_version =~ \"^3\"", "config.lr in (0.02, 0.05) or liveness == dead",
  ])
  func `says of Sacred's own runs what reading them says`(query: String) throws {
    try store.addFixtures()
    let fields = try [
      "id", "name", "status", "result", "config", "info", "metrics.loss.min", "started",
    ]
    .map { try QueryField(parsing: $0) }
    let selection = RunSelection(
      try Query(parsing: query), order: [RunOrder(try QueryField(parsing: "config.seed"))],
      fields: fields, now: SystemClock.now())
    let index = try store.index()
    #expect(try index.refresh() == [])
    let found = try index.select(selection)
    let directories = RunDirectories(of: store.folder)
    let subjects = try directories.names.map { try directories.read($0).run.subject }
    let expected = selection.table(of: subjects)
    #expect(subjects.count == 16)
    #expect(found.ids == expected.ids && found.total == expected.total)
    for (one, other) in zip(found.columns, expected.columns) {
      for (value, wanted) in zip(one, other) {
        #expect((value ?? .null).equals(wanted ?? .null), "\(query)")
      }
    }
    let names = try index.names()
    let expectedNames = QueryNames(of: subjects)
    #expect(Set(names.metrics) == Set(expectedNames.metrics))
    for section in QueryField.Section.allCases {
      #expect(Set(names.entries[section] ?? []) == Set(expectedNames.entries[section] ?? []))
    }
  }

  @Test func `takes in new runs, changed ones and those that are gone`() throws {
    try store.addRun("1", config: ["layers": 3])
    try store.addRun("2", status: "QUEUED", config: ["layers": 4])
    let index = try store.index()
    #expect(try store.ids("", index) == ["2", "1"])
    try store.addRun("3", config: ["layers": 5, "extra": 1], values: [3, 1, 2])
    #expect(try store.ids("layers > 3", index) == ["3", "2"])
    #expect(try store.ids("metrics.loss.min.step == 1 and has extra", index) == ["3"])
    // A run that is not over is looked at again.
    try store.addRun("2", config: ["depth": 4])
    #expect(try store.ids("has layers", index) == ["3", "1"])
    #expect(try store.ids("depth == 4 and status == completed", index) == ["2"])
    try FileManager.default.removeItem(atPath: store.folder.path + "/3")
    #expect(try store.ids("", index) == ["2", "1"])
    #expect(try store.ids("has extra or has metrics.loss", index) == [])
    #expect(!(try index.names().entries[.config] ?? []).contains(["extra"]))
  }

  @Test func `notes what is no run, and leaves it out`() throws {
    try store.addRun("1")
    try FileManager.default.createDirectory(
      atPath: store.folder.path + "/empty", withIntermediateDirectories: true)
    let index = try store.index()
    let notes = try index.refresh()
    #expect(notes.count == 1 && notes[0].contains("empty"))
    // As long as it is so.
    #expect(try index.refresh() == notes && store.index().refresh() == notes)
    #expect(try store.ids("", index) == ["1"])
  }

  @Test(arguments: [
    "", "no database at all, but some text of a length", "SQLite format 3\u{0}garbage",
  ])
  func `an index that is damaged is made again`(content: String) throws {
    try store.addRun("1")
    let path = store.path + "/index.sqlite"
    try Data(content.utf8).write(to: URL(filePath: path))
    #expect(try store.ids("", try store.index()) == ["1"])
    // The next one finds it as it is.
    let size = try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    #expect(size > 1000)
  }

  @Test func `several may bring it up to date at once`() async throws {
    for number in 1...40 { try store.addRun("\(number)", config: ["n": .int(Int64(number))]) }
    let found = try await withThrowingTaskGroup(of: [String].self) { group in
      for _ in 0..<4 {
        group.addTask { [store] in try store.ids("n > 20", try store.index()) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(found.count == 4 && found.allSatisfy { $0.count == 20 })
  }

  @Test func `what people add is found, whoever was last`() throws {
    try store.addRun("1")
    try store.addRun("2")
    let changes = ChangeFolder(of: store.folder)
    let index = try store.index()
    #expect(try store.ids("", index) == ["2", "1"])
    func add(_ seconds: Int64, _ run: String, _ edits: [RunEdit]) throws {
      let time = Timestamp(microseconds: 1_790_000_000_000_000 + seconds * 1_000_000)
      let record = try RunReader(directory: "\(store.folder.path)/\(run)").record
      try changes.add(
        RunChange(time: time, author: "ann@here", runs: [RunReference(record)], edits: edits))
    }
    try add(2, "1", [.tag("best"), .name("second")])
    try add(1, "1", [.tag("slow"), .name("first"), .note("a note")])
    #expect(try store.ids("\"best\" in tags and \"slow\" in tags", index) == ["1"])
    #expect(try store.ids("name == \"second\" and note == \"a note\"", index) == ["1"])
    #expect(try store.ids("name == \"sample\"", index) == ["2"])
    try add(3, "1", [.untag("best"), .name(nil), .note(nil)])
    #expect(try store.ids("\"best\" in tags or has note", index) == [])
    #expect(try store.ids("name == \"sample\"", index) == ["2", "1"])
    // An index that is made anew finds the same.
    RunIndex.delete(store.path + "/index.sqlite")
    #expect(try store.ids("\"slow\" in tags and name == \"sample\"", try store.index()) == ["1"])
    // A file that is no change is passed over.
    try Data("{".utf8).write(to: URL(filePath: changes.path + "/x.json"))
    #expect(try store.ids("\"slow\" in tags", index) == ["1"])
  }

  // MARK: - Sessions that come later

  @Test func `a run that was over is looked at again when it is continued`() throws {
    let run = try ContinuedRun(in: store.folder)
    let index = try store.index()
    #expect(try store.ids("status == completed and metrics.loss.count == 1", index) == [run.id])
    // Nobody said so: what is over is not looked at.
    let silent = try run.begin(session: 2)
    #expect(try store.ids("status == completed", index) == [run.id])
    try store.folder.noteSession(2, ofRun: run.id)
    #expect(try store.ids("status == running", index) == [run.id])
    #expect(try store.ids("metrics.loss.count == 2", index) == [run.id])
    // It is looked at as long as it goes on.
    try run.end(silent, .failed)
    #expect(try store.ids("status == failed and metrics.loss.count == 2", index) == [run.id])
    // The same once more, and by an index that was made meanwhile.
    RunIndex.delete(store.path + "/index.sqlite")
    let other = try store.index()
    #expect(try store.ids("status == failed", other) == [run.id])
    let third = try run.begin(session: 3)
    try store.folder.noteSession(3, ofRun: run.id)
    #expect(try store.ids("status == running and metrics.loss.count == 3", other) == [run.id])
    try run.end(third, .completed)
    #expect(try store.ids("status == completed", other) == [run.id])
  }

  @Test func `a session that was noted costs nothing when its run is gone`() throws {
    try store.addRun("1")
    try store.folder.noteSession(2, ofRun: "7")
    let index = try store.index()
    #expect(try index.refresh() == [] && index.refresh() == [])
    #expect(try store.ids("", index) == ["1"])
    store.folder.forgetSessions(ofRun: "7")
    #expect(store.folder.continuedSessions.isEmpty)
    #expect(try index.refresh() == [])
    // The number may come again with another store in this place.
    try store.folder.noteSession(2, ofRun: "7")
    #expect(try index.refresh() == [] && store.folder.continuedSessions.map(\.id) == ["7"])
  }

  // MARK: - What nobody needs

  private func counts() throws -> (contents: Int, paths: Int) {
    try DatabaseQueue(path: store.path + "/index.sqlite").read { database in
      func count(_ table: String) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? 0
      }
      return (try count("content"), try count("path"))
    }
  }

  @Test func `what no run has any more leaves the index`() throws {
    func config(_ number: Int) -> Value.Entries {
      [
        "shared": [1, 2, 3], "own": .list([.int(Int64(number))]),
        "only\(number)": .list([.text("text \(number)")]),
      ]
    }
    for number in 1...300 { try store.addRun("\(number)", config: config(number)) }
    let index = try store.index()
    #expect(try store.ids("", index).count == 300)
    let before = try counts()
    #expect(before.contents > 900 && before.paths > 300)
    for number in 3...300 {
      try FileManager.default.removeItem(atPath: "\(store.folder.path)/\(number)")
    }
    #expect(try store.ids("", index) == ["2", "1"])
    let after = try counts()
    #expect(after.contents < 20 && after.paths < before.paths - 290)
    // What is left is whole, and what comes later is found.
    #expect(try store.ids("own == [2] and shared == [1, 2, 3]", index) == ["2"])
    #expect(try store.ids("only1 == [\"text 1\"]", index) == ["1"])
    try store.addRun("301", config: config(301))
    #expect(try store.ids("\"text 301\" in only301", index) == ["301"])
  }
}

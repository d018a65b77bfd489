import Dispatch
import Foundation
import Synchronization
import Testing

@testable import GrailRecord

@Suite struct StoreFolderTests {
  private let folder = TemporaryFolder()
  private let store: StoreFolder

  init() throws {
    store = StoreFolder(path: folder.path("runs"))
    try store.prepare()
  }

  /// Makes the directories of runs as somebody does who knows nothing of `last-id`.
  private func add(_ ids: [String]) throws {
    for id in ids {
      try FileManager.default.createDirectory(
        atPath: "\(store.path)/\(id)", withIntermediateDirectories: true)
    }
  }

  private var lastIDPath: String { "\(store.path)/.grail/last-id" }

  /// Writes `last-id` as if a number of seconds ago.
  private func note(_ text: String, age: TimeInterval = 0) throws {
    try Data(text.utf8).write(to: URL(filePath: lastIDPath))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: lastIDPath)
  }

  private func claim() throws -> String { try store.claimRun(id: nil).id }

  @Test func `numbers go up by one`() throws {
    #expect(try (1...30).map { _ in try claim() } == (1...30).map(String.init))
    #expect(try WholeFile.read(lastIDPath) == Array("30".utf8))
  }

  @Test func `what is noted is believed while nobody but starters changes the folder`() throws {
    // That another lies higher is found out by a look at all that is there.
    try add(["1", "90"])
    try note("3")
    #expect(try claim() == "4")
    try note("4", age: 3600)
    #expect(try claim() == "91")
    #expect(try claim() == "92")
  }

  @Test(arguments: [nil, "", "no number", "-7", "12x", "99999999999999999999", "\u{0}\u{0}"])
  func `a last number that is missing or damaged is found in the folder`(text: String?) throws {
    try add(["1", "41", "77x", "_sources/99", ".grail/trash/43"])
    if let text { try note(text) }
    #expect(try claim() == "44")
    #expect(try claim() == "45")
  }

  @Test(arguments: [1, 5, 7, 8, 9, 40, 3000])
  func `goes on after the runs that Sacred put behind`(count: Int) throws {
    for id in 1...3 { #expect(try claim() == "\(id)") }
    try add((4..<4 + count).map(String.init))
    #expect(try claim() == "\(4 + count)")
    #expect(try claim() == "\(5 + count)")
  }

  @Test(arguments: [0, 3600])
  func `a number is not given again when its run is deleted`(age: TimeInterval) throws {
    for id in 1...4 { #expect(try claim() == "\(id)") }
    try FileManager.default.removeItem(atPath: "\(store.path)/4")
    try FileManager.default.removeItem(atPath: "\(store.path)/3")
    try note("4", age: age)
    #expect(try claim() == "5")
    #expect(try store.claimRun(id: "20").id == "20")
    try FileManager.default.removeItem(atPath: "\(store.path)/20")
    #expect(try claim() == "21")
  }

  @Test func `an id that was chosen hides none of those that are there`() throws {
    try add(["1", "3", "41"])
    #expect(try store.claimRun(id: "2").id == "2")
    store.keepID("1")
    #expect(try claim() == "42")
    #expect(throws: FileError.self) { try store.claimRun(id: "41") }
    #expect(try claim() == "43")
  }

  @Test func `a copy goes on after what was copied`() throws {
    for _ in 1...12 { _ = try claim() }
    // Without what is hidden.
    let bare = StoreFolder(path: folder.path("bare"))
    try bare.prepare()
    for name in StoreFolder.names(in: store.path) where name != ".grail" {
      try StoreFolder.makeFolder("\(bare.path)/\(name)")
    }
    #expect(try bare.claimRun(id: nil).id == "13")
    // With a note that is older than the runs.
    try note("5", age: 3600)
    let copy = folder.path("copy")
    try FileManager.default.copyItem(atPath: store.path, toPath: copy)
    #expect(try StoreFolder(path: copy).claimRun(id: nil).id == "13")
  }

  @Test func `where nothing can be noted, numbers are found in the folder`() throws {
    try FileManager.default.createDirectory(atPath: lastIDPath, withIntermediateDirectories: true)
    #expect(try (1...3).map { _ in try claim() } == ["1", "2", "3"])
  }

  @Test func `many starters at once have a number each`() throws {
    try add((1...100).map(String.init))
    let claimed = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 400) { _ in
      let id = (try? store.claimRun(id: nil).id) ?? ""
      claimed.withLock { $0.append(id) }
    }
    let numbers = claimed.withLock { $0 }.compactMap(Int.init)
    #expect(numbers.count == 400 && Set(numbers).count == 400)
    #expect(numbers.allSatisfy { $0 > 100 && $0 < 10_000 })
    let next = try #require(Int(try claim()))
    #expect(!numbers.contains(next) && next > 100)
  }
}

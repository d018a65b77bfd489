import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import Testing

@testable import GrailStore

@Suite struct KeepingTests {
  private let sample = SampleStore()

  private func open() throws -> FileStore { try FileStore(sample.folder, usesIndex: false) }

  @Test func `what is thrown away can be brought back, until it is removed`() throws {
    try sample.addRun("1")
    try sample.addRun("2")
    let store = try open()
    try store.throwAway("1")
    #expect(store.directoryNames == ["2"] && store.trashedIDs == ["1"])
    #expect(throws: NoSuchRun.self) { try store.directory("1") }
    try store.restore("1")
    #expect(store.directoryNames == ["1", "2"] && store.trashedIDs == [])
    #expect(throws: NoSuchRun.self) { try store.restore("1") }
    try store.throwAway("1")
    try sample.addRun("1")
    #expect(throws: KeepingError.self) { try store.restore("1") }
    #expect(throws: KeepingError.self) { try store.throwAway("1") }
    try store.removeTrashed("1")
    #expect(store.trashedIDs == [] && store.hasRun("1"))
  }

  @Test func `the number of a run in the trash is not given to another`() throws {
    #expect(try sample.folder.claimRun(id: nil).id == "1")
    // Sacred's, who notes nothing.
    try sample.addRun("60")
    try open().throwAway("60")
    #expect(try sample.folder.claimRun(id: nil).id == "61")
  }

  @Test(arguments: ["../runs/1", ".", "..", "/", "", ".grail", "1/../1", "_sources"])
  func `no id leads out of the store`(id: String) throws {
    try sample.addRun("1")
    let store = try open()
    #expect(throws: (any Error).self) { try store.throwAway(id) }
    #expect(throws: (any Error).self) { try store.restore(id) }
    #expect(throws: (any Error).self) { try store.removeTrashed(id) }
    #expect(store.hasRun("1"))
  }

  @Test func `frees the files that no run needs, and no other`() throws {
    try sample.addFixtures()
    let store = try open()
    let folder = store.folder.path
    try sample.addRun("own", sources: ["own_1.py"])
    for name in ["own_1.py", "stray_1.py"] {
      try Data("text".utf8).write(to: URL(filePath: "\(folder)/_sources/\(name)"))
    }
    try store.throwAway("own")
    let shared = SharedFiles(of: store.folder)
    // What was written within the last hour may belong to a run that is just starting.
    #expect(shared.unneeded() == [])
    let later = Timestamp(microseconds: SystemClock.now().microseconds + 7_200_000_000)
    let stray = SharedFiles.Unneeded(path: "\(folder)/_sources/stray_1.py", byteCount: 4)
    #expect(shared.unneeded(now: later) == [stray])
    #expect(shared.remove([stray]) == [stray] && shared.unneeded(now: later) == [])
    // What the run in the trash needs is free when it is gone.
    try store.removeTrashed("own")
    #expect(shared.unneeded(now: later)?.map(\.path) == ["\(folder)/_sources/own_1.py"])
    // A run that cannot be read may need anything.
    try FileManager.default.createDirectory(
      atPath: store.folder.path + "/99", withIntermediateDirectories: true)
    #expect(shared.unneeded() == nil)
  }

  // MARK: - Copying

  @Test func `copies runs with what they share, and goes on where it stopped`() throws {
    try sample.addFixtures()
    let store = try open()
    let target = StoreFolder(path: sample.path + "/copies")
    var copier = try RunCopier(from: store, to: target)
    #expect(try copier.copy("2", verifies: true) == .copied(id: "2"))
    // Another process, later: what is there is known, though its id may be another.
    try FileManager.default.createDirectory(
      atPath: target.path + "/3", withIntermediateDirectories: true)
    var again = try RunCopier(from: store, to: target)
    #expect(try again.copy("2", verifies: true) == .known(id: "2"))
    guard case .copied(let id) = try again.copy("3", verifies: true) else {
      Issue.record("it was not copied")
      return
    }
    #expect(id != "3")
    let copies = try FileStore(target, usesIndex: false)
    for (old, new) in [("2", "2"), ("3", id)] {
      let (one, other) = (try store.directory(old), try copies.directory(new))
      #expect(one.record.config == other.record.config)
      #expect(one.metrics == other.metrics)
      for source in other.record.experiment.sources where source.storedPath != nil {
        let path = try #require(other.reader.path(of: source))
        #expect(path.hasPrefix(target.path) && access(path, R_OK) == 0)
      }
    }
  }

  @Test func `a program that is kept can be started where it is copied to`() throws {
    try sample.addRun("1", sources: ["tool_1"])
    let program = sample.folder.path + "/_sources/tool_1"
    try FileManager.default.createDirectory(
      atPath: sample.folder.path + "/_sources", withIntermediateDirectories: true)
    try Data("#!/bin/sh\n".utf8).write(to: URL(filePath: program))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let target = StoreFolder(path: sample.path + "/copies")
    var copier = try RunCopier(from: try open(), to: target)
    _ = try copier.copy("1", verifies: false)
    #expect(FileManager.default.isExecutableFile(atPath: target.path + "/_sources/tool_1"))
  }

  @Test func `what was left by a process that was killed is removed by the next`() throws {
    try sample.addRun("1")
    let target = StoreFolder(path: sample.path + "/copies")
    try target.prepare()
    let (left, other) = (target.path + "/.grail/incoming-1-2", target.path + "/.grail/incoming-1-3")
    for path in [left, other] {
      try FileManager.default.createDirectory(
        atPath: path + "/run", withIntermediateDirectories: true)
    }
    // One that was made a moment ago may be another process's.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: left)
    var copier = try RunCopier(from: try open(), to: target)
    _ = try copier.copy("1", verifies: false)
    let names = try FileManager.default.contentsOfDirectory(atPath: target.path + "/.grail")
    #expect(names.filter { $0.hasPrefix("incoming") } == ["incoming-1-3"])
  }

  @Test func `a copy that differs is found`() throws {
    try sample.addRun("1", config: ["a": 1])
    let target = StoreFolder(path: sample.path + "/copies")
    var copier = try RunCopier(from: try open(), to: target)
    _ = try copier.copy("1", verifies: true)
    try Data("{}".utf8).write(to: URL(filePath: target.path + "/1/config.json"))
    #expect(throws: KeepingError.self) { try copier.copy("1", verifies: true) }
    #expect(try copier.copy("1", verifies: false) == .known(id: "1"))
  }

  @Test func `tags and notes go along with a copy, and those that came later with the next`()
    async throws
  {
    try sample.addFixtures()
    let store = try open()
    let target = StoreFolder(path: sample.path + "/copies")
    try FileManager.default.createDirectory(
      atPath: target.path + "/2", withIntermediateDirectories: true)
    try await store.edit(["1", "2"], [.tag("best"), .note("a note")])
    func copyAll() throws -> [String] {
      var copier = try RunCopier(from: store, to: target)
      let outcomes = try ["1", "2"].map { try copier.copy($0, verifies: false) }
      try copier.copyAnnotations()
      return outcomes.map { outcome in
        switch outcome {
        case .copied(let id), .known(let id): id
        case .isRunning: ""
        }
      }
    }
    let ids = try copyAll()
    // Sacred's runs have no keys: a run whose id was taken is known by another.
    #expect(ids[0] == "1" && ids[1] != "2" && !ids[1].isEmpty)
    let copies = try FileStore(target, usesIndex: false)
    for id in ids {
      let annotations = try copies.directory(id).annotations
      #expect(annotations.tags == ["best"] && annotations.note == "a note")
    }
    // What was done last counts, wherever it was done.
    try await copies.edit(["1"], [.note("a later note")])
    try await store.edit(["1", "2"], [.tag("later")])
    #expect(try copyAll() == ids && copyAll() == ids)
    let annotations = try FileStore(target, usesIndex: false).directory("1").annotations
    #expect(annotations.tags.sorted() == ["best", "later"] && annotations.note == "a later note")
    let changes = try FileManager.default.contentsOfDirectory(
      atPath: target.path + "/.grail/changes")
    #expect(changes.count == 3)
  }

  // MARK: - The doctor

  @Test func `says what is damaged and leaves the rest`() throws {
    try sample.addFixtures()
    try Data("{\"a\": ".utf8).write(to: URL(filePath: sample.folder.path + "/2/config.json"))
    try FileManager.default.createDirectory(
      atPath: sample.folder.path + "/half", withIntermediateDirectories: true)
    let doctor = StoreDoctor(of: sample.folder)
    #expect(doctor.examine("1") == [])
    #expect(
      doctor.examine("2").contains { $0.kind == .damaged && $0.message.contains("config.json") })
    #expect(doctor.examine("half").map(\.kind) == [.damaged])
  }

  @Test func `what is gone of the output is told, and nobody claims to make it again`() throws {
    try sample.addRun("1")
    let directory = sample.folder.path + "/1"
    var generator = SystemRandomNumberGenerator()
    let key = RunKey(time: SystemClock.now(), using: &generator)
    let files = try OutputFiles(directory: directory, key: key)
    files.append(Array("a line\n".utf8))
    _ = files.end()
    files.close()
    let doctor = StoreDoctor(of: sample.folder)
    #expect(doctor.examine("1") == [])
    try FileManager.default.removeItem(atPath: directory + "/cout.txt")
    for _ in 0..<2 {
      let findings = doctor.examine("1")
      #expect(findings.map(\.kind) == [.damaged])
      #expect(findings.first?.message == "7 bytes of what it printed are gone from cout.txt")
    }
  }

  @Test func `says of a run that was killed before its record began that nothing is known`() throws
  {
    let directory = sample.folder.path + "/1"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    var generator = SystemRandomNumberGenerator()
    let time = SystemClock.now()
    let journal = try JournalWriter(
      path: directory + "/journal.1", key: RunKey(time: time, using: &generator), session: 1,
      time: time)
    try journal.close(nil, time: time)
    for _ in 0..<2 {
      let findings = StoreDoctor(of: sample.folder).examine("1")
      #expect(findings.map(\.kind) == [.damaged])
      #expect(findings.first?.message.contains("before its record began") == true)
    }
    #expect(!FileManager.default.fileExists(atPath: directory + "/run.json"))
  }

  @Test(arguments: [nil, Data(count: 1 << 20), Data()])
  func `says so too of one that has not come as far as its journal`(journal: Data?) throws {
    let directory = sample.folder.path + "/1"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try journal?.write(to: URL(filePath: directory + "/journal.1"))
    let doctor = StoreDoctor(of: sample.folder)
    #expect(doctor.examine("1").map(\.message).first?.hasSuffix("; grail rm 1") == true)
    // What may have been written into is not nothing.
    let written = journal.map { $0 + [0, 7] } ?? Data(count: 1 << 20 + 1)
    try written.write(to: URL(filePath: directory + "/journal.1"))
    #expect(doctor.examine("1").map(\.message).first?.hasSuffix("can be read") == true)
    try FileManager.default.removeItem(atPath: directory + "/journal.1")
    try Data("{".utf8).write(to: URL(filePath: directory + "/info.json"))
    #expect(doctor.examine("1").map(\.message).first?.hasSuffix("can be read") == true)
  }
}

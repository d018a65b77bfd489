import Foundation
import GrailCore
import Testing

@testable import GrailRecord

@Suite struct SourceStoreTests {
  private let folder = TemporaryFolder()
  private let store: StoreFolder

  init() throws {
    store = StoreFolder(path: folder.path("runs"))
    try store.prepare()
  }

  private func write(_ text: String, to name: String, age: TimeInterval = 60) throws -> String {
    let path = folder.path(name)
    try Data(text.utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
    return path
  }

  private func keep(_ path: String) throws -> String {
    var sources = SourceStore(store: store)
    let identity = try #require(FileIdentity(path: path))
    let stored = try sources.keep(path, identity: identity)
    try sources.cache.save()
    return stored
  }

  @Test func `keeps a content once, by Sacred's name`() throws {
    let path = try write("abc", to: "a.b.swift")
    let stored = try keep(path)
    #expect(stored == "_sources/a.b_900150983cd24fb0d6963f7d28e17f72.swift")
    #expect(try keep(path) == stored)
    #expect(StoreFolder.names(in: "\(store.path)/_sources").count == 1)
    #expect(try WholeFile.read("\(store.path)/\(stored)") == Array("abc".utf8))
  }

  @Test func `another content of the same size and time is another source`() throws {
    let first = try keep(try write("abc", to: "a.swift"))
    let second = try keep(try write("abd", to: "a.swift"))
    #expect(first != second)
    #expect(try WholeFile.read("\(store.path)/\(second)") == Array("abd".utf8))
  }

  @Test func `a content that was lost from the store is kept again`() throws {
    let path = try write("abc", to: "a.swift")
    let stored = try keep(path)
    try FileManager.default.removeItem(atPath: "\(store.path)/\(stored)")
    #expect(try keep(path) == stored)
    #expect(try WholeFile.read("\(store.path)/\(stored)") == Array("abc".utf8))
  }

  @Test func `half a file in the store is made whole`() throws {
    let path = try write("abc", to: "a.swift")
    let stored = try keep(path)
    try Data("ab".utf8).write(to: URL(filePath: "\(store.path)/\(stored)"))
    #expect(try keep(path) == stored)
    #expect(try WholeFile.read("\(store.path)/\(stored)") == Array("abc".utf8))
  }
}

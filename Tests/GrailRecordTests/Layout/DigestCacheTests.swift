import Foundation
import GrailCore
import TestSupport
import Testing

@testable import GrailRecord

@Suite struct DigestCacheTests {
  private let folder = TemporaryFolder()
  private let digest = [UInt8](0..<32)

  private func store() throws -> StoreFolder {
    let store = StoreFolder(path: folder.path("runs"))
    try store.prepare()
    return store
  }

  private func file(_ inode: UInt64, changed: Int64 = 1) -> FileIdentity {
    FileIdentity(device: 1, inode: inode, byteCount: 5, modified: 1, changed: changed)
  }

  @Test func `knows what was saved, and nothing of a file that changed`() throws {
    let store = try store()
    var cache = DigestCache(store: store)
    cache.insert(digest, of: file(1), lookedAt: SystemClock.now())
    cache.insert(Array(digest.prefix(16)), of: file(2), lookedAt: SystemClock.now())
    try cache.save()
    var again = DigestCache(store: store)
    #expect(again.digest(of: file(1), byteCount: 32) == digest)
    #expect(again.digest(of: file(2), byteCount: 16) == Array(digest.prefix(16)))
    #expect(again.digest(of: file(1, changed: 2), byteCount: 32) == nil)
  }

  @Test func `removes what was left over long ago, and nothing else`() throws {
    let store = try store()
    for (name, hours) in [
      (".digests.1.2.tmp", 2.0), (".digests.3.4.tmp", 0), (".last-id.1.2.tmp", 2),
    ] {
      let path = "\(store.path)/.grail/\(name)"
      try Data().write(to: URL(filePath: path))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -3600 * hours)], ofItemAtPath: path)
    }
    var cache = DigestCache(store: store)
    cache.insert(digest, of: file(1), lookedAt: SystemClock.now())
    try cache.save()
    let left = Set(StoreFolder.names(in: store.path + "/.grail"))
    #expect(left == [".digests.3.4.tmp", ".last-id.1.2.tmp", "digests", "store.json"])
  }

  @Test func `does not trust a file that was written a moment before`() throws {
    var cache = DigestCache(store: try store())
    let now = SystemClock.now()
    let fresh = file(1, changed: now.microseconds * 1000 - 500_000_000)
    cache.insert(digest, of: fresh, lookedAt: now)
    #expect(cache.digest(of: fresh, byteCount: 32) == nil)
  }

  @Test(arguments: 0..<50)
  func `a damaged cache is empty or right`(seed: Int) throws {
    let store = try store()
    var cache = DigestCache(store: store)
    for inode in 1...3 as ClosedRange<UInt64> {
      cache.insert(digest, of: file(inode), lookedAt: SystemClock.now())
    }
    try cache.save()
    let path = "\(store.path)/.grail/digests"
    var bytes = try WholeFile.read(path)
    var generator = SeededGenerator(seed: UInt64(seed))
    if seed % 2 == 0 {
      bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
    } else {
      bytes[Int.random(in: bytes.indices, using: &generator)] ^= 1 << UInt8(seed % 8)
    }
    try Data(bytes).write(to: URL(filePath: path))
    var damaged = DigestCache(store: store)
    #expect([nil, digest].contains(damaged.digest(of: file(1), byteCount: 32)))
  }
}

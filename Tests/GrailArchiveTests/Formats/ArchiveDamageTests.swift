import GrailRecord
import TestSupport
import Testing

@testable import GrailArchive

/// Archives that are cut off or changed: no reader may crash or hang, or take them for whole.
@Suite struct ArchiveDamageTests {
  private static let files: [String: [UInt8]] = [
    "runs/1/run.json": Array("{\"status\": \"COMPLETED\"}".utf8),
    "runs/1/" + String(repeating: "long/", count: 30) + "name": [1, 2, 3],
    "runs/1/nines": [UInt8](repeating: 9, count: 3000),
  ]

  @Test(.timeLimit(.minutes(10)), arguments: ArchiveFormat.allCases)
  func `what is cut off anywhere is refused`(format: ArchiveFormat) throws {
    let bytes = try ArchiveContent.archive(format, of: Self.files)
    // Behind the last member a tar archive has nothing but zeros, of which one block is enough.
    let end = (bytes.lastIndex { $0 != 0 } ?? 0) + 1
    let least = format == .tar ? (end + 511) / 512 * 512 + 512 : bytes.count
    for count in 0..<least {
      #expect(throws: ArchiveError.self, "\(count) of \(bytes.count)") {
        try ArchiveContent.read(Array(bytes.prefix(count)))
      }
    }
    #expect(try ArchiveContent.read(Array(bytes.prefix(least))).files == Self.files)
  }

  @Test(.timeLimit(.minutes(10)), arguments: [ArchiveFormat.tgz, .zip])
  func `no changed byte changes what is read`(format: ArchiveFormat) throws {
    let bytes = try ArchiveContent.archive(format, of: Self.files)
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 0x04
      // Some bytes, such as those of a time, mean nothing here.
      guard let found = try? ArchiveContent.read(damaged).files else { continue }
      for (name, content) in found where Self.files[name] != nil {
        #expect(content == Self.files[name], "byte \(place)")
      }
    }
  }

  /// Good archives with a few changes by chance, unpacked in a folder.
  @Test(.timeLimit(.minutes(10)), arguments: ArchiveFormat.allCases)
  func `nothing that is changed by chance leads out`(format: ArchiveFormat) throws {
    var generator = SeededGenerator(seed: 2026)
    var seed = try ArchiveContent.archive(format, of: Self.files)
    if format == .tgz {
      // What is inside is changed: gzip's checksum would find all else.
      seed = try ArchiveContent.archive(.tar, of: Self.files)
    }
    var others = TarBlocks()
    others.add("x/../../../up", [1])
    others.add("link", type: "2", link: "/tmp")
    others.add(records: [("path", "runs/2/x"), ("size", "3")])
    others.add("y", [1, 2, 3])
    let parts = [seed, others.archive]
    for _ in 0..<1500 {
      var bytes = parts[Int.random(in: 0..<(format == .zip ? 1 : 2), using: &generator)]
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes[place] = [0, 0x2F, 0x2E, 0xFF, 0x30].randomElement(using: &generator) ?? 0
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 3))
        default:
          bytes.insert(contentsOf: generator.bytes(2), at: place)
        }
        if bytes.isEmpty { bytes = [0] }
      }
      if format == .tgz {
        let deflater = Deflater(.gzip)
        bytes = deflater.compress(bytes, isLast: true)
      }
      let folder = try TestFolder()
      let limit = SizeLimit(ofArchive: 0, asked: 1 << 20)
      do {
        var archive = try ArchiveFormat.open(MemorySource(bytes), limit: limit)
        var target = try ArchiveFolder(folder.path + "/a/b/c", limit: limit)
        try target.unpack(&archive)
      } catch is ArchiveError {
      } catch is FileError {
        // Such as a name that is too long for the disk.
      }
      #expect(folder.names == ["a"] || folder.names == [])
      #expect(StoreFolder.names(in: folder.path + "/a").allSatisfy { $0 == "b" })
    }
  }

  // MARK: - What expands

  @Test(arguments: [ArchiveFormat.tgz, .zip])
  func `what expands to too much is refused, unless it is allowed`(format: ArchiveFormat) throws {
    let bytes = try ArchiveContent.archive(
      format, of: ["zeros": [UInt8](repeating: 0, count: 5 << 20)])
    let error = #expect(throws: ArchiveError.self) {
      try ArchiveContent.read(bytes, mostBytes: 1 << 20)
    }
    #expect(error?.description.contains("unpacks to more than --max-size") == true)
    #expect(try ArchiveContent.read(bytes, mostBytes: 6 << 20).files.count == 1)
  }

  @Test func `many empty files are too much as well`() throws {
    var blocks = TarBlocks()
    for number in 0..<300 { blocks.add("f\(number)") }
    let folder = try TestFolder()
    let limit = SizeLimit(ofArchive: 0, asked: 1 << 20)
    var archive = try ArchiveFormat.open(MemorySource(blocks.archive), limit: limit)
    var target = try ArchiveFolder(folder.path + "/x", limit: limit)
    #expect(throws: ArchiveError.self) { try target.unpack(&archive) }
  }

  @Test func `the usual limit is 100 times the size, and 1 GiB at least`() throws {
    try SizeLimit(ofArchive: 10).check(1 << 30)
    #expect(throws: ArchiveError.self) { try SizeLimit(ofArchive: 10).check(1 << 30 + 1) }
    try SizeLimit(ofArchive: 1 << 30).check(100 << 30)
    #expect(throws: ArchiveError.self) { try SizeLimit(ofArchive: 1 << 30).check(101 << 30) }
    try SizeLimit(ofArchive: .max).check(.max)
  }
}

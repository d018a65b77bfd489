import GrailRecord

@testable import GrailArchive

/// What an archive holds, to compare with.
enum ArchiveContent {
  /// The files of a folder for tests, with names and contents of many kinds.
  static let files: [String: [UInt8]] = [
    "top/a": Array("text\n".utf8), "top/empty": [],
    "top/sub/b c.bin": (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) },
    "top/übersicht – δ.txt": Array("ü".utf8), "top/two\nlines": [1, 2, 3],
    "top/" + String(repeating: "deep/", count: 40) + String(repeating: "n", count: 96): [7],
    "top/" + String(repeating: "x", count: 120): [8],
    "top/block": [UInt8](repeating: 9, count: 512),
    "top/zeros": [UInt8](repeating: 0, count: 300_000),
  ]

  /// An archive of files, and of an empty folder.
  static func archive(_ format: ArchiveFormat, of files: [String: [UInt8]] = files) throws
    -> [UInt8]
  {
    final class Sink { var bytes: [UInt8] = [] }
    let sink = Sink()
    var writer = format.writer { sink.bytes += $0 }
    try writer.addFolder("top", modified: 1_800_000_000)
    try writer.addFolder("top/no files", modified: 1_800_000_000)
    for (name, content) in files.sorted(by: { $0.key < $1.key }) {
      try writer.add(name, content, modified: 1_800_000_000)
    }
    try writer.finish()
    return sink.bytes
  }

  /// All members of an archive: the files with their content, and the names of all else.
  static func read(
    _ bytes: [UInt8], mostBytes: Int64? = nil
  ) throws -> (files: [String: [UInt8]], others: [String]) {
    var (files, others): ([String: [UInt8]], [String]) = ([:], [])
    let limit = SizeLimit(ofArchive: Int64(bytes.count), asked: mostBytes)
    var archive = try ArchiveFormat.open(MemorySource(bytes), limit: limit)
    while let member = try archive.next() {
      guard member.kind == .file else {
        others.append(member.name)
        continue
      }
      var content: [UInt8] = []
      while true {
        let part = try archive.read()
        if part.isEmpty { break }
        content += part
      }
      files[member.name] = content
    }
    return (files, others)
  }
}

import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

/// Runs in one file: `grail export archive` and `grail import`, each as a program.
@Suite struct ImportCommandTests {
  private func ids(_ store: TestStore, in folder: String) async throws -> [String] {
    let end = try await GrailProgram.run(["ls", "--csv", "-c", "status", "-F", folder], in: store)
    return end.lines.dropFirst().map { String($0.prefix { $0 != "," }) }
  }

  /// A store of three runs: with a source, an artifact in a folder, and a tag.
  private func store() async throws -> TestStore {
    let store = TestStore()
    for number in 1...3 {
      try store.add(
        "\(number)", at: number, config: ["layers": .int(Int64(number))], output: "line\n",
        sources: [("main.py", "print(1)\n")])
    }
    try store.write("plot", to: "runs/2/plots/a b.svg")
    _ = try await GrailProgram.run(["tag", "2-3", "best"], in: store)
    _ = try await GrailProgram.run(["note", "3", "a note"], in: store)
    return store
  }

  @Test(arguments: ["x.tar.gz", "x.tgz", "x.tar", "x.zip"])
  func `runs go into one file and come out of it as they were`(name: String) async throws {
    let store = try await store()
    let packed = try await GrailProgram.run(["export", "archive", "2-3", "-o", name], in: store)
    #expect(packed.exitCode == 0 && packed.output.isEmpty && packed.errors.isEmpty)
    let (other, words) = (store.path("other"), ["import", name, "-F", store.path("other")])
    let end = try await GrailProgram.run(words, in: store)
    #expect(end.exitCode == 0 && end.errors.isEmpty, "\(end.errors)")
    #expect(end.lines == ["imported run 2", "imported run 3", "imported 2, there before 0"])
    #expect(try await ids(store, in: other) == ["3", "2"])
    for file in ["run.json", "config.json", "cout.txt", "plots/a b.svg"] {
      #expect(try store.text("other/2/\(file)") == store.text("runs/2/\(file)"))
    }
    let sources = try FileManager.default.contentsOfDirectory(atPath: other + "/_sources")
    #expect(sources.count == 1 && sources[0].hasPrefix("main.py_"))
    let shown = try await GrailProgram.run(
      ["ls", "note =~ 'note'", "-F", other, "--csv", "-c", "tags"], in: store)
    #expect(shown.lines.last?.contains("best") == true)
    // Once more, and everything is there.
    let again = try await GrailProgram.run(words, in: store)
    #expect(again.exitCode == 0 && again.lines.last == "imported 0, there before 2")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: other + "/.grail/changes").count == 2)
  }

  @Test func `an archive that is unpacked by hand is a store`() async throws {
    guard SystemProgram.exists("tar") else { return }
    let store = try await store()
    _ = try await GrailProgram.run(["export", "archive", "-o", "mine.tgz"], in: store)
    let end = try SystemProgram.run(["tar", "xzf", "mine.tgz"], in: store.url.path)
    #expect(end.exitCode == 0)
    #expect(try await ids(store, in: "mine") == ["3", "2", "1"])
    let tagged = try await GrailProgram.run(
      ["ls", "\"best\" in tags", "-F", "mine", "--csv"], in: store)
    #expect(tagged.lines.count == 3)
    let sources = try await GrailProgram.run(
      ["sources", "1", "--print", "main.py", "-F", "mine"], in: store)
    #expect(sources.output == "print(1)\n")
  }

  @Test(arguments: [
    (["tar", "czf", "x.tgz", "runs"], "x.tgz", ["1", "2", "3"]),
    (["tar", "cf", "x", "runs/3", "runs/1"], "x", ["1", "3"]),
    (["tar", "czf", "x.tgz", "-C", "runs", "2"], "x.tgz", ["2"]),
    (["tar", "cf", "2.tar", "-C", "runs/2", "."], "2.tar", ["2"]),
    (["zip", "-qr", "x.zip", "runs"], "x.zip", ["1", "2", "3"]),
    (["sh", "-c", "cd runs/1 && zip -q ../../1.zip *"], "1.zip", ["1"]),
  ])
  func `what others pack is imported`(
    words: [String], name: String, expected: [String]
  ) async throws {
    guard SystemProgram.exists(words[0]), SystemProgram.exists("zip") else { return }
    let store = try await store()
    #expect(try SystemProgram.run(words, in: store.url.path).exitCode == 0)
    let end = try await GrailProgram.run(["import", name, "-F", "other"], in: store)
    #expect(end.exitCode == 0, "\(end.errors)")
    #expect(try await ids(store, in: "other").sorted() == expected)
  }

  @Test func `where an id is taken, the run gets the next number`() async throws {
    let store = try await store()
    _ = try await GrailProgram.run(["export", "archive", "2", "-o", "x.zip"], in: store)
    let other = TestStore()
    try other.add("2", at: 50)
    try other.add("7", at: 51)
    let end = try await GrailProgram.run(["import", store.path("x.zip")], in: other)
    #expect(end.lines == ["imported run 2 as 8", "imported 1, there before 0"])
    let tagged = try await GrailProgram.run(["ls", "\"best\" in tags", "--csv"], in: other)
    #expect(tagged.lines.last?.hasPrefix("8,") == true)
  }

  @Test func `what was added later comes with a run that is there`() async throws {
    let store = try await store()
    let words = ["import", "x.tar", "-F", "other"]
    _ = try await GrailProgram.run(["export", "archive", "2", "-o", "x.tar"], in: store)
    _ = try await GrailProgram.run(words, in: store)
    _ = try await GrailProgram.run(["tag", "2", "late"], in: store)
    _ = try await GrailProgram.run(["tag", "2", "--remove", "best", "-F", "other"], in: store)
    _ = try await GrailProgram.run(["export", "archive", "2", "-o", "x.tar"], in: store)
    let end = try await GrailProgram.run(words, in: store)
    #expect(end.lines == ["run 2 is there as 2", "imported 0, there before 1"])
    let tags = try await GrailProgram.run(
      ["ls", "--csv", "-c", "tags", "-F", "other"], in: store)
    // What was done last counts, wherever it was done.
    #expect(tags.lines.last == #"2,"[""late""]""# || tags.lines.last == #"2,["late"]"#)
  }

  @Test func `a run that goes on is packed as it is now`() async throws {
    let store = TestStore()
    let live = try LiveRun(in: store)
    live.log(0.5, "loss", step: 1)
    live.print("before\n")
    let packed = try await GrailProgram.run(["export", "archive", "1", "-o", "x.tgz"], in: store)
    #expect(packed.exitCode == 0)
    #expect(packed.errors == "grail: run 1 goes on; the archive has it as it is now\n")
    live.log(0.25, "loss", step: 2)
    try live.end()
    let end = try await GrailProgram.run(["import", "x.tgz", "-F", "other"], in: store)
    #expect(end.exitCode == 0, "\(end.errors)")
    let run = try RunReader(directory: store.path("other/1"))
    #expect(try run.series("loss")?.count == 1 && run.notes == [])
    #expect(run.record.key == (try RunReader(directory: store.path("runs/1"))).record.key)
  }

  @Test func `what is no run does not keep the others from being packed`() async throws {
    let store = try await store()
    try store.write("", to: "runs/half\u{1B}[31m/cout.txt")
    let end = try await GrailProgram.run(["export", "archive", "-o", "x.zip"], in: store)
    #expect(end.exitCode == 66 && end.errors.contains("is not a run"), "\(end.errors)")
    #expect(!end.errors.contains("\u{1B}"))
    let imported = try await GrailProgram.run(["import", "x.zip", "-F", "other"], in: store)
    #expect(imported.lines.last == "imported 3, there before 0")
    let none = try await GrailProgram.run(
      ["export", "archive", "half\u{1B}[31m", "-o", "y.zip"], in: store)
    #expect(none.exitCode == 66 && access(store.path("y.zip"), F_OK) != 0)
  }

  @Test func `nothing that a record or a link leads to is packed`() async throws {
    let store = TestStore()
    try store.write("a secret", to: "secret_1.py")
    let outside = store.path("secret_1.py")
    try store.add(
      "1",
      record: [
        "experiment": [
          "name": "e",
          "sources": [["a", .text(outside)], ["b", "../secret_1.py"], ["c", "_sources/l"]],
        ]
      ])
    try FileManager.default.createDirectory(
      atPath: store.path("runs/_sources"), withIntermediateDirectories: true)
    for link in ["runs/_sources/l", "runs/1/link"] {
      try FileManager.default.createSymbolicLink(
        atPath: store.path(link), withDestinationPath: outside)
    }
    let end = try await GrailProgram.run(["export", "archive", "1", "-o", "x.tar"], in: store)
    #expect(end.exitCode == 0)
    #expect(end.errors.contains("'_sources/secret_1.py' is not in the store"))
    #expect(end.errors.contains("'_sources/l' is not packed: it is a link"))
    #expect(end.errors.contains("'1/link' is not packed: it is a link"))
    let bytes = try Data(contentsOf: URL(filePath: store.path("x.tar")))
    #expect(bytes.range(of: Data("a secret".utf8)) == nil)
  }

  @Test func `an archive goes through a pipe`() async throws {
    let store = try await store()
    let end = try await GrailProgram.run(
      ["-c", "\(GrailProgram.folder)/grail export archive 1 -o - > y"], in: store, as: "/bin/sh")
    #expect(end.exitCode == 0, "\(end.errors)")
    let imported = try await GrailProgram.run(["import", "y", "-F", "other"], in: store)
    #expect(imported.lines.last == "imported 1, there before 0")
  }

  @Test(
    arguments: [
      (["export", "archive", "-o", "x.rar"], 64, "ends in none of .tar.gz, .tgz, .tar, .zip"),
      (["export", "archive", "9", "-o", "x.zip"], 66, "there is no run '9'"),
      (["export", "archive", "-o", "no/such/x.zip"], 73, "cannot be created"),
      (["export", "archive"], 64, "--output"),
      (["export", "runs", "-o", "x.tgz"], 64, "export archive"),
      (["import", "nothing.zip"], 66, "there is no such file"),
      (["import", "runs"], 66, "it is a folder"), (["import"], 64, "file"),
      (["import", "x", "--max-size", "much"], 64, "max-size"),
    ] as [([String], Int32, String)])
  func `a mistake is told`(words: [String], code: Int32, message: String) async throws {
    let store = try await store()
    let end = try await GrailProgram.run(words, in: store)
    #expect(end.exitCode == code && end.errors.contains(message), "\(end.errors)")
    #expect(try await ids(store, in: "runs") == ["3", "2", "1"])
  }

  // MARK: - Hostile archives

  private static let record = Array(
    #"{"status": "COMPLETED", "command": "c", "experiment": {"name": "e", "sources": []}}"#.utf8)

  /// An archive with one good run, and something else before it.
  private static func archive(_ add: (inout TarBlocks) -> Void) -> [UInt8] {
    var blocks = TarBlocks()
    add(&blocks)
    blocks.add("runs/1/run.json", record)
    return blocks.archive
  }

  /// Imports an archive into a store that is not there yet, and sees to it that nothing is written
  /// anywhere else, and nothing left over.
  private func end(
    importing bytes: [UInt8], options: [String] = []
  ) async throws -> (end: GrailProgram.End, ids: [String]) {
    let store = TestStore()
    try Data(bytes).write(to: URL(filePath: store.path("x.tar")))
    let manager = FileManager.default
    let before = Set(try manager.subpathsOfDirectory(atPath: store.url.path))
    let end = try await GrailProgram.run(
      ["import", "x.tar", "-F", "runs/../other"] + options, in: store)
    let after = Set(try manager.subpathsOfDirectory(atPath: store.url.path))
      .subtracting(before).filter { !$0.hasPrefix("other/") && !$0.hasPrefix("cache") }
    #expect(after.subtracting(["other", "output", "errors"]) == [])
    // Where nothing is imported, there is no store either.
    #expect(manager.fileExists(atPath: store.path("other")) == (end.exitCode < 2))
    let own = (try? manager.contentsOfDirectory(atPath: store.path("other/.grail"))) ?? []
    #expect(!own.contains { $0.hasPrefix("incoming") })
    #expect(!end.errors.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    let ids = (try? manager.contentsOfDirectory(atPath: store.path("other"))) ?? []
    return (end, ids.filter { $0 != ".grail" }.sorted())
  }

  @Test(arguments: [
    ("../up", "outside of its folder"), ("/tmp/grail-hostile", "outside of its folder"),
    ("runs/../../up", "outside of its folder"), ("runs/1/../../../up", "outside of its folder"),
    ("runs/1/run.json", "is in it twice"), ("runs/1", "is in it twice"),
    ("\u{1B}[2J/../x", "outside of its folder"),
  ])
  func `a name that leads out, or is there twice, refuses all`(
    name: String, message: String
  ) async throws {
    let (end, ids) = try await end(importing: Self.archive { $0.add(name, [1]) })
    #expect(end.exitCode == 66 && ids == [], "\(end.errors)")
    #expect(end.errors.contains(message), "\(end.errors)")
    #expect(end.errors.split(separator: "\n").count == 1)
    #expect(access("/tmp/grail-hostile", F_OK) != 0)
  }

  @Test(
    arguments: [
      ("1", "/etc/passwd", "it is a hard link"), ("1", "runs/1/run.json", "it is a hard link"),
      ("2", "/etc/passwd", "it is a symbolic link"), ("2", "..", "it is a symbolic link"),
      ("3", "", "it is a device"), ("4", "", "it is a device"), ("6", "", "it is a pipe"),
      ("Q", "", "neither a file nor a folder"),
    ] as [(Character, String, String)])
  func `links and devices are left out, and said`(
    type: Character, link: String, message: String
  ) async throws {
    let (end, ids) = try await end(
      importing: Self.archive { $0.add("runs/1/x", type: type, link: link) })
    #expect(end.exitCode == 1 && ids == ["1"], "\(end.errors)")
    #expect(end.errors == "grail: 'runs/1/x' is left out: \(message)\n" || type == "Q")
    #expect(end.errors.contains(message))
  }

  @Test func `nothing is written through a link that an archive makes`() async throws {
    let (end, ids) = try await end(
      importing: Self.archive {
        $0.add("runs/1/out", type: "2", link: "/tmp")
        $0.add("runs/1/out/grail-hostile", [1])
      })
    #expect(end.exitCode == 1 && ids == ["1"])
    #expect(access("/tmp/grail-hostile", F_OK) != 0)
  }

  @Test func `names that steer a terminal or are no text are shown as text`() async throws {
    let (end, ids) = try await end(
      importing: Self.archive {
        $0.add("runs/a\u{1B}[31m\nb/run.json", Array("{}".utf8))
        $0.add(nameBytes: Array("runs/1/caf".utf8) + [0xE9], [1])
      })
    #expect(end.exitCode == 1 && ids == ["1", "a\u{1B}[31m\nb"], "\(end.errors)")
    #expect(!end.output.contains("\u{1B}"))
    #expect(end.errors.contains("its name is not UTF-8"))
  }

  @Test func `records about a name are read, and refused like any`() async throws {
    let (good, ids) = try await end(
      importing: Self.archive {
        $0.add(records: [("path", "runs/2/run.json")])
        $0.add("short", Array("{\"status\": \"FAILED\"}".utf8))
      })
    #expect(good.exitCode == 0 && ids == ["1", "2"], "\(good.errors)")
    for records in [[("path", "../../up")], [("GNU.sparse.major", "1")]] {
      let (bad, none) = try await end(
        importing: Self.archive {
          $0.add(records: records)
          $0.add("short", [1])
        })
      #expect(bad.exitCode == 66 && none == [])
    }
  }

  @Test func `a name without an end is not shown to its end`() async throws {
    let (end, ids) = try await end(
      importing: Self.archive {
        $0.add(records: [("path", String(repeating: "x", count: 100_000))])
        $0.add("short", [1])
      })
    #expect(end.exitCode == 66 && ids == [])
    #expect(end.errors.contains("too long a name") && end.errors.utf8.count < 500)
  }

  @Test(arguments: [
    ("77777777777", "too early"), ("-0000000001", "states no size"), ("99999999999", "no size"),
    ("zzzzzzzzzzz", "no size"),
  ])
  func `a size that is not true is refused`(size: String, message: String) async throws {
    let (end, ids) = try await end(
      importing: Self.archive { $0.add("runs/1/x", [1], size: size) },
      options: ["--max-size", "100GiB"])
    #expect(end.exitCode == 66 && ids == [])
    #expect(end.errors.contains(message), "\(end.errors)")
  }

  @Test func `what is damaged, cut off or no archive imports nothing`() async throws {
    let good = Self.archive { _ in }
    var damaged = good
    damaged[3] ^= 1
    for (bytes, message) in [
      (Array(good.prefix(600)), "too early"), (Array(good.dropLast(1024)), "too early"),
      (damaged, "neither a tar nor a zip"),
      (Array("hello\u{1B}[2J".utf8), "neither a tar nor a zip"),
      ([], "neither a tar nor a zip"), (TarBlocks().archive, "holds no run"),
    ] {
      let (end, ids) = try await end(importing: bytes)
      #expect(end.exitCode == 66 && ids == [])
      #expect(end.errors.contains(message), "\(end.errors)")
    }
  }

  @Test func `more than is allowed is refused before it fills the disk`() async throws {
    let bytes = Self.archive { $0.add("runs/1/x", [UInt8](repeating: 0, count: 1 << 20)) }
    let (end, ids) = try await end(importing: bytes, options: ["--max-size", "1MiB"])
    #expect(end.exitCode == 66 && ids == [])
    #expect(end.errors.contains("--max-size 100GiB"), "\(end.errors)")
    let (allowed, there) = try await self.end(importing: bytes, options: ["--max-size", "2MiB"])
    #expect(allowed.exitCode == 0 && there == ["1"])
  }

  @Test(
    .enabled(if: SystemProgram.exists("python3")),
    arguments: [
      ("z.writestr('../up', 'x')", "outside of its folder", 66),
      ("z.writestr('/abs', 'x')", "outside of its folder", 66),
      (
        "i = zipfile.ZipInfo('runs/1/l'); i.create_system = 3; i.external_attr = 0o120777 << 16; "
          + "z.writestr(i, '/etc/passwd')", "it is a symbolic link", 1
      ),
      ("z.writestr('runs/1/run.json', 'x')", "is in it twice", 66),
      ("z.writestr('runs/1/b', b'0' * 3000000, zipfile.ZIP_DEFLATED)", "unpacks to more than", 66),
      ("z.writestr('runs/1/b', b'0' * 3000, zipfile.ZIP_BZIP2)", "compressed by method 12", 66),
      (
        "z.start_dir += 0; z.writestr('runs/1/b', 'text'); z.filelist[-1].CRC ^= 1",
        "checksum is wrong", 66
      ),
      ("z.writestr('runs/1/b', 'text'); z.filelist[-1].file_size += 1", "another size", 66),
      ("z.writestr('runs/1/b', 'text'); z.filelist[-1].flag_bits |= 1", "is encrypted", 66),
      ("z.writestr('runs/1/b', 'text'); z.filelist[-1].header_offset = 5", "damaged", 66),
      ("z.writestr('runs/1/b', 'text'); z.filelist[-1].filename = 'runs/1/c'", "another name", 66),
    ] as [(String, String, Int32)])
  func `hostile zip archives are refused in one line`(
    line: String, message: String, code: Int32
  ) async throws {
    let folder = TestStore()
    let program = """
      import zipfile, warnings
      warnings.simplefilter('ignore')
      z = zipfile.ZipFile('x.zip', 'w')
      z.writestr('runs/1/run.json', '{"status": "COMPLETED"}')
      \(line)
      z.close()
      """
    #expect(try SystemProgram.run(["python3", "-c", program], in: folder.url.path).exitCode == 0)
    let bytes = Array(try Data(contentsOf: URL(filePath: folder.path("x.zip"))))
    let (end, ids) = try await end(importing: bytes, options: ["--max-size", "1MiB"])
    #expect(end.exitCode == code && ids == (code == 1 ? ["1"] : []), "\(end.errors)")
    #expect(end.errors.contains(message), "\(end.errors)")
    #expect(end.errors.split(separator: "\n").count == 1)
  }

  // MARK: - Hostile records

  @Test func `what a shared file's name tells of its content is checked`() async throws {
    let digest = String(repeating: "0", count: 32)
    let path = "_sources/main_\(digest).py"
    var blocks = TarBlocks()
    blocks.add("runs/\(path)", Array("evil".utf8))
    blocks.add(
      "runs/1/run.json",
      Array(
        """
        {"status": "COMPLETED", "command": "c", "experiment": {"name": "e",
         "sources": [["main.py", "\(path)"], ["p", "/etc/passwd"], ["q", "../../../etc/group"]]}}
        """.utf8))
    let (end, ids) = try await end(importing: blocks.archive)
    #expect(end.exitCode == 1 && ids == ["1"], "\(end.errors)")
    #expect(end.errors.contains("'\(path)' is left out: it has other content"))
    #expect(end.errors.contains("2 of its sources and resources are not in it"))
  }

  @Test func `an artifact that is not what was recorded is told`() async throws {
    let store = TestStore()
    try store.add(
      "1",
      record: ["artifacts": [["name": "a.bin", "filename": "a.bin"]], "grail": ["artifacts": []]])
    let live = try LiveRun("2", in: store)
    try store.write("right", to: "runs/2/a.bin")
    live.note(
      .artifact(
        ArtifactRecord(
          name: "a.bin", storedPath: "a.bin", byteCount: 5,
          sha256: FileDigest(of: Array("right".utf8)).sha256)))
    try live.end()
    _ = try await GrailProgram.run(["export", "archive", "2", "-o", "good.tar"], in: store)
    try store.write("wrong", to: "runs/2/a.bin")
    _ = try await GrailProgram.run(["export", "archive", "2", "-o", "bad.tar"], in: store)
    let good = try await GrailProgram.run(["import", "good.tar", "-F", "a"], in: store)
    #expect(good.exitCode == 0 && good.errors.isEmpty, "\(good.errors)")
    let bad = try await GrailProgram.run(["import", "bad.tar", "-F", "b"], in: store)
    #expect(bad.exitCode == 1)
    #expect(bad.errors == "grail: run 2: the artifact 'a.bin' is not what was recorded\n")
    #expect(try store.text("b/2/a.bin") == "wrong")
  }

  @Test func `files of one archive are not in the way of another`() async throws {
    let store = try await store()
    _ = try await GrailProgram.run(["export", "archive", "1", "-o", "x.zip"], in: store)
    let end = try await GrailProgram.run(
      ["import", "nothing.tar", "x.zip", "-F", "other"], in: store)
    #expect(end.exitCode == 66 && end.lines.last == "imported 1, there before 0")
    #expect(end.errors == "grail: 'nothing.tar' is not imported: there is no such file\n")
  }
}

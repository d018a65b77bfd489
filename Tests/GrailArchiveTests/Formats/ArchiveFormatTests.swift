import GrailRecord
import TestSupport
import Testing

@testable import GrailArchive

@Suite struct ArchiveFormatTests {
  @Test(arguments: ArchiveFormat.allCases)
  func `reads what it wrote`(format: ArchiveFormat) throws {
    let found = try ArchiveContent.read(try ArchiveContent.archive(format))
    #expect(found.files == ArchiveContent.files)
    #expect(found.others.map { $0.drop { $0 != "/" } } == ["/", "/no files/"])
  }

  @Test(arguments: ArchiveFormat.allCases)
  func `passes over what is not read`(format: ArchiveFormat) throws {
    let bytes = try ArchiveContent.archive(format)
    let limit = SizeLimit(ofArchive: Int64(bytes.count))
    var archive = try ArchiveFormat.open(MemorySource(bytes), limit: limit)
    var names: Set<String> = []
    while let member = try archive.next() {
      if member.kind == .file { names.insert(member.name) }
      if member.name.utf8.count.isMultiple(of: 2) { _ = try archive.read() }
    }
    #expect(names == Set(ArchiveContent.files.keys))
  }

  @Test(arguments: [
    ("a/runs.tar.gz", ArchiveFormat.tgz, "runs"), ("RUNS.TGZ", .tgz, "RUNS"),
    ("x.y.tar", .tar, "x.y"),
    ("3.zip", .zip, "3"), ("runs.gz", nil, "runs.gz"), ("tar", nil, "tar"), (".zip", .zip, ""),
  ])
  func `a file's name says the format`(name: String, format: ArchiveFormat?, stem: String) {
    #expect(ArchiveFormat(ofFile: name) == format)
    #expect(ArchiveFormat.stem(ofFile: name) == stem)
  }

  @Test(
    arguments: [
      ([], "neither a tar nor a zip"), (Array("hello".utf8), "neither a tar nor a zip"),
      ([0x28, 0xB5, 0x2F, 0xFD, 1, 2], "in the form of zstd"), (Array("BZh91".utf8), "bzip2"),
      (Array("PK".utf8), "no directory at its end"), ([0x1F, 0x8B], "ends in the middle"),
    ] as [([UInt8], String)])
  func `what is no archive is told`(bytes: [UInt8], message: String) {
    let error = #expect(throws: ArchiveError.self) { try ArchiveContent.read(bytes) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test func `more members than 16 bits count`() throws {
    let files = Dictionary(
      (0..<66_000).map { ("f/\($0)", [UInt8]()) }, uniquingKeysWith: { $1 })
    let bytes = try ArchiveContent.archive(.zip, of: files)
    #expect(try ArchiveContent.read(bytes).files.count == 66_000)
    guard SystemProgram.exists("python3") else { return }
    let folder = try TestFolder()
    try folder.write(bytes, to: "many.zip")
    let count = try SystemProgram.run(
      ["python3", "-c", "import zipfile; print(len(zipfile.ZipFile('many.zip').namelist()))"],
      in: folder.path)
    #expect(count.output == "66002\n")
  }

  @Test func `a size beyond 8 GiB stands in a record`() throws {
    let member = ArchiveMember(name: "great", kind: .file, byteCount: 9 << 30)
    let header = TarWriter.headers(of: member)
    var reader = TarReader(ByteStream(of: MemorySource(header)))
    #expect(try reader.next()?.byteCount == 9 << 30)
    guard SystemProgram.exists("python3") else { return }
    let folder = try TestFolder()
    try folder.write(header, to: "great.tar")
    let found = try SystemProgram.run(
      ["python3", "-c", "import tarfile; print(tarfile.open('great.tar').firstmember.size)"],
      in: folder.path)
    #expect(found.output == "\(9 << 30)\n")
  }

  // MARK: - Others' programs

  private static let names = ArchiveContent.files.keys.sorted()

  /// Prints each file of an archive with the digest of its content.
  private static let reader = """
    import sys, tarfile, zipfile, hashlib
    path = sys.argv[1]
    if path.endswith('.zip'):
        archive = zipfile.ZipFile(path)
        assert archive.testzip() is None
        files = {m.filename: archive.read(m) for m in archive.infolist() if not m.is_dir()}
    else:
        archive = tarfile.open(path)
        files = {m.name: archive.extractfile(m).read() for m in archive if m.isfile()}
    for name in sorted(files, key=lambda n: n.encode()):
        print(ascii(name), hashlib.md5(files[name]).hexdigest())
    """

  @Test(.enabled(if: SystemProgram.exists("python3")), arguments: ArchiveFormat.allCases)
  func `Python reads what is written`(format: ArchiveFormat) throws {
    let folder = try TestFolder()
    let name = "x.\(format == .tgz ? "tar.gz" : format.rawValue)"
    try folder.write(try ArchiveContent.archive(format), to: name)
    let found = try SystemProgram.run(["python3", "-c", Self.reader, name], in: folder.path)
    let digests = Self.names.map {
      FileDigest.hexadecimal(FileDigest.md5(of: ArchiveContent.files[$0] ?? []))
    }
    let lines = found.output.split(separator: "\n")
    #expect(lines.map { $0.split(separator: " ").last.map(String.init) } == digests)
    #expect(found.exitCode == 0, "\(found.output)")
  }

  @Test(arguments: [
    ("tar", ["tar", "xf", "x.tar"], ArchiveFormat.tar), ("tar", ["tar", "xzf", "x.tar"], .tgz),
    ("unzip", ["unzip", "-q", "x.tar"], .zip),
  ])
  func `the system's programs unpack what is written`(
    program: String, words: [String], format: ArchiveFormat
  ) throws {
    guard SystemProgram.exists(program) else { return }
    let folder = try TestFolder()
    // unzip rewrites a name with a line feed.
    let files = ArchiveContent.files.filter { format != .zip || !$0.key.contains("\n") }
    try folder.write(try ArchiveContent.archive(format, of: files), to: "x.tar")
    let end = try SystemProgram.run(words, in: folder.path)
    #expect(end.exitCode == 0, "\(end.output)")
    for (name, content) in files { #expect(try folder.bytes(name) == content, "\(name)") }
  }

  @Test(arguments: [
    ["tar", "cf", "x", "top"], ["tar", "czf", "x", "top"], ["tar", "cf", "x", "./top"],
    ["tar", "--format=gnu", "-cf", "x", "top"], ["tar", "--format=pax", "-czf", "x", "top"],
    ["zip", "-qr", "x.zip", "top"], ["zip", "-qr0", "x.zip", "top"],
    [
      "python3", "-c",
      "import shutil; shutil.make_archive('x', 'zip', '.', 'top')",
    ],
    [
      "python3", "-c",
      "import tarfile; t = tarfile.open('x', 'w:gz', format=tarfile.GNU_FORMAT); t.add('top'); t.close()",
    ],
    [
      "python3", "-c",
      """
      import zipfile, os
      with zipfile.ZipFile('x.zip', 'w', zipfile.ZIP_DEFLATED) as z:
          for folder, _, names in os.walk('top'):
              for name in names:
                  path = os.path.join(folder, name)
                  with z.open(zipfile.ZipInfo(path), 'w', force_zip64=True) as f:
                      f.write(open(path, 'rb').read())
      """,
    ],
    ["sh", "-c", "tar cf y top && gzip < y > x && printf '\\0\\0' >> x"],
    ["sh", "-c", "tar cf y top && head -c 1000 y | gzip > x && tail -c +1001 y | gzip >> x"],
  ])
  func `reads what others' programs write`(words: [String]) throws {
    guard SystemProgram.exists(words[0]) else { return }
    let folder = try TestFolder()
    for (name, content) in ArchiveContent.files { try folder.write(content, to: name) }
    let end = try SystemProgram.run(words, in: folder.path)
    #expect(end.exitCode == 0, "\(end.output)")
    let found = try ArchiveContent.read(folder.bytes(folder.names.contains("x") ? "x" : "x.zip"))
    let files = Dictionary(
      found.files.map { ($0.hasPrefix("./") ? String($0.dropFirst(2)) : $0, $1) },
      uniquingKeysWith: { $1 })
    #expect(files == ArchiveContent.files)
  }
}

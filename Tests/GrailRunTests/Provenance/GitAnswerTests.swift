import Foundation
import GrailCore
import GrailRecord
import TestSupport
import Testing

@testable import GrailRun

@Suite struct GitAnswerTests {
  private let folder = TestFolder()

  @Test func `reads every kind of record`() throws {
    let hashes = "100644 100644 100644 1111 2222"
    let text = [
      "# branch.oid c0ffee", "# branch.head main", "# branch.upstream origin/main",
      "# branch.ab +1 -0", "1 .M N... \(hashes) a file.swift",
      "2 R. N... \(hashes) R100 new name.txt", "old name.txt",
      "u UU N... 100644 100644 100644 100644 1 2 3 both.swift", "? new.swift", "? folder/",
      "! ignored",
    ].joined(separator: "\0")
    let status = try #require(GitStatus(Array(text.utf8)))
    #expect(status.commit == "c0ffee" && status.branch == "main")
    #expect(status.changed == ["a file.swift", "new name.txt", "both.swift"])
    #expect(status.moved == ["new name.txt": "old name.txt"])
    #expect(status.untracked == ["new.swift", "folder/"])
    #expect(status.isUntracked("folder/x/y.swift") && status.isUntracked("new.swift"))
    #expect(!status.isUntracked("new.swift2") && !status.isUntracked("folder2/x"))
  }

  @Test(arguments: ["", "1 .M", "fatal: not a git repository\n", "2 R. N..."])
  func `what is no answer is none`(text: String) { #expect(GitStatus(Array(text.utf8)) == nil) }

  @Test func `a folder without a commit and without a branch has neither`() throws {
    let status = try #require(
      GitStatus(Array("# branch.oid (initial)\0# branch.head (detached)\0".utf8)))
    #expect(status.commit == nil && status.branch == nil)
  }

  @Test(arguments: 0..<200)
  func `any bytes are read without harm`(seed: Int) {
    var bytes = Array("# branch.oid c\0001 .M N... 1 2 3 4 5 a\0002 R. 1 2 3 4 5 6 7 8 b\0c".utf8)
    for _ in 0..<(seed % 12) {
      bytes[Int.random(in: bytes.indices)] = [0, 32, 35, 50, 117, 255].randomElement() ?? 0
    }
    if let status = GitStatus(bytes) { #expect(status.changed.count <= 4) }
  }

  @Test(arguments: [
    ".env", "config/.env", ".ssh/id", "deploy.pem", "prod.env", "id_rsa.pub", "Secrets.swift",
    "credentials.json",
  ])
  func `leaves out files that may hold secrets`(path: String) {
    #expect(SecretFiles.contains(path))
  }

  @Test(arguments: ["main.swift", "Sources/Keys/Key.swift", "environment.swift"])
  func `keeps other files`(path: String) { #expect(!SecretFiles.contains(path)) }

  @Test func `git applies the difference that adds files`() throws {
    let contents = [
      "plain.swift": "let a = 1\nlet b = 2\n", "with space.swift": "x\n", "none": "no break",
      "empty.swift": "", "quote\"back\\slash.swift": "y\n\n", "ümlaut.swift": "ü\r\n",
      "tab\tname": "t", "deep/er/file.swift": "\n",
    ]
    var patch: [UInt8] = []
    for (name, text) in contents.sorted(by: { $0.key < $1.key }) {
      patch += try #require(NewFilePatch.bytes(path: name, content: Array(text.utf8)))
    }
    try Data(patch).write(to: URL(filePath: folder.path("all.diff")))
    try FileManager.default.createDirectory(
      atPath: folder.path("repository"), withIntermediateDirectories: true)
    try folder.git("init", "-q", in: "repository")
    try folder.git("apply", folder.path("all.diff"), in: "repository")
    for (name, text) in contents { #expect(try folder.text("repository/\(name)") == text) }
    #expect(NewFilePatch.bytes(path: "binary", content: [1, 0, 2]) == nil)
  }

  @Test func `describes graphics processors as Sacred does`() {
    let text = """
      535.104.05, NVIDIA H100 80GB HBM3, 81559, Enabled
      535.104.05, NVIDIA A30, [N/A], Disabled

      """
    #expect(
      GraphicsProcessors.parse(text) == [
        "driver_version": "535.104.05",
        "gpus": [
          ["model": "NVIDIA H100 80GB HBM3", "total_memory": 81559, "persistence_mode": true],
          ["model": "NVIDIA A30", "total_memory": nil, "persistence_mode": false],
        ],
      ])
    #expect(GraphicsProcessors.parse("No devices were found\n") == nil)
  }
}

import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@testable import GrailRun

@Suite(.timeLimit(.minutes(2))) struct RepositoryTests {
  private let folder = TestFolder()

  @Test func `a clean repository is its commit, branch and remote`() throws {
    let program = try Program(in: folder)
    try folder.git(
      "remote", "add", "origin", "https://user:S3CRET@example.org/lab.git", in: "app")
    let commit = try folder.git("rev-parse", "HEAD", in: "app").prefix { $0 != "\n" }
    let record = try program.run()
    let expected: Value = [
      "url": "https://example.org/lab.git", "commit": .text(String(commit)), "dirty": false,
    ]
    #expect(record.experiment.repositories.map(Value.map) == [expected])
    let tree = try #require(record.workingTrees.first)
    #expect(tree.branch == "main" && tree.folder == folder.path("app"))
    #expect(tree.storedChanges == nil && tree.untracked.isEmpty && tree.omitted.isEmpty)
    let stored = try program.json()["experiment"]?["repositories"]?.listValue?.first?.mapValue
    #expect(stored?.count == 3 && stored?.allSatisfy { $0.value == expected[$0.key] } == true)
    #expect(try RunReader(directory: folder.path("runs/1")).record == record)
    #expect(try folder.files(holding: "S3CRET") == ["app/.git/config"])
  }

  @Test func `changes are kept once, and git makes them again from the commit`() throws {
    let program = try Program(in: folder)
    try folder.write("print(2)\n", to: "app/Sources/app/main.swift")
    try folder.write("let new = 1\n", to: "app/Sources/app/new file.swift")
    try folder.write("notes", to: "app/notes.txt")
    let binary = [UInt8](0...255)
    try Data(binary).write(to: URL(filePath: folder.path("app/data.bin")))
    try folder.git("add", "data.bin", in: "app")
    let record = try program.run()
    let tree = try #require(record.workingTrees.first)
    #expect(tree.isDirty && tree.untracked == ["Sources/app/new file.swift"])
    let stored = try #require(tree.storedChanges)
    #expect(try program.run().workingTrees.first?.storedChanges == stored)

    try folder.git("clone", "-q", folder.path("app"), folder.path("again"))
    try folder.git("apply", folder.path("runs/\(stored)"), in: "again")
    for name in ["Sources/app/main.swift", "Sources/app/new file.swift"] {
      #expect(try folder.text("again/\(name)") == folder.text("app/\(name)"))
    }
    #expect(try WholeFile.read(folder.path("again/data.bin")) == binary)
    #expect(!FileManager.default.fileExists(atPath: folder.path("again/notes.txt")))
  }

  @Test func `no secret of a hidden file comes into a record`() throws {
    let program = try Program(in: folder, isCommitted: false)
    for name in [".env", "prod.env", "deploy.pem", "moved.env"] {
      try folder.write("A=1\n", to: "app/\(name)")
    }
    try program.commit()
    for name in [".env", "prod.env", "deploy.pem", "Sources/app/.env"] {
      try folder.write("A=S3CRET\n", to: "app/\(name)")
    }
    try folder.git("mv", "moved.env", "moved.txt", in: "app")
    try folder.write("print(3)\n", to: "app/Sources/app/main.swift")
    let tree = try #require(try program.run().workingTrees.first)
    #expect(tree.omitted == [".env", "deploy.pem", "moved.txt", "prod.env"])
    #expect(try program.content(#require(tree.storedChanges)).contains("print(3)"))
    #expect(try folder.files(holding: "S3CRET").allSatisfy { $0.hasPrefix("app/") })
  }

  @Test func `a repository without a commit has none`() throws {
    let program = try Program(in: folder, isCommitted: false)
    try folder.git("init", "-q", "-b", "main", in: "app")
    let tree = try #require(try program.run().workingTrees.first)
    #expect(tree.commit == nil && tree.branch == "main" && tree.url == "git:\(folder.path("app"))")
    #expect(tree.untracked == ["Package.swift", "Sources/app/main.swift"])
    #expect(try program.json()["experiment"]?["repositories"]?.listValue?.first?["commit"] == .null)
  }

  @Test func `a second working tree of a repository is one too`() throws {
    var program = try Program(in: folder)
    try folder.git("worktree", "add", "-q", "-b", "side", folder.path("side"), in: "app")
    program.declaredIn = folder.path("side/Sources/app/main.swift")
    let tree = try #require(try program.run().workingTrees.first)
    #expect(tree.branch == "side" && tree.folder == folder.path("side") && !tree.isDirty)
  }

  @Test func `nothing in the repository is changed or locked`() throws {
    let program = try Program(in: folder)
    // Git would refresh its index at the next chance, because the times differ.
    try folder.write("print(1)\n", to: "app/Sources/app/main.swift")
    let index = folder.path("app/.git/index")
    let before = try #require(FileIdentity(path: index))
    try program.run()
    #expect(FileIdentity(path: index) == before)
  }

  @Test func `a repository of a user's own manners is read all the same`() throws {
    let program = try Program(in: folder)
    for (name, value) in [
      ("status.showUntrackedFiles", "no"), ("diff.noprefix", "true"), ("diff.external", "false"),
      ("color.ui", "always"), ("diff.mnemonicPrefix", "true"), ("core.fsmonitor", "false-program"),
      ("core.pager", "false"), ("status.branch", "false"), ("diff.relative", "true"),
    ] {
      try folder.git("config", name, value, in: "app")
    }
    try folder.write("print(2)\n", to: "app/Sources/app/main.swift")
    try folder.write("", to: "app/Sources/app/new.swift")
    let tree = try #require(try program.run().workingTrees.first)
    #expect(tree.untracked == ["Sources/app/new.swift"])
    let changes = try program.content(#require(tree.storedChanges))
    #expect(changes.hasPrefix("diff --git a/Sources/app/main.swift b/Sources/app/main.swift\n"))
  }

  // MARK: - Before a run

  @Test func `the state of the code is known without a run`() throws {
    let program = try Program(in: folder)
    func state() -> RepositoryState { ProgramCode(declaredIn: program.declaredIn).repositoryState }
    guard case .clean(let tree) = state() else {
      Issue.record("it should be clean: \(state())")
      return
    }
    #expect(tree.branch == "main")
    try folder.write("", to: "app/notes.txt")
    guard case .clean = state() else {
      Issue.record("a file that is no source does not count: \(state())")
      return
    }
    try folder.write("", to: "app/Sources/app/new.swift")
    try folder.write("print(2)\n", to: "app/Sources/app/main.swift")
    guard case .dirty(_, let changes) = state() else {
      Issue.record("it should be dirty: \(state())")
      return
    }
    #expect(changes == ["Sources/app/main.swift", "Sources/app/new.swift"])
  }

  @Test func `code without version control has no state`() throws {
    let program = try Program(in: folder, isCommitted: false)
    let code = ProgramCode(declaredIn: program.declaredIn)
    #expect(code.repositoryState == .none && code.baseDirectory == folder.path("app"))
    #expect(code.sources.map(\.path) == ["Package.swift", "Sources/app/main.swift"])
    #expect(code.sources.last?.md5 == FileDigest(of: Array("print(1)\n".utf8)).md5)
    #expect(ProgramCode(declaredIn: nil).repositoryState == .none)
  }

  @Test func `a package that only depends on others under version control has no state`() {
    let tree = WorkingTreeRecord(
      folder: "/lib", url: "git:/lib", commit: "1", branch: "main", isDirty: false)
    var code = ProgramCode(declaredIn: nil)
    code.repositories = [.clean(tree)]
    #expect(code.repositoryState == .none)
    code.repositories = [.dirty(tree, changes: ["a.swift"])]
    #expect(code.repositoryState == .dirty(tree, changes: ["a.swift"]))
  }

  @Test func `a repository that git refuses is unknown`() throws {
    let program = try Program(in: folder)
    try folder.write("nonsense", to: "app/.git/HEAD")
    guard case .unknown = ProgramCode(declaredIn: program.declaredIn).repositoryState else {
      Issue.record("git cannot read it")
      return
    }
    #expect(try program.run().workingTrees.isEmpty)
  }
}

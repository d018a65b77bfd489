import Foundation
import GrailCore
import OrderedCollections
import TestSupport
import Testing

/// What people add to runs, the trash, copies and the doctor, each as a program.
@Suite struct KeepCommandTests {
  private func store() throws -> TestStore {
    let store = TestStore()
    for number in 1...3 {
      try store.add("\(number)", at: number, config: ["layers": .int(Int64(number))])
    }
    return store
  }

  private func ids(_ store: TestStore, _ words: [String] = []) async throws -> [String] {
    let end = try await GrailProgram.run(["ls", "--csv", "-c", "status"] + words, in: store)
    return end.lines.dropFirst().map { String($0.prefix { $0 != "," }) }
  }

  @Test func `tags, notes and names are found again`() async throws {
    let store = try store()
    let tagged = try await GrailProgram.run(["tag", "last", "best", "a b"], in: store)
    #expect(tagged.exitCode == 0 && tagged.output == "run 3: a b, best\n")
    _ = try await GrailProgram.run(["tag", "1-2", "slow"], in: store)
    _ = try await GrailProgram.run(["note", "1", "two\nlines"], in: store)
    _ = try await GrailProgram.run(["rename", "layers == 2", "second"], in: store)
    #expect(try await ids(store, ["\"slow\" in tags"]) == ["2", "1"])
    #expect(try await ids(store, ["name == \"second\" or note =~ \"lines\""]) == ["2", "1"])
    _ = try await GrailProgram.run(["tag", "1", "--remove", "slow"], in: store)
    _ = try await GrailProgram.run(["rename", "2"], in: store)
    #expect(try await ids(store, ["\"slow\" in tags"]) == ["2"])
    #expect(try await ids(store, ["name == \"second\""]) == [])
    // What a terminal would act on is spelled out.
    let note = try await GrailProgram.run(["note", "1"], in: store)
    #expect(note.output == "run 1: two\\nlines\n")
    let files = try FileManager.default.contentsOfDirectory(
      atPath: store.path("runs/.grail/changes"))
    #expect(files.count == 6)
  }

  @Test func `runs go to the trash, come back, and go for good`() async throws {
    let store = try store()
    #expect(try await GrailProgram.run(["rm", "1", "layers == 3"], in: store).exitCode == 0)
    #expect(try await ids(store) == ["2"])
    let listed = try await GrailProgram.run(["restore"], in: store)
    #expect(listed.lines.dropFirst().map { $0.split(separator: " ").first } == ["1", "3"])
    #expect(try await GrailProgram.run(["restore", "3"], in: store).exitCode == 0)
    #expect(try await ids(store) == ["3", "2"])
    let dry = try await GrailProgram.run(["purge", "--dry-run"], in: store)
    #expect(dry.output == "would remove run 1 for good\n")
    let young = try await GrailProgram.run(["purge", "--older-than", "1d"], in: store)
    #expect(young.output == "there is nothing to remove\n")
    #expect(try await GrailProgram.run(["purge"], in: store).output == "removed run 1 for good\n")
    let gone = try await GrailProgram.run(["restore", "1"], in: store)
    #expect(gone.exitCode == 66 && gone.errors.contains("there is no run '1' in the trash"))
  }

  @Test(
    arguments: [
      (["rm", "9"], 66, "there is no run '9'"), (["rm", "7-9"], 1, "no run matches '7-9'"),
      (["rm", "last~3"], 66, "the store has 3 runs"),
      (["rm", "last~9223372036854775807"], 64, "^"), (["rm", ""], 64, "'' names no run"),
      (["rm", "b/rnus/7/"], 66, "there is no run '7' in b/rnus;"), (["rm", "layers ="], 64, "^"),
      (["rm", "layers == 9"], 1, "no run matches"), (["rm"], 64, "run"),
      (["tag", "1"], 64, "name a tag"), (["purge", "--older-than", "soon"], 64, "30d"),
      (["copy", "runs", "runs"], 64, "where they are"), (["copy", "nowhere", "x"], 66, "no store"),
      (["rm", "../runs"], 66, "there is no run 'runs' in .."),
      (["restore", "../../runs/1"], 66, "there is no run"),
    ] as [([String], Int32, String)])
  func `a mistake is told, and nothing is changed`(
    words: [String], code: Int32, message: String
  ) async throws {
    let store = try store()
    let end = try await GrailProgram.run(words, in: store)
    #expect(end.exitCode == code, "\(end.errors)")
    #expect(end.errors.contains(message), "\(end.errors)")
    #expect(try await ids(store) == ["3", "2", "1"])
  }

  @Test func `copies what is not there yet, under ids that are free`() async throws {
    let store = try store()
    let (from, to) = (store.runs, store.path("other"))
    let first = try await GrailProgram.run(["copy", from, to, "1-2", "--verify"], in: store)
    #expect(first.exitCode == 0 && first.lines.last == "copied 2, there before 0")
    try FileManager.default.createDirectory(
      atPath: to + "/3", withIntermediateDirectories: true)
    let second = try await GrailProgram.run(["copy", from, to, "--verify"], in: store)
    #expect(second.lines.contains("copied run 3 as 4"))
    #expect(second.lines.last == "copied 1, there before 2")
    try Data("{}".utf8).write(to: URL(filePath: to + "/1/config.json"))
    let third = try await GrailProgram.run(["copy", from, to, "1", "--verify"], in: store)
    #expect(third.exitCode == 1 && third.errors.contains("config.json has other content"))
  }

  @Test func `the doctor says what is damaged, and ends with 1`() async throws {
    let store = try store()
    let well = try await GrailProgram.run(["doctor"], in: store)
    #expect(well.exitCode == 0 && well.output == "looked at 3 runs: all is well\n")
    try store.write("{\"layers\": ", to: "runs/2/config.json")
    try store.write("", to: "runs/half\u{1B}[31m/cout.txt")
    let ill = try await GrailProgram.run(["doctor"], in: store)
    #expect(ill.exitCode == 1 && !ill.output.contains("\u{1B}"))
    #expect(ill.lines.contains { $0.hasPrefix("damaged: run 2: config.json: line 1, column 12") })
    #expect(ill.lines.last == "looked at 4 runs: 2 damaged")
    // All else is shown.
    #expect(try await ids(store) == ["3", "2", "1"])
  }

  @Test func `reading anew gives the same answers as the index`() async throws {
    let store = try store()
    _ = try await GrailProgram.run(["tag", "2", "best"], in: store)
    for words in [
      [], ["--json"], ["\"best\" in tags"], ["--sort=-layers", "--csv"], ["layers > 1"],
    ] {
      let one = try await GrailProgram.run(["ls"] + words, in: store)
      let other = try await GrailProgram.run(["ls", "--no-index"] + words, in: store)
      #expect(one.output == other.output && one.exitCode == other.exitCode)
    }
  }
}

import Foundation
import GrailCore
import GrailRecord
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct ExperimentMainTests {
  let folder = TestFolder()

  private func run(
    _ experiment: String, _ arguments: [String] = [], environment: [String: String] = [:]
  ) async throws -> ProgramEnd {
    try await TestProgram.run(experiment, arguments, in: folder, environment: environment)
  }

  // MARK: - What a program says

  @Test func `a run says what Sacred's says, and leaves standard output to the program`()
    async throws
  {
    let end = try await run("quick")
    #expect(end.exitCode == 0)
    #expect(end.output == "the experiment's own output\n")
    #expect(
      end.messages.prefix(3) == [
        "Running command 'run'", "Started run with ID \"1\"", "Result: 0.5",
      ])
    #expect(end.messages.count == 4)
    #expect(end.messages.last?.wholeMatch(of: /Completed after 0:0\d:\d\d/) != nil)
    #expect(try folder.json("runs/1/run.json")["status"] == "COMPLETED")
  }

  @Test(arguments: [
    ("50", 0), ("ERROR", 0), ("warning", 0), ("INFO", 4), ("10", 4),
  ])
  func `a level decides what is shown`(level: String, count: Int) async throws {
    let end = try await run("quick", ["-l", level])
    #expect(end.exitCode == 0 && end.messages.count == count)
  }

  @Test func `help goes to standard output and creates nothing`() async throws {
    let end = try await run("quick", ["--help"])
    #expect(end.exitCode == 0 && end.errors.isEmpty)
    #expect(end.output.hasPrefix("USAGE: test-experiments [COMMAND] [with UPDATE ...] [options]\n"))
    #expect(end.output.contains("  b.path  String               data.csv\n"))
    #expect(folder.names().isEmpty)
  }

  // MARK: - Configuration and options

  @Test func `updates and options reach the record`() async throws {
    let end = try await run(
      "quick",
      [
        "with", "a=3", "b.c=5", "kind=fancy", "seed=9", "-F", "store", "--id", "first try",
        "--name", "mine",
        "--comment=a \"comment\"", "-b", "90s",
      ])
    #expect(end.exitCode == 0)
    #expect(folder.names() == ["store"])
    #expect(
      try folder.json("store/first try/config.json") == [
        "a": 3, "b": ["c": 5, "path": "data.csv"], "kind": "fancy", "rate": 0.1, "seed": 9,
      ])
    let run = try folder.json("store/first try/run.json")
    #expect(run["experiment"]?["name"] == "mine")
    #expect(run["meta"]?["comment"] == "a \"comment\"")
    #expect(
      run["meta"]?["config_updates"] == ["a": 3, "b.c": 5, "kind": "fancy", "seed": 9])
    #expect(run["meta"]?["options"]?["--beat-interval"] == 90.0)
    #expect(run["meta"]?["options"]?["--file_storage"] == "store")
    #expect(run["meta"]?["options"]?["UPDATE"] == ["a=3", "b.c=5", "kind=fancy", "seed=9"])
  }

  @Test(arguments: [
    ["-F", "here"], ["-Fhere"], ["--file-storage", "here"], ["--file-storage=here"],
    ["--file_storage", "here"], ["--file_storage=here"], ["-F", "files:here"],
    ["-F", "./x/../here"],
  ])
  func `a store is named in any spelling`(arguments: [String]) async throws {
    #expect(try await run("quick", arguments).exitCode == 0)
    #expect(folder.names() == ["here"] && folder.has("here/1/run.json"))
  }

  @Test func `everything that is wrong is said at once, before anything is created`() async throws {
    let end = try await run("quick", ["with", "a=x", "rat=3", "b.c=1.5", "kind=odd", "word"])
    #expect(end.exitCode == 64)
    #expect(end.output.isEmpty)
    #expect(folder.names().isEmpty)
    let lines = end.errorLines
    #expect(lines.count == 6 && lines.allSatisfy { $0.hasPrefix("test-experiments") })
    #expect(
      lines.first
        == "test-experiments: 'a' is Int, and 'x' is none; write a whole number such as a=1"
    )
    #expect(
      lines.contains("test-experiments: there is no entry 'rat'; did you mean 'rate'?"))
    #expect(lines.last == "test-experiments --help lists commands and entries.")
  }

  @Test(arguments: [
    ["stop"], ["a=3"], ["--beat-interval", "soon"], ["-l", "LOUD"], ["--idd", "3"], ["--id"],
    ["--id", ".hidden"], ["--id", "_sources"], ["--id", "a/b"], ["--id="],
  ])
  func `a wrong command line is a usage error with a clear line`(arguments: [String])
    async throws
  {
    let end = try await run("quick", arguments)
    #expect(end.exitCode == 64)
    #expect(end.output.isEmpty)
    #expect(folder.names().isEmpty)
    #expect(end.errorLines.first?.hasPrefix("test-experiments: ") == true)
  }

  // MARK: - Ids

  @Test func `an id that is taken stops the program and leaves the run as it is`() async throws {
    #expect(try await run("quick", ["--id", "7"]).exitCode == 0)
    let before = try folder.text("runs/7/run.json")
    let end = try await run("quick", ["--id", "7"])
    #expect(end.exitCode == 73 && end.output.isEmpty)
    #expect(
      end.errors
        == "test-experiments: the run's record: '\(folder.path("runs/7"))' cannot be created: "
        + "there is a run '7' already; choose another id, or none for the next number\n")
    #expect(try folder.text("runs/7/run.json") == before)
  }

  // Sacred's MongoDB observer fails for ever after one run with a text as its id.
  @Test func `ids that are texts and numbers of any size do not stop later runs`() async throws {
    for id in ["text", "5", "9223372036854775807", "99999999999999999999", "0012"] {
      #expect(try await run("quick", ["--id", id]).exitCode == 0)
    }
    let end = try await run("quick")
    #expect(end.messages.dropFirst().first == "Started run with ID \"13\"")
  }

  // MARK: - Failures

  @Test func `a run that fails is recorded, its error printed once, and the exit code is 1`()
    async throws
  {
    let end = try await run("failing")
    #expect(end.exitCode == 1)
    #expect(end.messages.last?.wholeMatch(of: /Failed after 0:0\d:\d\d!/) != nil)
    #expect(end.errors.components(separatedBy: "the part 'wheel' is broken").count == 2)
    #expect(end.errorLines.last == "test-experiments: the part 'wheel' is broken")
    let run = try folder.json("runs/1/run.json")
    #expect(run["status"] == "FAILED")
    #expect(run["result"] == .null)
    #expect(run["fail_trace"] == ["test_experiments.BrokenPart: the part 'wheel' is broken\n"])
    #expect(try folder.json("runs/1/metrics.json")["loss"]?["values"] == [1.5])
  }

  @Test func `an inner run that cannot be recorded fails the outer one`() async throws {
    let end = try await run("nested")
    #expect(end.exitCode == 1)
    #expect(try folder.json("runs/1/run.json")["status"] == "FAILED")
  }

  @Test(arguments: ["quick", "failing"])
  func `an unobserved run leaves nothing behind`(experiment: String) async throws {
    let end = try await run(
      experiment, ["-u"], environment: ["TMPDIR": folder.path])
    #expect(end.exitCode == (experiment == "quick" ? 0 : 1))
    #expect(folder.names().isEmpty)
    #expect(end.messages.dropFirst().first == "Started")
  }

  @Test func `a file where the store should be is no place for a record`() async throws {
    try folder.write("in the way", to: "runs")
    let end = try await run("quick")
    #expect(end.exitCode == 73 && end.output.isEmpty)
    #expect(
      end.errors
        == "test-experiments: the run's record: '\(folder.path("runs"))' cannot be created: Not a directory\n"
    )
  }

  @Test(
    .enabled(
      if: getuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv"),
      "needs root and setpriv, to give up the right to write"),
    arguments: [true, false])
  func `a store without permission is no place for a record`(exists: Bool) async throws {
    if exists { #expect(try await run("quick").exitCode == 0) }
    let end = try await TestProgram.run(
      "quick", in: folder,
      launcher: [
        "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
        "--bounding-set=-all",
      ])
    let place = exists ? "runs/2" : "runs"
    #expect(end.exitCode == 73 && end.output.isEmpty)
    #expect(
      end.errors
        == "test-experiments: the run's record: '\(folder.path(place))' cannot be created: "
        + "Permission denied\n")
    #expect(folder.names(in: "runs") == (exists ? [".grail", "1", "_sources"] : []))
  }

  // MARK: - Which store

  @Test func `the store is the named one, the environment's, the nearest one upward, or here`()
    async throws
  {
    let elsewhere = ["GRAIL_STORE": folder.path("elsewhere")]
    #expect(try await run("quick", ["-F", "named"], environment: elsewhere).exitCode == 0)
    #expect(folder.names() == ["named"])
    #expect(try await run("quick", environment: elsewhere).exitCode == 0)
    #expect(folder.names() == ["elsewhere", "named"])
    #expect(try await run("quick", environment: ["GRAIL_STORE": ""]).exitCode == 0)
    #expect(folder.names(in: "runs") == [".grail", "1", "_sources"])
    // From a folder below, past a folder of the same name that is no store.
    try folder.write("", to: "below/runs/note")
    try folder.write("", to: "below/deeper/note")
    let inside = try await TestProgram.run(
      "quick", in: folder,
      launcher: ["/usr/bin/env", "-C", folder.path("below/deeper")])
    #expect(inside.exitCode == 0)
    #expect(folder.names(in: "runs") == [".grail", "1", "2", "_sources"])
  }
}

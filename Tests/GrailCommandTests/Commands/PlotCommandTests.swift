import Foundation
import GrailCore
import GrailRecord
import OrderedCollections
import TestSupport
import Testing

@Suite struct PlotCommandTests {
  private func store() throws -> TestStore {
    let store = TestStore()
    for (id, rate) in [("1", 0.5), ("2", 0.25)] {
      try store.add(
        id, at: Int(id) ?? 0, config: ["lr": .double(rate), "seed": 1],
        metrics: [
          "loss": (0..<40).map { 1 / (1 + rate * Double($0)) },
          "accuracy": (0..<40).map { Double($0) / 40 },
        ])
    }
    try store.add("3", at: 3, config: ["lr": 1, "seed": 1], metrics: ["loss": [.nan]])
    return store
  }

  @Test func `the last run's metrics are drawn, a chart each`() async throws {
    let end = try await GrailProgram.run(["plot", "2"], in: try store())
    #expect(end.exitCode == 0)
    #expect(
      end.lines.filter { $0.hasSuffix(" of run 2") } == ["accuracy of run 2", "loss of run 2"])
    #expect(end.lines.allSatisfy { $0.count <= 80 })
  }

  @Test func `runs share a chart, named by what differs`() async throws {
    let end = try await GrailProgram.run(["plot", "1-2", "-m", "loss"], in: try store())
    #expect(end.lines.first == "loss")
    #expect(end.lines.last == "A 1 lr=0.5   B 2 lr=0.25")
  }

  @Test func `metrics with a comma share a chart`() async throws {
    let end = try await GrailProgram.run(["plot", "1", "-m", "loss,accuracy"], in: try store())
    #expect(end.lines.first == "loss, accuracy of run 1")
    #expect(end.lines.last == "A loss   B accuracy")
  }

  @Test func `a picture goes to a file and holds every chart`() async throws {
    let store = try store()
    let end = try await GrailProgram.run(
      ["plot", "1", "2", "-o", "a.svg", "--smooth", "0.5", "--x", "time", "--log-y"], in: store)
    #expect(end.exitCode == 0)
    #expect(end.output.isEmpty)
    let svg = try store.text("a.svg")
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    for text in [">accuracy<", ">loss<", ">1 lr=0.5<", ">time<"] { #expect(svg.contains(text)) }
  }

  @Test func `a run without numbers is named, and the others drawn`() async throws {
    let end = try await GrailProgram.run(["plot", "1", "3", "-m", "loss"], in: try store())
    #expect(end.exitCode == 0)
    #expect(end.errors == "grail: no number in 'loss' of run 3\n")
  }

  @Test(arguments: [
    (["loss"], 64, "'loss' is a metric: write 'grail plot last -m loss'"),
    (["1", "-m", "los"], 1, "no run has a metric 'los'; did you mean 'loss'?"),
    (["3"], 1, "there is nothing to draw: no metric of 3 has a number"),
    (
      ["1", "-m", "loss", "--x", "epoch"], 1,
      "no run has a metric 'epoch'; there are accuracy, loss"
    ),
    (["1", "--watch"], 64, "--watch draws on a terminal, and the output is none"),
    (["9"], 66, "there is no run '9' in"),
  ])
  func `what cannot be drawn is told`(
    arguments: [String], code: Int32, message: String
  ) async throws {
    let end = try await GrailProgram.run(["plot"] + arguments, in: try store())
    #expect(end.exitCode == code)
    #expect(end.errors.hasPrefix("grail: \(message)"))
    #expect(end.output.isEmpty)
  }

  @Test(arguments: [["--smooth", "1"], ["--smooth", "nan"], ["-o", "a.png"]])
  func `options that make no sense are refused`(options: [String]) async throws {
    let end = try await GrailProgram.run(["plot", "1"] + options, in: try store())
    #expect(end.exitCode == 64)
  }

  @Test func `names do not reach the terminal raw`() async throws {
    let store = TestStore()
    for id in ["1", "2"] {
      try store.add(
        id, config: ["a\u{1B}[31m": .text("\u{202E}\n\(id)")], metrics: ["l\u{1B}[2J\n": [1, 2]])
    }
    for options in [[], ["-o", "-"]] {
      let end = try await GrailProgram.run(["plot", "1", "2"] + options, in: store)
      #expect(end.exitCode == 0)
      #expect(!end.output.unicodeScalars.contains("\u{1B}"))
      #expect(options.isEmpty == !end.output.unicodeScalars.contains("<"))
    }
  }

  @Test(.timeLimit(.minutes(1))) func `new runs that the words mean are drawn`() throws {
    let store = TestStore()
    let values = (0..<20).map(Double.init)
    try store.add("1", config: ["lr": 1], metrics: ["loss": values])
    let terminal = try GrailTerminal(["plot", "lr > 0", "-m", "loss", "--watch"], in: store)
    try terminal.wait(for: "loss of run 1")
    try store.add("2", config: ["lr": 2], metrics: ["loss": values])
    try store.add("3", config: ["lr": 0], metrics: ["loss": values])
    try terminal.wait(for: "2 lr=2")
    #expect(try !terminal.wait(for: "1 lr=1").contains("lr=0"))
    terminal.interrupt()
    #expect(try terminal.end().code == 0)
  }

  @Test(.timeLimit(.minutes(1))) func `what is not there yet is waited for`() throws {
    let store = TestStore()
    try store.add("1", metrics: ["loss": [1, 2]])
    let terminal = try GrailTerminal(["plot", "last", "-m", "acc", "--watch"], in: store)
    try terminal.wait(for: "no run has a metric 'acc'")
    try store.add("2", at: 9, metrics: ["acc": [1, 2]])
    try terminal.wait(for: "acc of run 2")
    terminal.interrupt()
    #expect(try terminal.end().code == 0)
    let mistake = try GrailTerminal(["plot", "9", "--watch"], in: store).end()
    #expect(mistake.code == 66 && mistake.shown.contains("there is no run '9'"))
  }
}

import Foundation
import GrailCore
import GrailRecord
import TestSupport
import Testing

/// The programs in `Examples`, as a user runs them.
@Suite(.timeLimit(.minutes(2))) struct ExamplesTests {
  let folder = TestFolder()

  private func run(_ program: String, _ words: String) async throws -> ProgramEnd {
    try await TestProgram.run(
      program: program, words.split(separator: " ").map(String.init), in: folder)
  }

  // MARK: - Three lines

  @Test func `three lines make a program an experiment`() async throws {
    let end = try await run("Hello", "")
    #expect(end.exitCode == 0 && end.output == "Hello from run 1\n")
    let run = try folder.json("runs/1/run.json")
    #expect(run["status"] == "COMPLETED" && run["experiment"]?["name"] == "hello")
    #expect(try await self.run("Hello", "-u").output.hasPrefix("Hello from run "))
    #expect(folder.names(in: "runs").filter { Int($0) != nil } == ["1"])
  }

  // MARK: - An ingredient in two places

  @Test func `equal seeds give equal results, the same on every machine`() async throws {
    for _ in 1...2 { #expect(try await run("Curve", "with seed=7 quick").exitCode == 0) }
    let results = try (1...2).map { try folder.json("runs/\($0)/run.json")["result"] }
    #expect(results == [0.15605806393311408, 0.15605806393311408])
    #expect(try await run("Curve", "with seed=8 quick").exitCode == 0)
    #expect(try folder.json("runs/3/run.json")["result"] != results[0])
  }

  @Test func `named configurations and a choice reach every part`() async throws {
    let end = try await run(
      "Curve", "with wild epochs=20 training.noisy optimizer.decay=0.8 seed=7")
    #expect(end.exitCode == 0)
    let config = try folder.json("runs/1/config.json")
    #expect(config["degree"] == 9 && config["decay"] == 0.01)
    #expect(config["optimizer"] == ["choice": "momentum", "decay": 0.8, "rate": 0.05])
    #expect(config["training"]?["noise"] == 0.5)
    // The points to judge by are like those to learn from unless set.
    #expect(config["test"]?["noise"] == 0.5)
    #expect(try folder.json("runs/1/run.json")["result"] == 0.3270529402061536)
    #expect(try folder.text("runs/1/summary.txt") == "degree 9, 40 points\n")
  }

  @Test func `an ingredient has a command in each of its places`() async throws {
    #expect(try await run("Curve", "training.stats with training.size=100 seed=7").exitCode == 0)
    #expect(try await run("Curve", "test.stats with training.size=100 seed=7").exitCode == 0)
    let runs = try (1...2).map { try folder.json("runs/\($0)/run.json") }
    #expect(runs.map { $0["command"] } == ["training.stats", "test.stats"])
    #expect(runs[0]["result"] == ["mean": 1.1454291522111397, "points": 100.0])
    // Each place has points of its own.
    #expect(runs[1]["result"]?["points"] == 100.0)
    #expect(runs[1]["result"]?["mean"] != runs[0]["result"]?["mean"])
  }

  @Test func `a command begins runs of its own, side by side`() async throws {
    let end = try await run("Curve", "sweep with quick training.noise=0.2 seed=7")
    #expect(end.exitCode == 0)
    let sweep = try folder.json("runs/1/run.json")
    #expect(sweep["command"] == "sweep")
    let fits = try (2...6).map { try folder.json("runs/\($0)/run.json") }
    let configs = try (2...6).map { try folder.json("runs/\($0)/config.json") }
    #expect(Set(configs.compactMap { $0["degree"]?.intValue }) == Set(1...5))
    // All else is as it was for the sweep.
    #expect(configs.allSatisfy { $0["training"]?["noise"] == 0.2 && $0["seed"] == 7 })
    for (fit, config) in zip(fits, configs) {
      let degree = try #require(config["degree"]?.intValue)
      #expect(fit["status"] == "COMPLETED")
      #expect(fit["result"] == sweep["result"]?["degree \(degree)"])
    }
    #expect(sweep["result"]?["degree 3"] == 0.15758676990751752)
  }

  @Test func `a bad setting is refused before anything runs`() async throws {
    let end = try await run("Curve", "with training.size=1 optimizer.decay=0.8 degre=2")
    #expect(end.exitCode == 64)
    #expect(
      end.errorLines == [
        "Curve: 'training.size' cannot be '1': a curve needs 2 points",
        "Curve: there is no entry 'optimizer.decay' while optimizer=descent; "
          + "it belongs to optimizer=momentum",
        "Curve: there is no entry 'degre'; did you mean 'degree'?",
        "Curve: 'test.size' cannot be '1': a curve needs 2 points",
        "Curve --help lists commands and entries.",
      ])
    #expect(folder.names().isEmpty)
  }

  // MARK: - A network

  @Test func `a network learns from the images that there are`() async throws {
    // Each digit is a bright pixel of its own.
    let lines = (0..<60).map { index in
      let pixels = (0..<64).map { $0 == index % 10 ? "16" : "0" }
      return (pixels + ["\(index % 10)"]).joined(separator: ",")
    }
    try folder.write(lines.joined(separator: "\n"), to: "digits.csv")
    let words = "with data=digits.csv epochs=20 hidden=16 batchSize=4"
    for _ in 1...2 { #expect(try await run("Digits", words).exitCode == 0) }
    let runs = try (1...2).map { try folder.json("runs/\($0)/run.json") }
    #expect(runs[0]["result"] == 1.0)
    #expect(runs[1]["result"] == runs[0]["result"])
    #expect(
      try folder.json("runs/1/metrics.json")["train.loss"]?["values"]
        == folder.json("runs/2/metrics.json")["train.loss"]?["values"])
    #expect(folder.has("runs/1/weights.npy"))
    let end = try await run("Digits", "with hidden=0 momentum=1")
    #expect(end.exitCode == 64)
    #expect(
      end.errorLines.prefix(2) == [
        "Digits: 'hidden' cannot be '0': it must be at least 1",
        "Digits: 'momentum' cannot be '1.0': it must be in 0..<1",
      ])
  }
}

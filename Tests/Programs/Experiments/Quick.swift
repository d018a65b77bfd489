import Grail

/// What the small experiments are set by.
struct Settings: Configurable {
  var a = 1
  var rate = 0.1
  var kind = Kind.plain
  var b = Inner()

  enum Kind: String, Codable, CaseIterable { case plain, fancy }

  struct Inner: Configurable {
    var c = 2
    var path = "data.csv"
  }
}

/// An experiment that is over at once.
let quick = Experiment("quick", config: Settings.self) { run in
  print("the experiment's own output")
  let loss = run.metric("loss", unit: "nats")
  for step in 0..<3 { loss.log(1 / Double(run.config.a + step), step: step) }
  return 0.5
}

/// An experiment that records some variables of its environment, and says one that it keeps secret.
let described: Experiment<DescribedSettings> = {
  let described = Experiment("described", config: DescribedSettings.self) { run in
    print("\(run.config.key.value ?? "-") \(run.config.key)")
  }
  described.optionHook { settings in
    settings.provenance.environment = ["GRAIL_HOST_*", "AWS_SECRET_ACCESS_KEY"]
  }
  return described
}()

struct DescribedSettings: Configurable {
  var key = Secret<String>(environment: "GRAIL_HOST_KEY")
}

struct BrokenPart: Error, CustomStringConvertible {
  var description: String { "the part 'wheel' is broken" }
}

/// An experiment that fails after its first point.
let failing = Experiment("failing", config: Settings.self) { run in
  run.log("loss", 1.5)
  throw BrokenPart()
}

/// An experiment that asks for files that cannot be recorded, and goes on.
let refusing = Experiment("refusing") { run in
  for name in ["", "..", "../up", "/absolute", "a/../b", "a//b", "."] {
    do {
      try run.addArtifact("x".utf8, name: name)
      print("taken: '\(name)'")
    } catch { print("refused: \(error)") }
  }
  do { try run.addArtifact("missing.txt") } catch { print("refused: \(error)") }
  do { try run.addResource("missing.csv") } catch { print("refused: \(error)") }
  run.log("after", 1)
  try run.addArtifact("y".utf8, name: "after.txt")
  return "went on"
}

/// An experiment that fails because another, which it runs, cannot be recorded.
let nested = Experiment("nested") { _ in
  var settings = RunSettings()
  settings.store = "/dev/null/runs"
  try await quick.run(settings: settings)
}

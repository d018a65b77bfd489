import Foundation
import GrailCore
import GrailRecord
import GrailRun
import Logging
import OrderedCollections
import TestSupport

/// A program's package in a test's folder, whose runs are recorded there.
struct Program {
  let folder: TestFolder
  var settings = RunSettings()
  var declaredIn: String?

  /// Makes a package with a source, and a repository of it.
  init(in folder: TestFolder, isCommitted: Bool = true) throws {
    self.folder = folder
    settings.store = folder.path("runs")
    settings.logLevel = .critical
    settings.provenance.gathersExecutable = false
    settings.provenance.minimumTime = .seconds(20)
    try folder.write("// swift-tools-version: 6.2", to: "app/Package.swift")
    declaredIn = try folder.write("print(1)\n", to: "app/Sources/app/main.swift")
    if isCommitted { try commit() }
  }

  func commit() throws {
    try folder.git("init", "-q", "-b", "main", in: "app")
    try folder.git("add", "-A", in: "app")
    try folder.git("commit", "-q", "-m", "first", in: "app")
  }

  /// Runs what a closure does; returns the run's record.
  @discardableResult
  func run(_ body: (Recorder) throws -> Void = { _ in }) throws -> RunRecord {
    let plan = RunPlan(
      experiment: "app", command: "run", settings: settings, declaredIn: declaredIn)
    let recorder = try Recorder(plan, logger: Logger(label: "app"))
    try body(recorder)
    return recorder.finish(.completed)
  }

  /// The run's `run.json`.
  func json(_ id: String = "1") throws -> Value {
    try JSONParser.parse(WholeFile.read(folder.path("runs/\(id)/run.json")))
  }

  /// What a run keeps under a stored path.
  func content(_ stored: String) throws -> String { try folder.text("runs/\(stored)") }
}

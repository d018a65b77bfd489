import GrailCore
import OrderedCollections

/// The form of what was found out about a run's program and machine.
extension RecordCoding {
  /// Returns what a journal holds of a finding: the same keys as `run.json`, as far as it says
  /// something.
  static func value(of provenance: RunProvenance) -> Value {
    var experiment: Value.Entries = [:]
    experiment["base_dir"] = provenance.baseDirectory.map(Value.text)
    experiment["mainfile"] = provenance.mainFile.map(Value.text)
    if !provenance.sources.isEmpty { experiment["sources"] = value(of: provenance.sources) }
    if !provenance.dependencies.isEmpty {
      experiment["dependencies"] = .list(provenance.dependencies.map(Value.text))
    }
    var ours: Value.Entries = [:]
    ours["executable"] = provenance.executable.map(value(of:))
    if !provenance.workingTrees.isEmpty {
      ours["working_trees"] = .list(provenance.workingTrees.map(value(of:)))
    }
    return ["experiment": .map(experiment), "host": .map(provenance.host), "grail": .map(ours)]
  }

  static func provenance(from value: Value) -> RunProvenance {
    let experiment = value["experiment"] ?? .null
    let ours = value["grail"] ?? .null
    var provenance = RunProvenance()
    provenance.baseDirectory = experiment["base_dir"]?.textValue
    provenance.mainFile = experiment["mainfile"]?.textValue
    provenance.sources = sources(from: experiment["sources"])
    provenance.dependencies = texts(experiment["dependencies"])
    provenance.workingTrees = elements(ours["working_trees"]).compactMap(workingTree(from:))
    provenance.executable = ours["executable"].flatMap(executable(from:))
    provenance.host = value["host"]?.mapValue ?? [:]
    return provenance
  }

  static func value(of tree: WorkingTreeRecord) -> Value {
    [
      "folder": .text(tree.folder), "url": .text(tree.url), "commit": optional(tree.commit),
      "branch": optional(tree.branch), "dirty": .bool(tree.isDirty),
      "changes": optional(tree.storedChanges),
      "untracked": .list(tree.untracked.map(Value.text)),
      "omitted": .list(tree.omitted.map(Value.text)),
    ]
  }

  static func workingTree(from value: Value) -> WorkingTreeRecord? {
    guard let folder = value["folder"]?.textValue, let url = value["url"]?.textValue else {
      return nil
    }
    var tree = WorkingTreeRecord(
      folder: folder, url: url, commit: value["commit"]?.textValue,
      branch: value["branch"]?.textValue, isDirty: value["dirty"]?.boolValue ?? false)
    tree.storedChanges = value["changes"]?.textValue
    tree.untracked = texts(value["untracked"])
    tree.omitted = texts(value["omitted"])
    return tree
  }

  static func value(of executable: ExecutableRecord) -> Value {
    [
      "path": .text(executable.path), "bytes": executable.byteCount.map(Value.int) ?? .null,
      "modified": isoValue(executable.modificationTime), "build_id": optional(executable.buildID),
      "sha256": optional(executable.sha256), "stored": optional(executable.storedPath),
    ]
  }

  static func executable(from value: Value) -> ExecutableRecord? {
    guard let path = value["path"]?.textValue else { return nil }
    var executable = ExecutableRecord(path: path)
    executable.byteCount = value["bytes"]?.intValue
    executable.modificationTime = time(value["modified"])
    executable.buildID = value["build_id"]?.textValue
    executable.sha256 = value["sha256"]?.textValue
    executable.storedPath = value["stored"]?.textValue
    return executable
  }
}

package import GrailCore
import GrailRecord
package import GrailStore
import OrderedCollections

/// What differs between some runs, part by part.
///
/// What always differs is no difference: the run's id and key, its times, and how long it took.
/// Values are compared as queries compare them, so `7` and `7.0` are the same.
package struct RunComparison: Sendable {
  /// A part of a run.
  package enum Part: String, Hashable, Sendable, CaseIterable {
    case run, config, result, info, metrics, program, sources, git, dependencies, host, output
  }

  /// One thing that is not the same in all runs.
  package struct Entry: Hashable, Sendable {
    package var name: String
    /// What each run has; `nil` where it has none.
    package var values: [Value?]
  }

  /// The parts that differ, with what differs of each.
  package private(set) var differences: [(part: Part, entries: [Entry])] = []

  /// Whether nothing differs.
  package var isEmpty: Bool { differences.isEmpty }

  /// Compares runs.
  ///
  /// - Parameter runs: The runs, at least two to find anything.
  /// - Throws: The system's error, if a journal or the output cannot be read.
  /// - Complexity: O(size of the records and outputs); points of metrics are hardly read.
  package init(of runs: [StoredDirectory]) throws {
    let facts = try runs.map(Self.facts)
    for part in Part.allCases {
      let entries = Self.differing(facts.map { $0[part] ?? [:] }, in: part)
      if !entries.isEmpty { differences.append((part, entries)) }
    }
  }

  private static func differing(_ runs: [Value.Entries], in part: Part) -> [Entry] {
    var names: OrderedSet<String> = []
    for run in runs { names.formUnion(run.keys) }
    return names.compactMap { name in
      let values = runs.map { $0[name] }
      let isSame = values.dropFirst().allSatisfy { value in
        switch (value, values[0]) {
        case (let value?, let first?):
          value.equals(first) || part == .metrics && name.hasSuffix(meanEnd) && isNear(value, first)
        default: value == nil && values[0] == nil
        }
      }
      return isSame ? nil : Entry(name: name, values: values)
    }
  }

  // MARK: - What of a run is compared

  /// The end of the name of what is a mean, whose last digits depend on the order of summing.
  private static let meanEnd = ".mean"

  private static func isNear(_ left: Value, _ right: Value) -> Bool {
    guard let left = left.doubleValue, let right = right.doubleValue else { return false }
    return abs(left - right) <= 1e-12 * max(abs(left), abs(right))
  }

  private static func facts(of run: StoredDirectory) throws -> [Part: Value.Entries] {
    let record = run.record
    return [
      .run: state(record), .config: leaves(.map(record.config)),
      .result: leaves(record.result, named: "result"),
      .info: leaves(.map(record.info)), .metrics: try metrics(of: run),
      .program: program(record), .sources: sources(record), .git: git(record),
      .dependencies: dependencies(record), .host: leaves(.map(record.host)),
      .output: try output(of: run),
    ]
  }

  private static func state(_ record: RunRecord) -> Value.Entries {
    var entries: Value.Entries = [
      "experiment": .text(record.experiment.name), "command": .text(record.command),
      "status": .text(record.status.rawValue),
    ]
    if let error = record.failTrace.last { entries["error"] = .text(error.withoutLineEnd) }
    if let comment = record.meta["comment"], !comment.isNull { entries["comment"] = comment }
    return entries
  }

  private static func leaves(_ value: Value, named name: String? = nil) -> Value.Entries {
    if let name, value.isNull { return [name: .null] }
    guard case .map = value.queryForm else { return name.map { [$0: value] } ?? [:] }
    var entries: Value.Entries = [:]
    for (path, value) in RunListing.leaves(of: value) {
      entries[name.map { "\($0).\(path)" } ?? path] = value
    }
    return entries
  }

  private static func metrics(of run: StoredDirectory) throws -> Value.Entries {
    var entries: Value.Entries = [:]
    for name in run.metrics.map(\.name) {
      guard let metric = try run.statistics(name) else { continue }
      let statistics: [QueryField.Statistic] = [.last, .min, .max, .mean, .count]
      for statistic in statistics {
        entries["\(name).\(statistic.rawValue)"] = metric.value(of: statistic)
      }
    }
    return entries
  }

  private static func program(_ record: RunRecord) -> Value.Entries {
    var entries: Value.Entries = [:]
    if !record.arguments.isEmpty {
      let words = record.arguments.map { $0.contains(" ") || $0.isEmpty ? "'\($0)'" : $0 }
      entries["command line"] = .text(words.joined(separator: " "))
    } else if let updates = record.meta["options"]?["UPDATE"]?.listValue, !updates.isEmpty {
      // Sacred records the updates alone.
      entries["updates"] = .text(updates.compactMap(\.textValue).joined(separator: " "))
    }
    if let folder = record.workingDirectory { entries["working directory"] = .text(folder) }
    if let main = record.experiment.mainFile { entries["main file"] = .text(main) }
    if !record.experiment.baseDirectory.isEmpty {
      entries["base directory"] = .text(record.experiment.baseDirectory)
    }
    if let program = record.executable, let build = program.buildID ?? program.sha256 {
      entries["build"] = .text(String(build.prefix(digestLength)))
    }
    return entries
  }

  /// The characters of a digest that tell files apart well enough for an eye.
  private static let digestLength = 12

  private static func sources(_ record: RunRecord) -> Value.Entries {
    var entries: Value.Entries = [:]
    for source in record.experiment.sources {
      entries[source.path] = source.contentMark.map { .text($0) } ?? "unknown"
    }
    return entries
  }

  private static func git(_ record: RunRecord) -> Value.Entries {
    var entries: Value.Entries = [:]
    func add(_ url: String, _ facts: [(name: String, value: Value?)], isOnly: Bool) {
      for (name, value) in facts {
        if let value, !value.isNull { entries[isOnly ? name : "\(url) \(name)"] = value }
      }
    }
    if record.workingTrees.isEmpty {
      // Sacred names a repository once for each source in it.
      let repositories = OrderedSet(record.experiment.repositories)
      for repository in repositories {
        add(
          repository["url"]?.textValue ?? "",
          [("commit", repository["commit"]), ("dirty", repository["dirty"])],
          isOnly: repositories.count == 1)
      }
    }
    for tree in record.workingTrees {
      let changes = tree.storedChanges.map { Value.text(SourceRecord.mark(inName: $0) ?? $0) }
      add(
        tree.url,
        [
          ("commit", tree.commit.map(Value.text)), ("branch", tree.branch.map(Value.text)),
          ("dirty", .bool(tree.isDirty)), ("differences", changes),
        ], isOnly: record.workingTrees.count == 1)
    }
    return entries
  }

  private static func dependencies(_ record: RunRecord) -> Value.Entries {
    var entries: Value.Entries = [:]
    for dependency in record.experiment.dependencies {
      guard let sign = dependency.firstRange(of: "==") else {
        entries[dependency] = ""
        continue
      }
      entries[String(dependency[..<sign.lowerBound])] = .text(
        String(dependency[sign.upperBound...]))
    }
    return entries
  }

  private static func output(of run: StoredDirectory) throws -> Value.Entries {
    var hasher = SHA256Hasher()
    var (lines, bytes, isLineOpen) = (0, 0, false)
    try run.readTimelessOutput { part in
      hasher.update(part)
      lines += part.count { $0 == UInt8(ascii: "\n") }
      bytes += part.count
      isLineOpen = part.last.map { $0 != UInt8(ascii: "\n") } ?? isLineOpen
    }
    guard bytes > 0 else { return [:] }
    let digest = FileDigest.hexadecimal(hasher.finalize()).prefix(digestLength)
    return ["lines": .int(Int64(lines + (isLineOpen ? 1 : 0))), "text": .text(String(digest))]
  }
}

extension StoredDirectory {
  /// Reads what the run printed, without the times at the beginning of lines.
  func readTimelessOutput(into write: ([UInt8]) throws -> Void) throws {
    var filter = TimelessOutput()
    var text: [UInt8] = []
    try reader.readOutput { part in
      filter.filter(part, into: &text)
      if !text.isEmpty { try write(text) }
      text.removeAll(keepingCapacity: true)
    }
    filter.finish(into: &text)
    if !text.isEmpty { try write(text) }
  }
}

extension SourceRecord {
  /// The beginning of the digest of the content; `nil` where the record says none.
  package var contentMark: String? {
    md5.map { String($0.prefix(12)) } ?? storedPath.flatMap(Self.mark(inName:))
  }

  /// The digest that stands in a stored file's name, as in `_sources/main_5dba7ac7….py`.
  static func mark(inName path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    guard let score = name.lastIndex(of: "_") else { return nil }
    let digits = name[name.index(after: score)...].prefix { $0.isHexDigit }
    return digits.count >= 32 ? String(digits.prefix(12)) : nil
  }
}

extension String {
  fileprivate var withoutLineEnd: String {
    String(reversed().drop { $0.isNewline }.reversed())
  }
}

public import OrderedCollections

/// What was found out about a run's program and its machine while it ran.
///
/// A run has several, each with what was found at one time; what is `nil` or empty says nothing.
public struct RunProvenance: Hashable, Sendable {
  /// The folder that the paths of the sources start from.
  public var baseDirectory: String?
  /// The file that declares the experiment, relative to the base directory.
  public var mainFile: String?
  /// The source files that the program was built from.
  public var sources: [SourceRecord]
  /// The packages that the program was built with, as `name==version`.
  public var dependencies: [String]
  /// The folders under version control that the sources lie in.
  public var workingTrees: [WorkingTreeRecord]
  /// The program's file.
  public var executable: ExecutableRecord?
  /// The machine: further entries of the record's.
  public var host: OrderedDictionary<String, Value>

  /// Creates what says nothing yet.
  public init() {
    (sources, dependencies, workingTrees, host) = ([], [], [], [:])
  }

  /// Whether it says nothing.
  public var isEmpty: Bool { self == RunProvenance() }
}

/// A folder under version control, as it was when a run started.
public struct WorkingTreeRecord: Hashable, Sendable {
  /// The absolute path of the folder.
  public var folder: String
  /// Where the repository comes from, without user and password; `git:FOLDER` where it has no
  /// remote.
  public var url: String
  /// The commit that is checked out; `nil` before the first.
  public var commit: String?
  /// The branch that is checked out, if it is one.
  public var branch: String?
  /// Whether files that are under version control differ from the commit.
  public var isDirty: Bool
  /// Where the store keeps the differences from the commit, in the form that `git apply` takes;
  /// `nil` if there are none or they are not kept.
  public var storedChanges: String?
  /// The sources of the program that are not under version control, relative to the folder; the
  /// differences hold them.
  public var untracked: [String]
  /// What is left out of the differences, because it may hold secrets, relative to the folder.
  public var omitted: [String]

  /// Creates a description of a folder without differences.
  ///
  /// - Parameters:
  ///   - folder: The absolute path of the folder.
  ///   - url: Where the repository comes from, without user and password.
  ///   - commit: The commit that is checked out.
  ///   - branch: The branch that is checked out.
  ///   - isDirty: Whether files that are under version control differ from the commit.
  public init(folder: String, url: String, commit: String?, branch: String?, isDirty: Bool) {
    (self.folder, self.url, self.commit) = (folder, url, commit)
    (self.branch, self.isDirty) = (branch, isDirty)
    (untracked, omitted) = ([], [])
  }

  /// The folder in Sacred's words: `url`, `commit` and `dirty`.
  var repository: OrderedDictionary<String, Value> {
    [
      "url": .text(url), "commit": commit.map(Value.text) ?? .null, "dirty": .bool(isDirty),
    ]
  }
}

/// The file of a run's program.
public struct ExecutableRecord: Hashable, Sendable {
  /// The absolute path of the file.
  public var path: String
  /// The size in bytes.
  public var byteCount: Int64?
  /// When the file was last written.
  public var modificationTime: Timestamp?
  /// The id that the linker gave the program, in hexadecimal, if it gave one.
  public var buildID: String?
  /// The SHA-256 digest of the content in hexadecimal.
  public var sha256: String?
  /// Where the store keeps the content, if it does.
  public var storedPath: String?

  /// Creates a description of a program's file.
  ///
  /// - Parameter path: The absolute path of the file.
  public init(path: String) { self.path = path }
}

extension RunRecord {
  /// Takes in what was found out.
  mutating func apply(_ provenance: RunProvenance) {
    if let base = provenance.baseDirectory { experiment.baseDirectory = base }
    if let file = provenance.mainFile { experiment.mainFile = file }
    if !provenance.sources.isEmpty { experiment.sources = provenance.sources }
    if !provenance.dependencies.isEmpty { experiment.dependencies = provenance.dependencies }
    if !provenance.workingTrees.isEmpty {
      workingTrees = provenance.workingTrees
      experiment.repositories = workingTrees.map(\.repository)
    }
    if let executable = provenance.executable { self.executable = executable }
    host.merge(provenance.host) { _, new in new }
  }
}

package import GrailCore
import GrailRecord

/// The code of a program, found without a run: what a record of one would say of it.
package struct ProgramCode: Sendable {
  /// The folder that the paths of the sources start from.
  package var baseDirectory: String?
  /// The file that declares the experiment, relative to the base directory.
  package var mainFile: String?
  /// The sources with the digests of their content.
  package var sources: [SourceRecord] = []
  /// The packages that the program was built with, as `name==version`.
  package var dependencies: [String] = []
  /// The folders under version control that the sources lie in; where there is none, none.
  package var repositories: [RepositoryState] = []
  /// Whether the program's own package is under version control, not only those it depends on.
  private var isUnderControl = false

  /// Finds the code of this program.
  ///
  /// It waits for git, at most for the settings' minimum time.
  ///
  /// - Parameters:
  ///   - file: The file that declares the experiment.
  ///   - settings: What to find out.
  package init(declaredIn file: String?, settings: ProvenanceSettings = ProvenanceSettings()) {
    let deadline = Deadline(after: settings.minimumTime)
    var queries = file.map { GitQueries(declaredIn: $0, environment: ProcessEnvironment()) }
    guard
      let code = file.flatMap({
        PackageSources(
          declaredIn: $0, build: ExecutableFacts.build, further: settings.sourceFiles)
      })
    else {
      dependencies = settings.dependencies
      return
    }
    queries?.add(code.packages)
    (baseDirectory, mainFile) = (code.baseDirectory, code.mainFile)
    isUnderControl = GitQuery.root(of: code.baseDirectory) != nil
    sources = code.files.map { file in
      let content = try? WholeFile.read(file.path)
      return SourceRecord(
        path: file.path.relative(to: code.baseDirectory),
        md5: content.map { FileDigest.hexadecimal(FileDigest.md5(of: $0)) })
    }
    dependencies = code.dependencies(further: settings.dependencies)
    repositories = (queries?.all ?? []).map { query in
      switch query.flatMap({ $0.answer(until: deadline) }) {
      case .failure(let failure): return .unknown(failure.reason)
      case .success(let (found, status)):
        var tree = found
        tree.untracked = code.untracked(status, in: tree.folder)
        return RepositoryState(tree, changed: status.changed)
      }
    }
  }

  /// The state of the repositories together, as far as it decides whether a run may start: the
  /// first that is dirty, else none if the program's own package has none, else the first that is
  /// unknown, else the first.
  package var repositoryState: RepositoryState {
    func isDirty(_ state: RepositoryState) -> Bool {
      if case .dirty = state { true } else { false }
    }
    func isUnknown(_ state: RepositoryState) -> Bool {
      if case .unknown = state { true } else { false }
    }
    if let dirty = repositories.first(where: isDirty) { return dirty }
    guard isUnderControl else { return .none }
    return repositories.first(where: isUnknown) ?? repositories.first ?? .none
  }
}

/// What is asked of git about the folders that the sources of a program lie in.
struct GitQueries {
  private(set) var all: [Result<GitQuery, GitFailure>] = []
  private var roots: Set<String> = []
  private let environment: ProcessEnvironment

  /// Begins with the folder of the file that declares the experiment, so that git works while the
  /// sources are looked for.
  init(declaredIn file: String, environment: ProcessEnvironment) {
    self.environment = environment
    let file = StoreFolder.absolute(file)
    if FileIdentity(path: file) != nil { ask(about: file.folder) }
  }

  /// Asks about the folders of packages, where they lie in repositories of their own.
  mutating func add(_ folders: [String]) {
    for folder in folders { ask(about: folder) }
  }

  private mutating func ask(about folder: String) {
    guard let root = GitQuery.root(of: folder), roots.insert(root).inserted,
      let query = GitQuery.start(in: root, environment: environment)
    else { return }
    all.append(query)
  }
}

extension PackageSources {
  /// The packages that the program was built with, and those that the author names.
  func dependencies(further: [String]) -> [String] {
    guard let package = packages.first else { return further }
    let resolved =
      build?.packages ?? ResolvedPackages.built(in: "\(package)/.build")
      ?? ResolvedPackages.pinned(by: package)
    return Array(Set(resolved + further)).sorted { ($0.lowercased(), $0) < ($1.lowercased(), $1) }
  }

  /// The sources that are not under version control, relative to its folder.
  func untracked(_ status: GitStatus, in root: String) -> [String] {
    guard !status.untracked.isEmpty else { return [] }
    return files.lazy.map(\.path).filter { $0.hasPrefix("\(root)/") }
      .map { $0.relative(to: root) }
      .filter { status.isUntracked($0) && !SecretFiles.contains($0) }
  }
}

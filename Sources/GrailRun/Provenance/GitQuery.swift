import GrailCore
import GrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Asks git about a folder, without changing anything in it and without questions to anybody.
///
/// Git works while others do; nothing waits for it before its answer is asked for.
struct GitQuery {
  /// The folder that is under version control.
  let root: String
  private let git: String
  private let environment: [String]
  private let status: ChildProcess
  private let remotes: ChildProcess?

  /// No answer is longer.
  private static let statusLimit = 64 << 20
  private static let changesLimit = 32 << 20
  /// More files than this are not named to git one by one.
  private static let nameLimit = 1000

  /// What is asked of every command: hooks and helpers of the user's stay out of it.
  private static let manners = ["--no-pager", "-c", "core.fsmonitor=false"]

  /// Begins to ask.
  ///
  /// - Parameters:
  ///   - folder: A folder that may lie in one under version control.
  ///   - environment: The variables of this process.
  /// - Returns: `nil` if no folder upward is under version control; otherwise the query, or why it
  ///   cannot be asked.
  static func start(
    in folder: String, environment: ProcessEnvironment
  ) -> Result<GitQuery, GitFailure>? {
    guard let root = root(of: folder) else { return nil }
    guard let git = environment.program("git") else {
      return .failure(GitFailure(reason: "there is no program 'git'"))
    }
    let variables = environment.ofChildren
    func child(_ arguments: [String]) -> ChildProcess? {
      ChildProcess(git, manners + arguments, environment: variables, folder: root)
    }
    guard
      let status = child([
        "status", "--porcelain=v2", "--branch", "--untracked-files=normal", "-z",
      ])
    else {
      return .failure(GitFailure(reason: "'\(git)' cannot be started"))
    }
    let remotes = child(["config", "--null", "--get-regexp", #"^remote\..*\.url$"#])
    return .success(
      GitQuery(
        root: root, git: git, environment: variables, status: status, remotes: remotes))
  }

  /// The nearest folder upward that is under version control.
  static func root(of folder: String) -> String? {
    var folder = folder
    while access("\(folder)/.git", F_OK) != 0 {
      guard folder != "/", !folder.isEmpty else { return nil }
      folder = folder.folder
    }
    return folder
  }

  /// Waits for the answer; call it once.
  ///
  /// - Parameter deadline: When to give up.
  /// - Returns: What is checked out and what differs from it.
  func answer(
    until deadline: Deadline
  ) -> Result<(tree: WorkingTreeRecord, status: GitStatus), GitFailure> {
    let state = status.output(atMost: Self.statusLimit, until: deadline)
    // Asked for in any case: a child whose output nobody asks for is never ended.
    let remotes = remotes?.output(atMost: 1 << 20, until: deadline)
    guard let state else {
      return .failure(GitFailure(reason: "git did not answer in time"))
    }
    guard state.status == 0, let status = GitStatus(state.bytes) else {
      return .failure(GitFailure(reason: "git refuses the folder '\(root)'"))
    }
    let url = Self.remote(remotes?.bytes ?? []).map(Redaction.urls(in:)) ?? "git:\(root)"
    return .success(
      (
        WorkingTreeRecord(
          folder: root, url: url, commit: status.commit, branch: status.branch,
          isDirty: !status.changed.isEmpty), status
      ))
  }

  /// The place that the repository comes from: that of `origin`, else that of the first remote.
  private static func remote(_ answer: [UInt8]) -> String? {
    let entries = answer.split(separator: 0).map { entry in
      String(decoding: entry, as: UTF8.self).split(separator: "\n", maxSplits: 1)
    }.filter { $0.count == 2 }
    let origin = entries.first { $0[0] == "remote.origin.url" } ?? entries.first
    return origin.map { String($0[1]) }
  }

  /// Returns the differences from the commit as git applies them, without those of files that may
  /// hold secrets.
  ///
  /// - Parameters:
  ///   - status: What is checked out and what differs.
  ///   - untracked: Files that are not under version control and are to be added, relative to the
  ///     folder.
  ///   - deadline: When to give up.
  /// - Returns: The differences and what is left out of them; no differences where they are too
  ///   large or do not come in time.
  func changes(
    _ status: GitStatus, untracked: [String], until deadline: Deadline
  ) -> (bytes: [UInt8]?, omitted: [String]) {
    let omitted = status.changed.filter { path in
      SecretFiles.contains(path) || status.moved[path].map(SecretFiles.contains) == true
    }
    let names = omitted + omitted.compactMap { status.moved[$0] }
    guard names.count <= Self.nameLimit else { return (nil, omitted) }
    var bytes: [UInt8] = []
    if status.commit != nil, omitted.count < status.changed.count {
      let arguments =
        [
          "diff", "--binary", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames",
          "--submodule=short",
          "--src-prefix=a/", "--dst-prefix=b/", "HEAD", "--", ".",
        ] + names.map { ":(top,exclude,literal)\($0)" }
      let child = ChildProcess(
        git, Self.manners + arguments, environment: environment, folder: root)
      guard let answer = child?.output(atMost: Self.changesLimit, until: deadline),
        answer.status == 0
      else { return (nil, omitted) }
      bytes = answer.bytes
    }
    for path in untracked {
      guard let content = try? WholeFile.read("\(root)/\(path)"),
        let patch = NewFilePatch.bytes(path: path, content: content)
      else { continue }
      bytes += patch
    }
    return (bytes, omitted)
  }
}

/// Why git says nothing of a folder.
struct GitFailure: Error, Hashable {
  let reason: String
}

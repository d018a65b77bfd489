import GrailCore
import GrailRun

extension ProgramCode {
  /// What `print-dependencies` prints.
  ///
  /// - Parameter style: The width and colors.
  /// - Returns: The text.
  func report(style: TextStyle) -> String {
    var dependencyTable = TextTable()
    dependencyTable.rows = dependencies.map { dependency in
      let parts = dependency.split(separator: "==", maxSplits: 1).map(String.init)
      return TextTable.Row(cells: [parts[0], parts.count > 1 ? parts[1] : ""])
    }
    var sourceTable = TextTable()
    sourceTable.rows = sources.map { TextTable.Row(cells: [$0.path, $0.md5 ?? ""]) }
    let states = repositories.isEmpty ? ["  none"] : repositories.map { "  " + $0.summary }
    let sections = [
      ["Dependencies:"] + dependencyTable.lines(style: style).orNone,
      ["Sources (with the MD5 digests of their content):"] + sourceTable.lines(style: style).orNone,
      ["Version control:"] + states,
    ]
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }
}

extension RepositoryState {
  /// Why a run that is to be repeatable is refused; `nil` if it need not be.
  var refusal: String? {
    switch self {
    case .clean: return nil
    case .none:
      return "the sources are under no version control; commit them, or leave the option out"
    case .unknown(let reason):
      return "git does not say whether all is committed (\(reason)); leave the option out"
    case .dirty(let tree, let changes):
      let shown = changes.prefix(3).map { quoted($0) }.joined(separator: ", ")
      let more = changes.count > 3 ? " and \(changes.count - 3) more" : ""
      let verb = changes.count == 1 ? "differs" : "differ"
      return
        "\(shown)\(more) in \(quoted(tree.folder)) \(verb) from the commit; commit or stash first"
    }
  }

  /// The state in one line.
  fileprivate var summary: String {
    switch self {
    case .none: return "none"
    case .unknown(let reason): return "unknown: \(reason)"
    case .clean(let tree): return tree.summary
    case .dirty(let tree, let changes):
      return "\(tree.summary), \(changes.count) changed \(changes.count == 1 ? "file" : "files")"
    }
  }
}

extension WorkingTreeRecord {
  fileprivate var summary: String {
    let branch = branch.map { " on \($0)" } ?? ""
    return "\(url) at \(commit ?? "no commit")\(branch)"
  }
}

extension [String] {
  fileprivate var orNone: [String] { isEmpty ? ["  none"] : self }
}

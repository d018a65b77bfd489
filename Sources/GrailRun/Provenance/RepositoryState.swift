package import GrailCore

/// Whether what a program was built from is what version control has.
package enum RepositoryState: Hashable, Sendable {
  /// There is no version control.
  case none
  /// There is, but it says nothing, for this reason.
  case unknown(String)
  /// All sources are as they were committed.
  case clean(WorkingTreeRecord)
  /// These files differ from the commit, or are sources that were never added, relative to the
  /// folder.
  case dirty(WorkingTreeRecord, changes: [String])

  /// What is known of the folder.
  package var workingTree: WorkingTreeRecord? {
    switch self {
    case .none, .unknown: nil
    case .clean(let tree), .dirty(let tree, _): tree
    }
  }

  init(_ tree: WorkingTreeRecord, changed: [String]) {
    let changes = changed + tree.untracked
    self = changes.isEmpty ? .clean(tree) : .dirty(tree, changes: changes)
  }
}

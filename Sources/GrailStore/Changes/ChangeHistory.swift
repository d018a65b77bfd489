import GrailCore
import GrailRecord
import Synchronization

/// What people added to the runs of a store, kept up with as files of changes come.
///
/// A file of changes is never written again, so each is read once.
final class ChangeHistory: Sendable {
  private let folder: ChangeFolder
  private let known = Mutex(Known())

  private struct Known {
    /// The changes, by the names of their files.
    var changes: [String: RunChange] = [:]
    var annotations: [String: RunAnnotations] = [:]
  }

  init(of store: StoreFolder) { folder = ChangeFolder(of: store) }

  /// What people added to all runs so far, by the text of their references.
  ///
  /// - Complexity: O(*n*) in the number of changes; O(*n* log *n*) where there are new ones.
  var annotations: [String: RunAnnotations] {
    let names = folder.names
    return known.withLock { known in
      let isNew = names.contains { known.changes[$0] == nil }
      guard isNew || names.count != known.changes.count else { return known.annotations }
      var changes: [String: RunChange] = [:]
      for name in names { changes[name] = known.changes[name] ?? folder.change(name) }
      if changes != known.changes {
        known.changes = changes
        known.annotations = Self.annotations(of: changes)
      }
      return known.annotations
    }
  }

  /// What people added to a run so far.
  func annotations(of record: RunRecord) -> RunAnnotations {
    annotations[RunReference(record).text] ?? RunAnnotations()
  }

  private static func annotations(of changes: [String: RunChange]) -> [String: RunAnnotations] {
    let ordered = changes.sorted { ($0.value.time, $0.key) < ($1.value.time, $1.key) }
    var annotations: [String: RunAnnotations] = [:]
    for (_, change) in ordered {
      for run in change.runs {
        for edit in change.edits { annotations[run.text, default: RunAnnotations()].apply(edit) }
      }
    }
    return annotations
  }
}

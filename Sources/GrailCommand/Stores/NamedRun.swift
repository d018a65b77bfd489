import GrailCore
import GrailStore

/// A run that was named on a command line.
struct NamedRun {
  let store: FileStore
  let id: String
  /// Its id, or its directory as it was typed where it lies in another store.
  let name: String

  /// Opens it.
  ///
  /// - Throws: Why it is not found or cannot be read.
  func open() throws -> StoredDirectory { try store.directory(id) }
}

extension [NamedRun] {
  /// Changes what was added to the runs, with one edit in each store.
  ///
  /// - Parameter edits: What to change, in order.
  /// - Throws: An error of the store.
  func edit(_ edits: [RunEdit]) async throws {
    var rest = self[...]
    while let store = rest.first?.store {
      let runs = rest.filter { $0.store.folder == store.folder }
      rest.removeAll { $0.store.folder == store.folder }
      try await store.edit(runs.map(\.id), edits)
    }
  }
}

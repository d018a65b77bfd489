import GrailCore
import GrailRecord
import GrailStore

/// The runs that are compared, with the names by which they are told apart.
struct ComparedRuns {
  /// The runs, in the order in which they were named.
  let runs: [StoredDirectory]
  /// The id of each, or the path of its directory where it lies in another store.
  let names: [String]

  /// Opens the runs that words name: those of a store, and directories of other stores' runs.
  ///
  /// - Parameters:
  ///   - words: Ids, ranges, queries, or paths of runs' directories.
  ///   - stores: The store of what is not a path.
  /// - Throws: Why a run is not found or cannot be read.
  init(_ words: [String], in stores: StoreOptions) throws {
    var (runs, names): ([StoredDirectory], [String]) = ([], [])
    var store: FileStore?
    for word in words {
      if let path = Self.directory(word), let slash = path.lastIndex(of: "/") {
        let other = try FileStore(StoreFolder(path: String(path[..<slash])), usesIndex: false)
        runs.append(try other.directory(String(path[path.index(after: slash)...])))
        names.append(word)
        continue
      }
      let opened = try store ?? stores.open()
      store = opened
      for id in try RunWords([word]).ids(in: opened) {
        runs.append(try opened.directory(id))
        names.append(id)
      }
    }
    var seen: Set<String> = []
    let kept = runs.indices.filter { seen.insert(runs[$0].reader.directory).inserted }
    (self.runs, self.names) = (kept.map { runs[$0] }, kept.map { names[$0] })
  }

  /// The absolute path of a run's directory, if a word is one.
  private static func directory(_ word: String) -> String? {
    guard word.contains("/"), StoreFolder.isFolder(word) else { return nil }
    let path = StoreFolder.absolute(word)
    let isRun =
      !RunFiles.journals(in: path).isEmpty || StoreFolder.names(in: path).contains("run.json")
    return isRun ? path : nil
  }
}

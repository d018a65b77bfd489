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
    let named = try RunWords(words).runs(in: stores)
    (runs, names) = (try named.map { try $0.open() }, named.map(\.name))
  }
}

/// Runs of a store, each opened when its turn comes.
///
/// Going through them again opens them again, as they are then. A run that was thrown away
/// meanwhile, or that cannot be read, is left out.
public struct StoredRuns: Sequence, Sendable {
  /// The ids of the runs, in order.
  public let ids: [String]
  /// What of the store could not be read, and the names that were asked for and that no run has,
  /// one line each.
  public var notes: [String]
  private let open: @Sendable (_ id: String) throws -> any StoredRun

  /// Creates a sequence of runs.
  ///
  /// - Parameters:
  ///   - ids: The ids of the runs, in order.
  ///   - notes: What of the store could not be read, one line each.
  ///   - open: Opens a run, whenever it is come to.
  public init(
    ids: [String], notes: [String] = [],
    open: @escaping @Sendable (_ id: String) throws -> any StoredRun
  ) {
    (self.ids, self.notes, self.open) = (ids, notes, open)
  }

  /// The number of runs.
  public var count: Int { ids.count }

  /// Whether there are none.
  public var isEmpty: Bool { ids.isEmpty }

  /// The first of the runs, if there are any.
  public var first: (any StoredRun)? { first { _ in true } }

  /// Begins to go through the runs.
  public func makeIterator() -> Iterator { Iterator(ids: ids.makeIterator(), open: open) }

  /// Opens one run after the other.
  public struct Iterator: IteratorProtocol {
    fileprivate var ids: IndexingIterator<[String]>
    fileprivate let open: @Sendable (_ id: String) throws -> any StoredRun

    /// Opens the next run; `nil` behind the last.
    public mutating func next() -> (any StoredRun)? {
      while let id = ids.next() {
        if let run = try? open(id) { return run }
      }
      return nil
    }
  }
}

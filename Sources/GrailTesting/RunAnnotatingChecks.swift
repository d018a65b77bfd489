public import GrailCore

/// The contract of ``RunAnnotating`` as checks that any store can be held to.
///
/// The store is to hold the runs of ``RunStoreChecks/runs`` and no other, to which nobody added
/// anything.
public enum RunAnnotatingChecks: String, CaseIterable, Sendable {
  /// Tags, notes and names are kept, and found by queries and in the run.
  case keepsEdits
  /// What was added can be taken away again.
  case takesEditsAway
  /// Edits take effect in their order, the last before the others.
  case keepsTheOrderOfEdits
  /// An edit of a run that is not there is told, and changes nothing of the others.
  case refusesWhatIsNotThere
  /// Edits that are made at the same time are all kept.
  case keepsEditsAtOnce

  /// Holds a store to this part of the contract.
  ///
  /// - Parameter store: The store, with ``RunStoreChecks/runs`` in it, which the check annotates.
  /// - Throws: ``RunStoreCheckFailure`` if the store breaks the contract; else what it throws.
  public func run(on store: some RunAnnotating) async throws {
    switch self {
    case .keepsEdits:
      try await store.edit(["1", "3"], [.tag("best"), .tag("a b"), .note("two\nlines")])
      try await store.edit(["3"], [.name("third")])
      try await expect(["3", "1"], of: "\"best\" in tags", store)
      try await expect(["3", "1"], of: "\"a b\" in tags and note =~ \"lines\"", store)
      try await expect(["3"], of: "name == \"third\"", store)
      let run = try await store.run("3")
      try expect(run.annotations.tags == ["a b", "best"], "\(run.annotations)")
      try expect(run.annotations.note == "two\nlines" && run.name == "third", "\(run.annotations)")
    case .takesEditsAway:
      try await store.edit(["1", "3"], [.tag("best"), .note("good"), .name("third")])
      try await store.edit(["1", "3"], [.untag("best"), .untag("never"), .note(nil), .name(nil)])
      try await expect([], of: "has tags or has note or name == \"third\"", store)
      let annotations = try await store.run("3").annotations
      try expect(annotations.isEmpty, "\(annotations)")
    case .keepsTheOrderOfEdits:
      try await store.edit(["2"], [.tag("a"), .untag("a"), .note("first"), .note("second")])
      try await store.edit(["2"], [.name("one")])
      try await store.edit(["2"], [.name("two")])
      let run = try await store.run("2")
      try expect(run.tags == [] && run.note == "second", "\(run.annotations)")
      try expect(run.name == "two", "\(run.annotations)")
    case .refusesWhatIsNotThere:
      do {
        try await store.edit(["1", "9"], [.tag("x")])
        try expect(false, "a run '9' was edited")
      } catch is NoSuchRun {}
      try await expect([], of: "\"x\" in tags", store)
    case .keepsEditsAtOnce:
      let tags = (0..<16).map { "tag \($0)" }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for tag in tags { group.addTask { try await store.edit(["4"], [.tag(tag)]) } }
        try await group.waitForAll()
      }
      let kept = try await store.run("4").tags
      try expect(Set(kept) == Set(tags) && kept.count == tags.count, "\(kept)")
    }
  }

  private func expect(_ holds: Bool, _ message: @autoclosure () -> String) throws {
    if !holds { throw RunStoreCheckFailure(check: rawValue, message: message()) }
  }

  private func expect(_ ids: [String], of text: String, _ store: some RunStore) async throws {
    let selection = RunSelection(try Query(parsing: text), now: RunStoreChecks.now)
    let found = try await store.select(selection).ids
    try expect(found == ids, "'\(text)' finds \(found), expected \(ids)")
  }
}

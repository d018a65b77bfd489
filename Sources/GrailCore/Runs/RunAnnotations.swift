/// What people added to a run after it began; the run itself stays as it was recorded.
public struct RunAnnotations: Hashable, Sendable {
  /// The name that the run was given, if it was given one.
  public var name: String?
  /// What somebody noted about the run.
  public var note: String?
  /// The tags, sorted by their characters' codes.
  public var tags: [String] = []

  /// Creates annotations of which there are none.
  public init() {}

  /// Whether nobody added anything.
  public var isEmpty: Bool { self == RunAnnotations() }
}

/// One thing that somebody changes about what people added to a run.
public enum RunEdit: Hashable, Sendable {
  /// Gives the run a name, or takes it away.
  case name(String?)
  /// Replaces the note, or takes it away.
  case note(String?)
  /// Adds a tag.
  case tag(String)
  /// Takes a tag away.
  case untag(String)
}

extension RunAnnotations {
  /// Takes in an edit.
  public mutating func apply(_ edit: RunEdit) {
    switch edit {
    case .name(let name): self.name = name
    case .note(let note): self.note = note
    case .tag(let tag):
      guard !tags.contains(tag) else { return }
      tags.append(tag)
      tags.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    case .untag(let tag): tags.removeAll { $0 == tag }
    }
  }
}

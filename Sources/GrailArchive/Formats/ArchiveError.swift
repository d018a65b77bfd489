/// What is wrong with an archive, or with something in it.
package struct ArchiveError: Error, Hashable, CustomStringConvertible {
  /// What was found, and what to do, in one line.
  package var description: String

  init(_ description: String) { self.description = description }
}

package import GrailCore
package import GrailRecord

extension StoreFolder {
  /// What people added to some runs, for another folder of these runs.
  ///
  /// - Parameter runs: The runs.
  /// - Returns: The files of `.grail/changes/` that speak of them, each with nothing about others.
  package func changes(to runs: [RunRecord]) -> [(name: String, content: [UInt8])] {
    let references = Set(runs.map { RunReference($0).text })
    let folder = ChangeFolder(of: self)
    return folder.names.compactMap { name in
      guard var change = folder.change(name) else { return nil }
      change.runs.removeAll { !references.contains($0.text) }
      guard !change.runs.isEmpty else { return nil }
      return (name, JSONWriter.bytes(change.value, style: .strict))
    }
  }

  /// Takes in what people added to runs in another store, with the times at which they did.
  ///
  /// What was taken in before is not taken in again.
  ///
  /// - Parameters:
  ///   - other: The other store.
  ///   - runs: The runs as they are known there and here.
  /// - Throws: ``FileError`` if it cannot be written.
  package func takeChanges(
    of other: StoreFolder, to runs: [(there: RunReference, here: RunReference)]
  ) throws(FileError) {
    let references = Dictionary(
      runs.map { ($0.there.text, $0.here) }, uniquingKeysWith: { $1 })
    let (theirs, ours) = (ChangeFolder(of: other), ChangeFolder(of: self))
    var present = Set(ours.names.compactMap(ours.change).flatMap(KnownChange.all))
    for name in theirs.names {
      // An archive may hold anything under such a name.
      guard let file = FileIdentity(path: "\(theirs.path)/\(name)"),
        file.byteCount <= Self.mostChange, var change = theirs.change(name)
      else { continue }
      // A time that has not come yet would win over all that people do from now on.
      change.time = min(change.time, SystemClock.now())
      change.runs = change.runs.compactMap { references[$0.text] }
        .filter { present.insert(KnownChange(change, $0)).inserted }
      if !change.runs.isEmpty { try ours.add(change) }
    }
  }

  /// A change of a million runs is smaller.
  private static let mostChange: Int64 = 1 << 27
}

/// A change as it is about one run.
private struct KnownChange: Hashable {
  let time: Timestamp
  let author: String
  let run: String
  let edits: [RunEdit]

  init(_ change: RunChange, _ run: RunReference) {
    (time, author, edits) = (change.time, change.author, change.edits)
    self.run = run.text
  }

  static func all(_ change: RunChange) -> [KnownChange] {
    change.runs.map { KnownChange(change, $0) }
  }
}

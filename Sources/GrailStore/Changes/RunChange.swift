package import GrailCore
import GrailRecord
import OrderedCollections

/// What somebody did to what people add to runs: the content of one file under `.grail/changes/`.
///
/// Files are never written again, so that no two people overwrite each other's edits. Of all files
/// the edits are taken in by time, and by the files' names where the time is the same.
struct RunChange: Equatable {
  /// When it was done.
  var time: Timestamp
  /// Who did it, as `user@machine`.
  var author: String
  /// The runs that are meant.
  var runs: [RunReference]
  /// What was done to each of them, in order.
  var edits: [RunEdit]

  static let version: Int64 = 1

  /// The file's content.
  var value: Value {
    [
      "version": .int(Self.version), "time": .text(time.description), "by": .text(author),
      "runs": .list(runs.map(\.value)), "edits": .list(edits.map(\.value)),
    ]
  }

  /// Reads a file's content; `nil` if it is none, or of a later version.
  ///
  /// An edit that this version does not know is passed over.
  init?(_ value: Value) {
    guard value["version"]?.intValue == Self.version,
      let time = value["time"]?.textValue.flatMap({ Timestamp(isoText: $0) }),
      let runs = value["runs"]?.listValue, let edits = value["edits"]?.listValue
    else { return nil }
    self.time = time
    author = value["by"]?.textValue ?? ""
    self.runs = runs.compactMap(RunReference.init)
    self.edits = edits.compactMap(RunEdit.init)
  }

  init(time: Timestamp, author: String, runs: [RunReference], edits: [RunEdit]) {
    (self.time, self.author, self.runs, self.edits) = (time, author, runs, edits)
  }
}

/// What a change knows a run by: its key, or its id in the store if it has none.
package struct RunReference: Hashable, Sendable {
  /// The id.
  package var id: String
  private var key: RunKey?

  /// What a run is known by.
  package init(_ record: RunRecord) { (id, key) = (record.id, record.key) }

  init?(_ value: Value) {
    guard let id = value["id"]?.textValue else { return nil }
    self.id = id
    key = value["key"]?.textValue.flatMap { RunKey($0) }
  }

  var value: Value {
    guard let key else { return ["id": .text(id)] }
    return ["id": .text(id), "key": .text(key.description)]
  }

  /// The same run always has the same text, and another run another.
  var text: String { key.map { "key:\($0)" } ?? "id:\(id)" }
}

extension RunEdit {
  fileprivate var value: Value {
    switch self {
    case .name(let name): ["name": name.map(Value.text) ?? .null]
    case .note(let note): ["note": note.map(Value.text) ?? .null]
    case .tag(let tag): ["tag": .text(tag)]
    case .untag(let tag): ["untag": .text(tag)]
    }
  }

  fileprivate init?(_ value: Value) {
    guard let (name, content) = value.mapValue?.elements.first.map({ ($0.key, $0.value) }) else {
      return nil
    }
    switch (name, content) {
    case ("name", .text(let text)): self = .name(text)
    case ("name", .null): self = .name(nil)
    case ("note", .text(let text)): self = .note(text)
    case ("note", .null): self = .note(nil)
    case ("tag", .text(let text)): self = .tag(text)
    case ("untag", .text(let text)): self = .untag(text)
    default: return nil
    }
  }

  /// The edits as they are kept in the index.
  static func bytes(_ edits: [RunEdit]) -> [UInt8] {
    ValueCoding.encode(.list(edits.map(\.value)))
  }

  /// The edits that the index keeps.
  static func edits(_ bytes: [UInt8]) -> [RunEdit] {
    ValueCoding.decode(bytes)?.listValue?.compactMap(RunEdit.init) ?? []
  }
}

/// What `git status --porcelain=v2 --branch -z` says.
struct GitStatus: Hashable {
  /// The commit that is checked out; `nil` before the first.
  var commit: String?
  /// The branch that is checked out, if it is one.
  var branch: String?
  /// The files under version control that differ from the commit, relative to the folder.
  var changed: [String] = []
  /// Files, and folders with a `/` at their end, that are not under version control.
  var untracked: [String] = []
  /// The names that changed files had in the commit, where they were moved.
  var moved: [String: String] = [:]

  /// Reads the answer; `nil` if it is none.
  init?(_ bytes: [UInt8]) {
    var isAnswer = false
    var records = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }[...]
    while let record = records.popFirst() {
      switch record.first {
      case "#":
        let words = record.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count == 3 else { continue }
        if words[1] == "branch.oid" {
          isAnswer = true
          commit = words[2] == "(initial)" ? nil : words[2]
        } else if words[1] == "branch.head" {
          branch = words[2] == "(detached)" ? nil : words[2]
        }
      case "1": add(record, fieldCount: 8)
      case "u": add(record, fieldCount: 10)
      case "2":
        add(record, fieldCount: 9)
        // The name before follows as a record of its own.
        if let before = records.popFirst(), let now = changed.last { moved[now] = before }
      case "?": untracked.append(String(record.dropFirst(2)))
      default: continue
      }
    }
    guard isAnswer else { return nil }
  }

  private mutating func add(_ record: String, fieldCount: Int) {
    let fields = record.split(
      separator: " ", maxSplits: fieldCount, omittingEmptySubsequences: false)
    if fields.count == fieldCount + 1 { changed.append(String(fields[fieldCount])) }
  }

  /// Whether a file is not under version control.
  func isUntracked(_ path: String) -> Bool {
    untracked.contains { $0.hasSuffix("/") ? path.hasPrefix($0) : path == $0 }
  }
}

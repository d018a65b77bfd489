import GrailRecord

/// A source file of a program, as it was when it was looked at.
struct SourceFile: Hashable, Sendable {
  /// The absolute path.
  var path: String
  var identity: FileIdentity
  /// Whether the program was built from its content, so that a newer one is worth a note.
  var isBuilt = true
}

extension String {
  /// Everything before the last `/`; `/` for a path of the root.
  var folder: String {
    guard let slash = lastIndex(of: "/"), slash > startIndex else { return "/" }
    return String(self[..<slash])
  }

  /// Everything behind the last `/`.
  var lastPart: String { split(separator: "/").last.map(String.init) ?? self }

  /// The path of a file relative to a folder, both absolute and without `.` and `..`.
  func relative(to folder: String) -> String {
    if hasPrefix(folder), dropFirst(folder.count).hasPrefix("/") {
      return String(dropFirst(folder.count + 1))
    }
    let own = split(separator: "/")
    let others = folder.split(separator: "/")
    let common = zip(own, others).prefix { $0 == $1 }.count
    // With nothing in common a path from the root says more.
    guard common > 0 else { return self }
    let up = repeatElement(Substring(".."), count: others.count - common)
    return (up + own.dropFirst(common)).joined(separator: "/")
  }

  /// Whether a part of the path, below its first bytes, begins with a dot.
  func hasHiddenPart(after count: Int) -> Bool {
    utf8.dropFirst(count).split(separator: UInt8(ascii: "/"))
      .contains { $0.first == UInt8(ascii: ".") }
  }
}

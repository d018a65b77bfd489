import GrailRecord

/// A source file of a program, as it was when it was looked at.
struct SourceFile: Hashable, Sendable {
  /// The absolute path.
  var path: String
  var identity: FileIdentity
  /// Whether the program was built from its content, so that a newer one is worth a note.
  var isBuilt = true
}

// By bytes, because there are hundreds of paths in every run.
extension String {
  private static let slash = UInt8(ascii: "/")

  /// Everything before the last `/`; `/` for a path of the root.
  var folder: String {
    guard let slash = utf8.lastIndex(of: Self.slash), slash > startIndex else { return "/" }
    return String(self[..<slash])
  }

  /// Everything behind the last `/`.
  var lastPart: String {
    utf8.lastIndex(of: Self.slash).map { String(self[utf8.index(after: $0)...]) } ?? self
  }

  /// Whether a path leads below a folder.
  func isBelow(_ folder: String) -> Bool {
    let own = utf8
    return own.starts(with: folder.utf8) && own.dropFirst(folder.utf8.count).first == Self.slash
  }

  /// The path of a file relative to a folder, both absolute and without `.` and `..`.
  func relative(to folder: String) -> String {
    if isBelow(folder) {
      return String(self[utf8.index(startIndex, offsetBy: folder.utf8.count + 1)...])
    }
    let own = split(separator: "/")
    let others = folder.split(separator: "/")
    let common = zip(own, others).prefix { $0 == $1 }.count
    // With nothing in common a path from the root says more.
    guard common > 0 else { return self }
    let up = repeatElement(Substring(".."), count: others.count - common)
    return (up + own.dropFirst(common)).joined(separator: "/")
  }

  /// Whether a part of the path, behind its first bytes, begins with a dot.
  func hasHiddenPart(after count: Int) -> Bool {
    var isStart = true
    for byte in utf8.dropFirst(count) {
      if isStart, byte == UInt8(ascii: ".") { return true }
      isStart = byte == Self.slash
    }
    return false
  }
}

/// The difference that adds a file, in git's form, so that `git apply` makes it.
enum NewFilePatch {
  /// Returns the difference.
  ///
  /// - Parameters:
  ///   - path: The file's path in the repository.
  ///   - content: The file's content, of text.
  /// - Returns: The difference; `nil` for content that is no text.
  static func bytes(path: String, content: [UInt8]) -> [UInt8]? {
    guard !content.contains(0) else { return nil }
    let (old, new) = (quoted("a/\(path)"), quoted("b/\(path)"))
    var patch = Array("diff --git \(old) \(new)\nnew file mode 100644\n".utf8)
    guard !content.isEmpty else { return patch }
    let endsWithBreak = content.last == UInt8(ascii: "\n")
    var lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if endsWithBreak { lines.removeLast() }
    // Behind a name with spaces a tab says where it ends.
    let end = path.contains(" ") && !new.hasPrefix("\"") ? "\t" : ""
    patch += Array("--- /dev/null\n+++ \(new)\(end)\n@@ -0,0 +1,\(lines.count) @@\n".utf8)
    for line in lines {
      patch.append(UInt8(ascii: "+"))
      patch += line
      patch.append(UInt8(ascii: "\n"))
    }
    if !endsWithBreak { patch += Array("\\ No newline at end of file\n".utf8) }
    return patch
  }

  /// A name as git writes it: in quotes where it has signs that would be misread.
  private static func quoted(_ name: String) -> String {
    guard name.utf8.contains(where: { $0 < 32 || $0 == 34 || $0 == 92 || $0 > 126 }) else {
      return name
    }
    var text = "\""
    for byte in name.utf8 {
      switch byte {
      case 34, 92: text += "\\" + String(UnicodeScalar(byte))
      case 32...126: text += String(UnicodeScalar(byte))
      default:
        let digits = String(byte, radix: 8)
        text += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }
    }
    return text + "\""
  }
}

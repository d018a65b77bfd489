import GrailCore
import GrailRecord
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The lines in which two texts differ, as the system's program `diff` finds them.
enum LineDifference {
  /// Takes a part of a text.
  typealias Sink = ([UInt8]) throws -> Void

  /// Compares two texts; each is written to a file of its own for as long as that takes, so that
  /// memory stays small whatever their length.
  ///
  /// - Parameters:
  ///   - old: Writes the first text.
  ///   - new: Writes the second text.
  ///   - take: Is given the lines from the first `@@` on, as `diff -u` prints them; none where the
  ///     texts are the same.
  /// - Returns: Whether they could be compared: not where the machine has no `diff`.
  /// - Throws: The system's error if a file cannot be written; what the closures throw.
  static func find(
    from old: (Sink) throws -> Void, to new: (Sink) throws -> Void,
    _ take: (String) throws -> Void
  ) throws -> Bool {
    let folder = try makeFolder()
    defer { remove(folder) }
    try write(to: "\(folder)/old", old)
    try write(to: "\(folder)/new", new)
    let words = "LC_ALL=C diff -u -a -- \(quoted(folder))/old \(quoted(folder))/new"
    guard let pipe = popen("\(words) 2>/dev/null", "r") else { return false }
    // What reads no further lets the program end at its next line.
    var isOpen = true
    defer { if isOpen { pclose(pipe) } }
    var part = [UInt8](repeating: 0, count: 64 << 10)
    var rest: [UInt8] = []
    var lineCount = 0
    func takeLine(_ line: ArraySlice<UInt8>) throws {
      lineCount += 1
      // The first two lines name the files.
      if lineCount > 2 { try take(String(decoding: line, as: UTF8.self)) }
    }
    while true {
      let count = fread(&part, 1, part.count, pipe)
      if count == 0 { break }
      rest += part[..<count]
      var start = 0
      while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
        try takeLine(rest[start..<end])
        start = end + 1
      }
      rest.removeFirst(start)
    }
    if !rest.isEmpty { try takeLine(rest[...]) }
    isOpen = false
    // 0 for the same, 1 for differences; anything else is trouble, or no such program.
    let end = pclose(pipe)
    return end == 0 || end == 1 << 8
  }

  /// The style of a line.
  static func style(of line: String) -> TextStyle {
    switch line.unicodeScalars.first {
    case "+": .green
    case "-": .red
    case "@": .cyan
    case "\\": .dim
    default: []
    }
  }

  private static func makeFolder() throws -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/grail-diff-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func write(to path: String, _ text: (Sink) throws -> Void) throws {
    let file = try FileDescriptor.open(
      FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
      permissions: .ownerReadWrite)
    try file.closeAfter { try text { bytes in try file.writeAll(bytes) } }
  }

  private static func remove(_ folder: String) {
    for name in ["old", "new"] { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  private static func quoted(_ path: String) -> String {
    "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}

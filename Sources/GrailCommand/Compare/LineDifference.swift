import GrailCore
import GrailRecord
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The lines in which two texts differ, as the system's program `diff` finds them.
struct LineDifference {
  /// The lines from the first `@@` on, as `diff -u` prints them; none where the texts are the same.
  private(set) var lines: [String] = []

  /// Compares two texts; each is written to a file of its own for as long as that takes.
  ///
  /// It fails where the machine has no `diff`.
  ///
  /// - Parameters:
  ///   - old: Writes the first text.
  ///   - new: Writes the second text.
  /// - Throws: ``FileError`` or the system's error if a file cannot be written; what `old` and `new`
  ///   throw.
  init?(from old: (Sink) throws -> Void, to new: (Sink) throws -> Void) throws {
    let folder = try Self.makeFolder()
    defer { Self.remove(folder) }
    try Self.write(to: "\(folder)/old", old)
    try Self.write(to: "\(folder)/new", new)
    let words = "LC_ALL=C diff -u -a -- \(Self.quoted(folder))/old \(Self.quoted(folder))/new"
    guard let pipe = popen("\(words) 2>/dev/null", "r") else { return nil }
    var text: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = fread(&part, 1, part.count, pipe)
      if count == 0 { break }
      text += part[..<count]
    }
    // 0 for the same, 1 for differences; anything else is trouble, or no such program.
    let end = pclose(pipe)
    guard end == 0 || end == 1 << 8 else { return nil }
    lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    if lines.last == "" { lines.removeLast() }
    // The first two lines name the files.
    lines.removeFirst(min(2, lines.count))
  }

  /// Takes a part of a text.
  typealias Sink = ([UInt8]) throws -> Void

  /// Writes the lines in their colors.
  func write(for terminal: Terminal, to write: (String) throws -> Void) rethrows {
    for line in lines {
      let style: TextStyle =
        switch line.unicodeScalars.first {
        case "+": .green
        case "-": .red
        case "@": .cyan
        case "\\": .dim
        default: []
        }
      try write("  " + terminal.styled(DisplayText(line), style) + "\n")
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

/// What an archive says of one of its files or folders.
struct ArchiveMember: Hashable, Sendable {
  /// What a member is.
  enum Kind: Hashable, Sendable {
    case file
    case folder
    /// Something that no run's directory holds, in words, such as "it is a symbolic link".
    case other(String)
  }

  /// The name with the folders before it, `runs/3/run.json`.
  var name: String
  var kind: Kind
  /// The size of a file.
  var byteCount: Int64 = 0
  /// Whether the file is a program.
  var isProgram = false
  /// When it was last written, in seconds since 1970.
  var modified: Int64 = 0
}

/// Gives the members of an archive, one after the other.
protocol ArchiveReader {
  /// Goes to the next member, whether or not the content of the one before was read.
  ///
  /// - Returns: The member; `nil` behind the last.
  /// - Throws: ``ArchiveError``, or the system's error.
  mutating func next() throws -> ArchiveMember?

  /// Reads the next part of the present member's content.
  ///
  /// - Returns: The bytes; none at the end.
  /// - Throws: ``ArchiveError`` if they are not what the archive says of them, or the system's error.
  mutating func read() throws -> [UInt8]
}

/// Writes an archive, member by member.
protocol ArchiveWriter {
  /// Adds a member.
  ///
  /// - Parameters:
  ///   - member: What it is; a file's size is that of what is read.
  ///   - read: Gives the content part by part, and nothing at its end.
  /// - Throws: What `read` throws, and why the archive cannot be written.
  mutating func add(_ member: ArchiveMember, read: () throws -> [UInt8]) throws

  /// Ends the archive.
  mutating func finish() throws
}

extension ArchiveWriter {
  /// Adds a file whose content is in memory.
  mutating func add(_ name: String, _ content: [UInt8], modified: Int64) throws {
    var rest: [UInt8]? = content
    let member = ArchiveMember(
      name: name, kind: .file, byteCount: Int64(content.count), modified: modified)
    try add(member) {
      defer { rest = nil }
      return rest ?? []
    }
  }

  /// Adds a folder.
  mutating func addFolder(_ name: String, modified: Int64) throws {
    try add(ArchiveMember(name: name, kind: .folder, modified: modified)) { [] }
  }
}

extension ArchiveMember {
  /// The name for a message.
  var shownName: String { Self.shown(name) }

  /// A name for a message: one that is not a person's may be endless.
  static func shown(_ name: String) -> String {
    name.utf8.count > 200 ? "\(name.prefix(100))…" : name
  }

  /// What is wrong with a name as text, or the text.
  static func name(_ bytes: some Collection<UInt8>) -> (text: String, problem: String?) {
    let text = String(decoding: bytes, as: UTF8.self)
    if bytes.contains(0) { return (text, "its name holds a zero") }
    return (text, text.utf8.elementsEqual(bytes) ? nil : "its name is not UTF-8")
  }
}

import GrailCore
import GrailRecord
import GrailStore

/// What `artifacts` and `sources` do with the files of a run.
struct FileCommands {
  let files: [StoredFile]
  /// What one of them is called, such as `artifact`.
  let noun: String
  let runID: String

  /// Finds the one run that a word names.
  ///
  /// - Parameters:
  ///   - word: The word.
  ///   - stores: The store of what is not a path.
  /// - Returns: The run.
  /// - Throws: ``CommandFailure`` if it names several, or none.
  static func run(_ word: String, in stores: StoreOptions) throws -> StoredDirectory {
    let named = try RunWords([word]).runs(in: stores)
    guard let only = named.first, named.count == 1 else {
      throw CommandFailure.usage(
        "'\(DisplayText(word))' names \(named.count) runs; name one by its id")
    }
    return try only.open()
  }

  /// Shows a table of the files.
  func list(_ context: CommandContext) throws {
    guard !files.isEmpty else {
      throw CommandFailure(code: 1, message: "run \(DisplayText(runID)) has no \(noun)s")
    }
    let table = TextTable(
      columns: [
        TextTable.Column(noun, .left, minimumWidth: 16, cut: .middle),
        TextTable.Column("size", .right), TextTable.Column("", .left, minimumWidth: 8),
      ],
      rows: files.map { file in
        let present = file.present?.byteCount
        return [
          TextTable.Cell(file.name),
          TextTable.Cell((file.byteCount ?? present).map { NumberText.text(ofBytes: $0) } ?? ""),
          present == nil
            ? TextTable.Cell(file.path == nil ? "not kept" : "not there", .yellow)
            : TextTable.Cell(file.contentType ?? "", .dim),
        ]
      })
    try context.page { try table.write(for: context.output, to: $0) }
  }

  /// What each key of a file's object is, for the help of the commands.
  static let jsonHelp = """
    --json prints an object a line: name; bytes; sha256, md5, content_type, as far as the \
    record has them; time, when the content was written; path, where it lies. What is not \
    known, or not there, is null.
    """

  /// Prints a JSON object a file.
  func writeJSON(_ context: CommandContext) throws {
    guard !files.isEmpty else { throw CommandFailure.nothing }
    try context.page { write in
      for file in files {
        let present = file.isReadable ? file.present : nil
        let object: Value = [
          "name": .text(file.name),
          "bytes": (file.byteCount ?? present?.byteCount).map(Value.int) ?? .null,
          "sha256": file.sha256.map(Value.text) ?? .null,
          "md5": file.md5.map(Value.text) ?? .null,
          "content_type": file.contentType.map(Value.text) ?? .null,
          "time": (present?.modificationTime).map(Value.time) ?? .null,
          "path": present == nil ? .null : file.path.map(Value.text) ?? .null,
        ]
        let line = JSONWriter.bytes(object, style: .strict)
        try write(String(decoding: line, as: UTF8.self) + "\n")
      }
    }
  }

  /// Prints a file; a terminal gets nothing of it that would steer it.
  ///
  /// - Parameters:
  ///   - name: The file's name.
  ///   - context: Where to print.
  /// - Throws: ``CommandFailure`` if there is no such file, or it cannot be read.
  func print(_ name: String, _ context: CommandContext) throws {
    guard let file = files.last(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
      throw CommandFailure(
        code: 66, message: "run \(DisplayText(runID)) has no \(noun) '\(DisplayText(name))'\(hint)")
    }
    let pager = Pager(terminal: context.output, environment: context.environment)
    var safe = SafeOutput(keepsColors: context.output.isColored)
    do {
      try file.read { bytes in
        guard context.output.isInteractive else { return try pager.write(bytes: bytes) }
        var shown: [UInt8] = []
        safe.filter(bytes, into: &shown)
        try pager.write(bytes: shown)
      }
    } catch let error as StoredFileError {
      throw CommandFailure(code: 66, message: DisplayText("\(error)").text)
    }
    if context.output.isInteractive {
      var rest: [UInt8] = []
      safe.finish(into: &rest)
      try pager.write(bytes: rest)
    }
    try pager.close()
  }

  private var hint: String {
    let names = files.prefix(5).map { "'\(DisplayText($0.name, maximumWidth: 60))'" }
    guard !names.isEmpty else { return "" }
    return "; it has \(names.joined(separator: ", "))\(files.count > 5 ? ", …" : "")"
  }

  /// Lays the files out in a folder, and says which cannot be.
  ///
  /// - Parameters:
  ///   - folder: The folder, which is made if it is not there.
  ///   - context: Where to print.
  /// - Throws: ``CommandFailure`` if one of them cannot be laid out.
  func layOut(in folder: String, _ context: CommandContext) throws {
    guard !files.isEmpty else {
      throw CommandFailure(code: 1, message: "run \(DisplayText(runID)) has no \(noun)s")
    }
    let layout: FolderLayout
    do {
      layout = try FolderLayout(path: folder)
    } catch {
      throw CommandFailure(code: 73, message: DisplayText("\(error)").text)
    }
    var count = 0
    for file in files {
      do {
        try layout.add(file)
        count += 1
      } catch {
        CommandContext.complain(DisplayText("\(error)").text)
      }
    }
    let what = count == 1 ? "1 \(noun)" : "\(NumberText.text(ofCount: count)) \(noun)s"
    if context.errors.isInteractive {
      CommandContext.warn("\(what) in '\(DisplayText(folder))'")
    }
    if count < files.count { throw CommandFailure(code: 73, message: "") }
  }
}

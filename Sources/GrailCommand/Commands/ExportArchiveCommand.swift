import ArgumentParser
import GrailArchive
import GrailCore
import GrailRecord
import GrailStore
import SystemPackage

/// `grail export archive`: runs with all their files, as one file.
struct ExportArchiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive", abstract: "Pack runs with all their files into one.",
    discussion: """
      grail export archive 3-17 -o best.tar.gz
      grail export archive last -o - | ssh lab tar xz

      The archive holds one folder, a store of its own, with what the runs share and with tags and \
      notes. 'grail import' brings them into another store; unpacked, it opens as it is.
      """)

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp(
      "Which runs: ids, last, 3-17, or a query; all without any.", valueName: "run"),
    completion: Completions.runs)
  var runs: [String] = []
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file, .tar.gz, .tgz, .tar or .zip; - for the output.", valueName: "FILE"),
    completion: .file(extensions: ["gz", "tgz", "tar", "zip"]))
  var output: String
  @Option(help: "tgz, tar or zip, whatever the file is called.") var format: ArchiveFormat?

  func validate() throws {
    if output != "-", format == nil, ArchiveFormat(ofFile: output) == nil {
      throw ValidationError(
        "'\(DisplayText(output))' ends in none of .tar.gz, .tgz, .tar, .zip: say which with --format"
      )
    }
    if output == "-", CommandContext.current.output.isInteractive {
      throw ValidationError("an archive is nothing to read: name a file, or lead it elsewhere")
    }
  }

  func run() throws {
    let store = try stores.open()
    let ids = runs.isEmpty ? store.directoryNames : try RunWords(runs).ids(in: store)
    guard !ids.isEmpty else {
      throw CommandFailure(code: 1, message: "\(DisplayText(store.location)) has no runs")
    }
    guard output != "-" else {
      let unread = try pack(ids, of: store, folder: "runs") { bytes in
        do {
          _ = try FileDescriptor.standardOutput.writeAll(bytes)
        } catch {
          throw FileError(path: "-", verb: "written", cause: error)
        }
      }
      return try end(unread)
    }
    let file = ArchiveFile(try AtomicFile(path: output))
    let stem = ArchiveFormat.stem(ofFile: output)
    let isName = StoreFolder.problem(withID: stem) == nil
    let unread = try pack(ids, of: store, folder: isName ? stem : "runs") { try file.write($0) }
    try file.commit()
    let context = CommandContext.current
    if context.errors.isInteractive {
      let size = FileIdentity(path: output).map { NumberText.text(ofBytes: $0.byteCount) } ?? ""
      let count = ids.count - unread
      let what = count == 1 ? "1 run" : "\(NumberText.text(ofCount: count)) runs"
      CommandContext.warn("\(what) in '\(DisplayText(output))', \(size)")
    }
    try end(unread)
  }

  private func end(_ unread: Int) throws(CommandFailure) {
    if unread > 0 { throw CommandFailure(code: 66, message: "") }
  }

  /// Packs the runs, and says which cannot be read; returns how many.
  private func pack(
    _ ids: [String], of store: FileStore, folder: String,
    to write: @escaping ([UInt8]) throws -> Void
  ) throws -> Int {
    let form = format ?? ArchiveFormat(ofFile: output) ?? .tgz
    var packer = RunPacker(from: store, folder: folder, as: form, to: write)
    var unread = 0
    for id in ids {
      do {
        for note in try packer.add(id) { CommandContext.warn("grail: \(DisplayText(note))") }
      } catch let error as RunReaderError {
        CommandContext.complain("\(DisplayText("\(error)"))")
        unread += 1
      }
    }
    try end(unread == ids.count ? unread : 0)
    try packer.finish()
    return unread
  }
}

extension ArchiveFormat: ExpressibleByArgument {}

/// A file that is written by a closure, and appears when all of it is there.
private final class ArchiveFile {
  private var file: AtomicFile

  init(_ file: consuming AtomicFile) { self.file = file }

  func write(_ bytes: [UInt8]) throws { try file.write(bytes) }

  func commit() throws { try file.commit() }
}

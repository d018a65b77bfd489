import ArgumentParser
import GrailArchive
import GrailCore
import GrailRecord

/// The options that say where an exported table goes, and in which form.
struct ExportOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The file, .csv or .jsonl; else the output.", valueName: "FILE"),
    completion: .file(extensions: ["csv", "jsonl"]))
  var output: String?

  @Option(help: "csv or jsonl, whatever the file is called.")
  var format: ExportFormat?

  func validate() throws {
    if let output, output != "-", format == nil, ExportFormat(ofFile: output) == nil {
      if ArchiveFormat(ofFile: output) != nil {
        throw ValidationError(
          "'\(DisplayText(output))' is an archive, not a table: grail export archive makes one")
      }
      throw ValidationError(
        "'\(DisplayText(output))' ends in neither .csv nor .jsonl: say which with --format")
    }
  }

  /// The form of the table.
  var chosenFormat: ExportFormat { format ?? output.flatMap(ExportFormat.init(ofFile:)) ?? .csv }

  /// Writes a table; a file appears when all of it is written.
  ///
  /// - Parameter body: Is given what takes the table part by part.
  /// - Throws: What `body` throws; ``FileError`` if the file cannot be written.
  func write(_ body: (_ write: ([UInt8]) throws -> Void) throws -> Void) throws {
    guard let output, output != "-" else {
      return try CommandContext.current.page { write in
        try withoutActuallyEscaping(write) { write in
          try body { try write(String(decoding: $0, as: UTF8.self)) }
        }
      }
    }
    var file = try AtomicFile(path: output)
    try body { try file.write($0) }
    try file.commit(replacing: true)
  }
}

extension ExportFormat: ExpressibleByArgument {}

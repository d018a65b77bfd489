import ArgumentParser
import GrailArchive
import GrailCore
import GrailRecord

/// `grail import`: brings runs from archives into the store.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Bring runs from archives into the store.",
    discussion: """
      An archive is what 'grail export archive' made, or any .tar.gz, .tar or .zip of run \
      directories:
      tar czf runs.tar.gz runs/3 runs/4

      What the store has already is left as it is; tags and notes come together. Where an id is \
      taken, the run gets the next number.
      """)

  @OptionGroup var stores: StoreOptions
  @Argument(
    help: ArgumentHelp("The archives.", valueName: "file"),
    completion: .file(extensions: ["gz", "tgz", "tar", "zip"]))
  var files: [String]
  @Option(
    help: ArgumentHelp(
      "How much an archive may unpack to; else 100 times its size, and 1 GiB at least.",
      valueName: "SIZE"))
  var maxSize: SizeArgument?

  func run() throws {
    var importer = RunImporter(
      into: StoreFolder.find(named: stores.store), usesIndex: !stores.index.readsAnew)
    var (imported, known): (Int, Int) = (0, 0)
    var code: Int32 = 0
    for file in files {
      do {
        try importer.importRuns(of: file, mostBytes: maxSize?.byteCount) { outcome in
          switch outcome {
          case .imported(let id, let new):
            imported += 1
            let name = DisplayText(id)
            print(
              id == new ? "imported run \(name)" : "imported run \(name) as \(DisplayText(new))")
          case .known(let id, let present):
            known += 1
            print("run \(DisplayText(id)) is there as \(DisplayText(present))")
          case .note(let line): CommandContext.warn("grail import: \(DisplayText(line))")
          case .problem(let line):
            code = max(code, 1)
            CommandContext.complain("\(DisplayText(line))")
          }
        }
      } catch let error as ArchiveError {
        code = 66
        CommandContext.complain(
          "'\(DisplayText(file))' is not imported: \(DisplayText("\(error)"))")
      }
    }
    print("imported \(imported), there before \(known)")
    if code != 0 { throw CommandFailure(code: code, message: "") }
  }
}

/// A size as it is typed: `10GiB`, `500MB`.
struct SizeArgument: ExpressibleByArgument {
  var byteCount: Int64

  init?(argument: String) {
    guard let byteCount = SizeText.read(argument), byteCount >= 0 else { return nil }
    self.byteCount = byteCount
  }
}

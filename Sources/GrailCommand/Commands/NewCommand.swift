import ArgumentParser
import GrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `grail new`: makes a package with a first experiment.
struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make a package with a first experiment.",
    discussion: """
      grail new walk && cd walk && swift run walk

      It finds Grail where this tool was built, unless --grail names another folder or an address.
      """)

  @Argument(
    help: ArgumentHelp("The package's folder, which is not there yet.", valueName: "name"),
    completion: .directory)
  var path: String
  @Option(
    help: ArgumentHelp("Where Grail is: its folder, or an address.", valueName: "DIR|URL"),
    completion: .directory)
  var grail: String?

  func run() throws {
    let folder = StoreFolder.absolute(path)
    let name = try PackageName(path.split(separator: "/").last.map(String.init) ?? "")
    let package = NewPackage(name: name, grail: try GrailDependency(grail))
    guard mkdir(folder, 0o777) == 0 else {
      let found = errno == EEXIST ? "it is there already" : String(cString: strerror(errno))
      throw CommandFailure(
        code: 73, message: "'\(DisplayText(path))' cannot be made: \(found); name another folder")
    }
    for (path, text) in package.files {
      _ = try FileCopy.write(Array(text.utf8), to: "\(folder)/\(path)")
    }
    print("made '\(DisplayText(path))'; go on with:\n")
    print("  cd \(ShellWord.text(path))\n  swift run \(name.text)\n  swift test")
  }
}

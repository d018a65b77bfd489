import GrailRecord

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where a new package finds Grail: in a folder, or at an address.
struct GrailDependency: Hashable {
  /// The line of `Package.swift` that names it.
  let declaration: String
  /// What the line calls it.
  let identity: String

  /// Reads what was asked for, or else takes the folder that this tool was built in.
  ///
  /// - Throws: ``CommandFailure`` if there is no Grail.
  init(_ asked: String?) throws(CommandFailure) {
    if let asked, asked.contains("://") || asked.hasPrefix("git@") {
      let name = asked.split(separator: "/").last.map(String.init) ?? ""
      identity = name.hasSuffix(".git") ? String(name.dropLast(4)) : name
      declaration = ".package(url: \(String(reflecting: asked)), branch: \"main\")"
      return
    }
    let folder = asked.map { StoreFolder.absolute($0) } ?? Self.ownFolder
    guard Self.isGrail(folder) else {
      throw asked.map { asked in
        CommandFailure(
          code: 66,
          message: "there is no Grail in '\(DisplayText(asked))': name the folder with its "
            + "Package.swift, or an address such as https://…")
      }
        ?? CommandFailure(
          code: 66,
          message: "the Grail that this tool was built from is gone from "
            + "'\(DisplayText(folder))'; say where it is with --grail DIR or --grail https://…")
    }
    identity = "grail"
    declaration = ".package(name: \"grail\", path: \(String(reflecting: folder)))"
  }

  /// The folder of the sources that this tool was built from.
  private static let ownFolder: String = {
    let file = realpath(#filePath, nil).map { path in
      defer { free(path) }
      return String(cString: path)
    }
    return StoreFolder.absolute("\(file ?? #filePath)/../../../..")
  }()

  private static func isGrail(_ folder: String) -> Bool {
    guard let manifest = try? WholeFile.read("\(folder)/Package.swift") else { return false }
    return String(decoding: manifest, as: UTF8.self).contains("name: \"grail\"")
  }
}

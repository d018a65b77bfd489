import GrailRecord

/// The source files of a program, found from where its experiment was declared.
struct PackageSources {
  /// The folder of the package, or of the file where there is no package.
  let baseDirectory: String
  /// The file that declares the experiment, relative to the base directory.
  let mainFile: String
  /// The files, in the order of their paths.
  private(set) var files: [SourceFile] = []
  /// What was found but is not taken, for its size or the number of files.
  private(set) var omittedCount = 0
  /// What the package manager left beside the executable, if it did.
  private(set) var build: BuildFolder?
  /// The folders of the package and of the local packages whose sources it was built from.
  private(set) var packages: [String] = []

  private static let countLimit = 5000
  private static let fileLimit: Int64 = 1 << 20
  private static let totalLimit: Int64 = 64 << 20
  private static let manifest = "Package.swift"
  private static let extensions: Set<Substring> = [
    "swift", "c", "cc", "cpp", "cxx", "h", "hh", "hpp", "inc", "m", "mm", "s", "S", "metal", "cu",
    "cl", "modulemap",
  ]

  /// Finds the sources of a program; `nil` if the file that declares it is not here.
  ///
  /// - Parameters:
  ///   - file: The file that declares the experiment.
  ///   - build: What the package manager left beside the program's file.
  ///   - further: Files that the author names, relative to the base directory or absolute.
  init?(declaredIn file: String, build: BuildFolder?, further: [String] = []) {
    let file = StoreFolder.absolute(file)
    guard FileIdentity(path: file) != nil else { return nil }
    let package = Self.packageFolder(of: file)
    baseDirectory = package ?? file.folder
    mainFile = file.relative(to: baseDirectory)
    var paths: [String] = [file]
    if let package {
      packages = [package]
      // A build of another package, such as one that this one is a part of, counts too; one
      // without this very file is not the build of this program.
      if let build, build.sources.contains(file) {
        self.build = build
        paths += belonging(build.sources.filter { Self.hasSourceExtension($0) })
      } else {
        paths += Self.sources(below: "\(package)/Sources", or: package)
      }
    }
    take(paths, isBuilt: true)
    take(packages.map { "\($0)/\(Self.manifest)" }, isBuilt: true)
    take(packages.prefix(1).map { "\($0)/Package.resolved" }, isBuilt: false)
    take(
      further.map { $0.hasPrefix("/") ? $0 : StoreFolder.absolute("\(baseDirectory)/\($0)") },
      isBuilt: false)
    files.sort { $0.path < $1.path }
  }

  private mutating func take(_ paths: [String], isBuilt: Bool) {
    var total = files.reduce(0) { $0 + $1.identity.byteCount }
    var known = Set(files.map(\.path))
    for path in paths where known.insert(path).inserted {
      guard let identity = FileIdentity(path: path) else { continue }
      guard files.count < Self.countLimit, identity.byteCount <= Self.fileLimit,
        total + identity.byteCount <= Self.totalLimit
      else {
        omittedCount += 1
        continue
      }
      total += identity.byteCount
      files.append(SourceFile(path: path, identity: identity, isBuilt: isBuilt))
    }
  }

  /// The files that lie in a package's folder and are not hidden in it; notes the packages.
  private mutating func belonging(_ paths: [String]) -> [String] {
    var packageOfFolder: [String: String?] = [:]
    return paths.filter { path in
      let folder = path.folder
      let package =
        packageOfFolder[folder]
        ?? {
          let package = Self.packageFolder(of: path)
          packageOfFolder[folder] = package
          return package
        }()
      guard let package, !path.hasHiddenPart(after: package.utf8.count) else { return false }
      if !packages.contains(package) { packages.append(package) }
      return true
    }
  }

  /// The nearest folder upward with a package's manifest.
  static func packageFolder(of file: String) -> String? {
    var folder = file.folder
    while true {
      if FileIdentity(path: "\(folder)/\(manifest)") != nil { return folder }
      guard folder != "/" else { return nil }
      folder = folder.folder
    }
  }

  private static func hasSourceExtension(_ path: String) -> Bool {
    guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
    return extensions.contains(path[path.utf8.index(after: dot)...])
  }

  /// The sources below a package's usual folder, or below another where there is none.
  private static func sources(below folder: String, or other: String) -> [String] {
    var found: [String] = []
    walk(StoreFolder.isFolder(folder) ? folder : other, into: &found, depth: 0)
    return found
  }

  private static func walk(_ folder: String, into found: inout [String], depth: Int) {
    guard depth < 32 else { return }
    for name in StoreFolder.names(in: folder) where !name.hasPrefix(".") {
      guard found.count <= countLimit else { return }
      let path = "\(folder)/\(name)"
      if hasSourceExtension(name) {
        found.append(path)
      } else if StoreFolder.isFolder(path) {
        walk(path, into: &found, depth: depth + 1)
      }
    }
  }
}

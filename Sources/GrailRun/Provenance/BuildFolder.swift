import GrailRecord

/// What the package manager left beside an executable: what it was built from.
struct BuildFolder: Sendable {
  /// The absolute paths of the sources that the executable was built from, but those that lie in
  /// the build folder itself: fetched packages and what was generated.
  let sources: [String]
  /// The packages that it was built with, as `name==version`; `nil` where that is not noted.
  let packages: [String]?
  /// The version of the compiler, as in `6.3.1`.
  let compilerVersion: String?

  /// No file of the package manager is longer.
  private static let lengthLimit: Int64 = 16 << 20

  /// Looks beside an executable; `nil` where the package manager did not link it.
  init?(executable: String) {
    let folder = executable.folder
    var name = executable.lastPart
    if name.hasSuffix(".xctest") { name = String(name.dropLast(".xctest".count)) }
    guard let objects = Self.lines(of: "\(folder)/\(name).product/Objects.LinkFileList") else {
      return nil
    }
    // `.build`, unless another folder was chosen for all that is built.
    let scratch = folder.folder.folder
    let fetched = ["\(scratch)/checkouts", "\(scratch)/registry"]
    sources = Self.modules(of: objects).flatMap { module in
      Self.swiftSources(of: module, unlessIn: fetched)
        ?? Self.cSources(of: module, unlessIn: fetched)
    }.filter { !$0.isBelow(scratch) }
    packages = ResolvedPackages.built(in: scratch)
    compilerVersion = Self.compilerVersion(in: folder)
  }

  /// The folders `NAME.build` that objects lie in.
  private static func modules(of objects: [[UInt8]]) -> [String] {
    let sign = Array(".build/".utf8)
    var modules: [String] = []
    var last: ArraySlice<UInt8> = []
    for object in objects {
      // The objects of one module stand together.
      if !last.isEmpty, object.starts(with: last) { continue }
      guard
        let end = object.indices.last(where: { end in
          object[end] == sign[sign.count - 1] && object[...end].suffix(sign.count) == sign[...]
        })
      else { continue }
      last = object[...end]
      let module = String(decoding: object[..<end], as: UTF8.self)
      if !modules.contains(module) { modules.append(module) }
    }
    return modules
  }

  private static func compilerVersion(in folder: String) -> String? {
    let names = StoreFolder.names(in: folder).filter {
      $0.hasPrefix("swift-version-") && $0.hasSuffix(".txt")
    }
    let newest = names.compactMap { name in
      FileIdentity(path: "\(folder)/\(name)").map { (name, $0.modified) }
    }.max { $0.1 < $1.1 }
    guard let newest, let line = lines(of: "\(folder)/\(newest.0)")?.first else { return nil }
    // `Swift version 6.3.1 (swift-6.3.1-RELEASE)`, behind the maker's name on some systems.
    let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    guard let word = words.firstIndex(of: "version"), word + 1 < words.count else { return nil }
    return words[word + 1]
  }

  /// The sources of a module in Swift, of which there is a list; none of a fetched package, where
  /// all of a module lies in one folder.
  private static func swiftSources(of module: String, unlessIn fetched: [String]) -> [String]? {
    guard let lines = lines(of: "\(module)/sources") else { return nil }
    let first = lines.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
    guard !fetched.contains(where: first.isBelow) else { return [] }
    return lines.map { String(decoding: $0, as: UTF8.self) }
  }

  /// The sources and headers of a module in C: the compiler lists them for each object.
  private static func cSources(of module: String, unlessIn fetched: [String]) -> [String] {
    var found: Set<String> = []
    var folders = [(path: module, depth: 0)]
    while let (folder, depth) = folders.popLast() {
      for name in StoreFolder.names(in: folder) {
        let path = "\(folder)/\(name)"
        if name.hasSuffix(".d") {
          var rule = MakeRule(content(of: path) ?? [])
          guard let source = rule.next() else { continue }
          guard !fetched.contains(where: source.isBelow) else { return [] }
          found.insert(source)
          while let header = rule.next() {
            if header.hasPrefix("/") { found.insert(header) }
          }
        } else if depth < 16, !name.hasSuffix(".o"), StoreFolder.isFolder(path) {
          folders.append((path, depth + 1))
        }
      }
    }
    return found.sorted()
  }

  private static func content(of path: String) -> [UInt8]? {
    guard let identity = FileIdentity(path: path), identity.byteCount <= lengthLimit else {
      return nil
    }
    return try? WholeFile.read(path)
  }

  /// The lines of a list of files, in which a path may stand in quotes.
  private static func lines(of path: String) -> [[UInt8]]? {
    let quote = UInt8(ascii: "'")
    return content(of: path)?.split(separator: UInt8(ascii: "\n")).map { line in
      guard line.count > 1, line.first == quote, line.last == quote else { return Array(line) }
      // A quote within quotes is written '\''.
      var path: [UInt8] = []
      var rest = line.dropFirst().dropLast()
      while let byte = rest.popFirst() {
        path.append(byte)
        if byte == quote, rest.starts(with: Array("\\''".utf8)) { rest = rest.dropFirst(3) }
      }
      return path
    }
  }
}

/// The words behind the target of a rule as compilers write it for `make`.
private struct MakeRule {
  private var rest: ArraySlice<UInt8>

  init(_ text: [UInt8]) {
    rest = text.drop { $0 != UInt8(ascii: ":") }.dropFirst()
  }

  /// The next word.
  mutating func next() -> String? {
    var word: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\\"):
        guard let escaped = rest.popFirst() else { continue }
        // A sign that stands for itself, or a plain backslash; a line that goes on is nothing.
        if !" #\\\n".utf8.contains(escaped) { word.append(byte) }
        if escaped != UInt8(ascii: "\n") { word.append(escaped) }
      case UInt8(ascii: " "), UInt8(ascii: "\n"):
        if !word.isEmpty { return String(decoding: word, as: UTF8.self) }
      default:
        word.append(byte)
      }
    }
    return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
  }
}

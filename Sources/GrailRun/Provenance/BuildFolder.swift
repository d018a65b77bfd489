import GrailRecord

/// What the package manager left beside an executable: the sources that it was built from.
struct BuildFolder {
  /// The folder that holds all that was built, `.build` unless another was chosen.
  let scratch: String
  private let modules: [String]
  private let folder: String

  /// No file of the package manager is longer.
  private static let lengthLimit: Int64 = 16 << 20

  /// Looks beside an executable; `nil` where the package manager did not link it.
  init?(executable: String) {
    folder = executable.folder
    scratch = folder.folder.folder
    var name = executable.lastPart
    if name.hasSuffix(".xctest") { name = String(name.dropLast(".xctest".count)) }
    guard let objects = Self.lines(of: "\(folder)/\(name).product/Objects.LinkFileList") else {
      return nil
    }
    modules = Self.modules(of: objects)
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

  /// The absolute paths of the sources that the executable was built from, but those that lie in
  /// the build folder itself: fetched packages and what was generated.
  func sources() -> [String] {
    modules.flatMap { module in
      let sources = Self.lines(of: "\(module)/sources")?.map { String(decoding: $0, as: UTF8.self) }
      return sources ?? cSources(of: module)
    }.filter { !$0.isBelow(scratch) }
  }

  /// The version of the compiler, as in `6.3.1`.
  func compilerVersion() -> String? {
    let names = StoreFolder.names(in: folder).filter {
      $0.hasPrefix("swift-version-") && $0.hasSuffix(".txt")
    }
    let newest = names.compactMap { name in
      FileIdentity(path: "\(folder)/\(name)").map { (name, $0.modified) }
    }.max { $0.1 < $1.1 }
    guard let newest, let line = Self.lines(of: "\(folder)/\(newest.0)")?.first else { return nil }
    // `Swift version 6.3.1 (swift-6.3.1-RELEASE)`, behind the maker's name on some systems.
    let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    guard let word = words.firstIndex(of: "version"), word + 1 < words.count else { return nil }
    return words[word + 1]
  }

  /// The sources and headers of a module in C: the compiler lists them for each object.
  private func cSources(of module: String) -> [String] {
    var found: Set<String> = []
    for path in Self.files(below: module) where path.hasSuffix(".d") {
      guard let text = Self.content(of: path) else { continue }
      var rule = MakeRule(text)
      // The first is the source itself: of a fetched package none is wanted.
      guard let first = rule.next(), !first.isBelow(scratch) else { continue }
      found.insert(first)
      while let path = rule.next() {
        if path.hasPrefix("/") { found.insert(path) }
      }
    }
    return found.sorted()
  }

  private static func files(below folder: String, depth: Int = 0) -> [String] {
    guard depth < 16 else { return [] }
    return StoreFolder.names(in: folder).flatMap { name in
      let path = "\(folder)/\(name)"
      return StoreFolder.isFolder(path) ? files(below: path, depth: depth + 1) : [path]
    }
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

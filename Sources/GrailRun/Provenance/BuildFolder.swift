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
    let list = "\(folder)/\(name).product/Objects.LinkFileList"
    guard let lines = Self.lines(of: list) else { return nil }
    var modules: [String] = []
    var known: Set<String> = []
    for line in lines {
      guard let end = Self.endOfModule(in: line) else { continue }
      let module = String(line[..<end])
      if known.insert(module).inserted { modules.append(module) }
    }
    self.modules = modules
  }

  /// The absolute paths of the sources that the executable was built from, but those that lie in
  /// the build folder itself: fetched packages and what was generated.
  func sources() -> [String] {
    modules.flatMap { module in
      Self.lines(of: "\(module)/sources") ?? cSources(of: module)
    }.filter { !isInScratch($0) }
  }

  /// What the compiler says: `Swift version 6.3.1 (swift-6.3.1-RELEASE)`.
  func compilerVersion() -> String? {
    let names = StoreFolder.names(in: folder).filter {
      $0.hasPrefix("swift-version-") && $0.hasSuffix(".txt")
    }
    let newest = names.compactMap { name in
      FileIdentity(path: "\(folder)/\(name)").map { (name, $0.modified) }
    }.max { $0.1 < $1.1 }
    guard let newest, let lines = Self.lines(of: "\(folder)/\(newest.0)"),
      let line = lines.first, let start = line.range(of: "Swift version ")
    else { return nil }
    return String(line[start.upperBound...].prefix { $0 != " " })
  }

  private func isInScratch(_ path: String) -> Bool {
    path.hasPrefix(scratch) && path.dropFirst(scratch.count).hasPrefix("/")
  }

  /// The sources and headers of a module in C: the compiler lists them for each object.
  private func cSources(of module: String) -> [String] {
    var found: Set<String> = []
    for path in Self.files(below: module) where path.hasSuffix(".d") {
      guard let text = Self.text(of: path) else { continue }
      let words = Self.words(ofRule: text)
      // The first is the source itself: of a fetched package none is wanted.
      guard let first = words.first, !isInScratch(first) else { continue }
      found.formUnion(words.filter { $0.hasPrefix("/") })
    }
    return found.sorted()
  }

  /// The words behind the target of a rule as compilers write it for `make`.
  private static func words(ofRule text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isEscaped = false
    for character in text.drop(while: { $0 != ":" }).dropFirst() {
      if isEscaped {
        // A line that goes on, a sign that stands for itself, or a plain backslash before another.
        if ![" ", "#", "\\", "\n"].contains(character) { word.append("\\") }
        if character != "\n" { word.append(character) }
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == " " || character == "\n" {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    return word.isEmpty ? words : words + [word]
  }

  private static func files(below folder: String, depth: Int = 0) -> [String] {
    guard depth < 16 else { return [] }
    return StoreFolder.names(in: folder).flatMap { name in
      let path = "\(folder)/\(name)"
      return StoreFolder.isFolder(path) ? files(below: path, depth: depth + 1) : [path]
    }
  }

  /// The place behind `NAME.build` in the path of an object.
  private static func endOfModule(in path: String) -> String.Index? {
    path.range(of: ".build/", isLast: true).map { path.index(before: $0.upperBound) }
  }

  private static func text(of path: String) -> String? {
    guard let identity = FileIdentity(path: path), identity.byteCount <= lengthLimit,
      let bytes = try? WholeFile.read(path)
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The lines of a list of files, in which a path may stand in quotes.
  private static func lines(of path: String) -> [String]? {
    text(of: path)?.split(separator: "\n").map { line in
      guard line.hasPrefix("'"), line.hasSuffix("'"), line.count > 1 else { return String(line) }
      return line.dropFirst().dropLast().split(separator: "'\\''", omittingEmptySubsequences: false)
        .joined(separator: "'")
    }
  }
}

extension String {
  /// The place of a text in this one.
  func range(of part: String, isLast: Bool = false) -> Range<String.Index>? {
    let (own, part) = (Array(utf8), Array(part.utf8))
    guard own.count >= part.count else { return nil }
    let starts = 0...(own.count - part.count)
    func isPlace(_ start: Int) -> Bool { own[start..<start + part.count].elementsEqual(part) }
    guard let start = isLast ? starts.last(where: isPlace) : starts.first(where: isPlace) else {
      return nil
    }
    let lower = utf8.index(startIndex, offsetBy: start)
    return lower..<utf8.index(lower, offsetBy: part.count)
  }
}

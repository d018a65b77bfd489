/// The name of a new package, which is also that of its program, its module and its experiment.
struct PackageName: Hashable {
  /// The name.
  let text: String

  /// The module's name, in which a hyphen is not possible.
  var module: String { text.replacing("-", with: "_") }

  /// Checks a name.
  ///
  /// - Throws: ``CommandFailure`` if there can be no module of that name.
  init(_ text: String) throws(CommandFailure) {
    self.text = text
    let isPlain = text.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
    guard isPlain, text.first?.isLetter == true, text.utf8.count <= 60 else {
      throw Self.problem(
        text, "write letters, digits, - and _, a letter first, 60 at most, such as 'my-walk'")
    }
    // A disk may take upper and lower case for one.
    let module = module.lowercased()
    if Self.keywords.contains(module) {
      throw Self.problem(text, "it is a word of Swift; choose another, such as 'my-\(text)'")
    }
    if Self.taken.contains(module) {
      throw Self.problem(
        text, "something that the package uses is called so; choose another, such as 'my-\(text)'")
    }
  }

  private static func problem(_ text: String, _ found: String) -> CommandFailure {
    .usage("'\(DisplayText(text))' cannot be the name of a package: \(found)")
  }

  private static let keywords: Set<String> = [
    "actor", "any", "as", "associatedtype", "async", "await", "break", "case", "catch", "class",
    "continue", "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough",
    "false", "fileprivate", "for", "func", "guard", "if", "import", "in", "init", "inout",
    "internal", "is", "let", "macro", "module", "nil", "open", "operator", "package",
    "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return", "self",
    "some", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
    "type", "typealias", "var", "where", "while",
  ]

  /// Modules that it imports, itself or through others, and what its program declares.
  private static let taken: Set<String> = [
    "argumentparser", "asynchttpclient", "cgrailrecord", "collections", "darwin", "descent",
    "dispatch", "experiment", "foundation", "foundationessentials", "glibc", "grail", "grailcore",
    "grailmacros", "grailrecord", "grailrun", "logging", "main", "musl", "observation",
    "orderedcollections", "os", "regexbuilder", "run", "swift", "synchronization", "systempackage",
    "test", "testing", "xctest", "yams",
  ]
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program that shows what is longer than the screen.
struct PagerCommand: Hashable, Sendable {
  /// The words, the first of them a program.
  var words: [String]

  /// Chooses a pager: `GRAIL_PAGER`, then `PAGER`, then `less -FRX`.
  ///
  /// An empty one, or `cat`, means none. One that holds more than words and spaces is left to the
  /// shell. There may be none: `nil` if so, or if it is not installed.
  ///
  /// - Parameter environment: The process's variables.
  init?(environment: [String: String]) {
    let command = environment["GRAIL_PAGER"] ?? environment["PAGER"] ?? "less -FRX"
    let words = command.split(separator: " ").map(String.init)
    guard let program = words.first, words != ["cat"] else { return nil }
    let special = "\"'\\$`|&;<>()*?[]{}~#\t\n"
    if command.unicodeScalars.contains(where: special.unicodeScalars.contains) {
      self.words = ["/bin/sh", "-c", command]
    } else if let path = Self.path(of: program, in: environment["PATH"] ?? "/usr/bin:/bin") {
      self.words = [path] + words.dropFirst()
    } else {
      return nil
    }
  }

  private static func path(of program: String, in folders: String) -> String? {
    if program.contains("/") { return access(program, X_OK) == 0 ? program : nil }
    return folders.split(separator: ":").lazy.map { "\($0)/\(program)" }
      .first { access($0, X_OK) == 0 }
  }
}

import CGrailRecord
import GrailCore
import OrderedCollections

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The environment of this process as it was at one time.
///
/// It is copied where a run starts: on another thread the program might change it meanwhile.
struct ProcessEnvironment: Sendable {
  /// The variables, each as `NAME=VALUE`.
  private let entries: [String]

  /// Copies the variables of this process.
  init() {
    var entries: [String] = []
    if var entry = grail_environment() {
      while let text = entry.pointee {
        entries.append(String(cString: text))
        entry += 1
      }
    }
    self.entries = entries
  }

  /// Creates an environment of variables, each as `NAME=VALUE`.
  init(entries: [String]) { self.entries = entries }

  /// A variable's value.
  subscript(name: String) -> String? {
    entries.first { $0.hasPrefix(name) && $0.dropFirst(name.count).hasPrefix("=") }
      .map { String($0.dropFirst(name.count + 1)) }
  }

  /// The variables that a list allows, sorted by name, without secrets.
  ///
  /// - Parameter allowed: Names; one that ends in `*` stands for all that begin so.
  /// - Returns: The values by name.
  func recorded(_ allowed: [String]) -> Value.Entries {
    let names = Set(allowed.filter { !$0.hasSuffix("*") })
    let beginnings = allowed.filter { $0.hasSuffix("*") }.map { String($0.dropLast()) }
    var found: [(String, Value)] = []
    for entry in entries {
      guard let equals = entry.firstIndex(of: "=") else { continue }
      let name = String(entry[..<equals])
      guard names.contains(name) || beginnings.contains(where: { name.hasPrefix($0) }) else {
        continue
      }
      let value = String(entry[entry.index(after: equals)...])
      found.append((name, .text(Redaction.value(value, ofVariable: name))))
    }
    return Value.Entries(found.sorted { $0.0 < $1.0 }, uniquingKeysWith: { first, _ in first })
  }

  /// The file of a program, looked for in the absolute folders of `PATH`.
  func program(_ name: String) -> String? {
    guard let path = self["PATH"] else { return nil }
    return path.split(separator: ":").lazy.filter { $0.hasPrefix("/") }
      .map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// The variables for a program that is asked about files: none that point git elsewhere, and
  /// no questions.
  var ofChildren: [String] {
    entries.filter { entry in
      !Self.leftOut.contains { entry.hasPrefix($0) }
    } + [
      "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "LC_ALL=C",
    ]
  }

  private static let leftOut = [
    "GIT_DIR=", "GIT_WORK_TREE=", "GIT_INDEX_FILE=", "GIT_PREFIX=", "GIT_OBJECT_DIRECTORY=",
    "GIT_COMMON_DIR=", "GIT_NAMESPACE=", "GIT_EXTERNAL_DIFF=", "GIT_DIFF_OPTS=", "GIT_PAGER=",
    "GIT_TRACE", "GIT_OPTIONAL_LOCKS=", "GIT_TERMINAL_PROMPT=", "GIT_NO_LAZY_FETCH=", "LC_ALL=",
  ]
}

import GrailCore
import GrailRecord

/// The packages that a program was built with, and their versions.
enum ResolvedPackages {
  /// Lists what the package manager noted where it built.
  ///
  /// - Parameter scratch: The folder that it built in.
  /// - Returns: Names and versions as `name==version`, sorted by name; `nil` if nothing is noted.
  static func built(in scratch: String) -> [String]? {
    let state = json("\(scratch)/workspace-state.json")?["object"]?["dependencies"]?.listValue
    return state.map { sorted($0.compactMap(ofState)) }
  }

  /// Lists what a package would be built with by its `Package.resolved`.
  ///
  /// - Parameter package: The package's folder.
  /// - Returns: Names and versions as `name==version`, sorted by name.
  static func pinned(by package: String) -> [String] {
    let resolved = json("\(package)/Package.resolved") ?? .null
    let pins = resolved["pins"] ?? resolved["object"]?["pins"]
    return sorted((pins?.listValue ?? []).compactMap(ofPin))
  }

  private static func sorted(_ packages: [String]) -> [String] {
    packages.sorted { ($0.lowercased(), $0) < ($1.lowercased(), $1) }
  }

  private static func ofState(_ dependency: Value) -> String? {
    guard let name = dependency["packageRef"]?["identity"]?.textValue else { return nil }
    let state = dependency["state"] ?? .null
    if let version = state["version"]?.textValue { return "\(name)==\(version)" }
    return "\(name)==\(version(state["checkoutState"] ?? .null))"
  }

  private static func ofPin(_ pin: Value) -> String? {
    guard let name = pin["identity"]?.textValue ?? pin["package"]?.textValue else { return nil }
    return "\(name)==\(version(pin["state"] ?? .null))"
  }

  /// A version, a branch with its revision, a revision, or that it is a folder of this machine.
  private static func version(_ state: Value) -> String {
    if let version = state["version"]?.textValue { return version }
    guard let revision = state["revision"]?.textValue?.prefix(12) else { return "local" }
    return state["branch"]?.textValue.map { "\($0)@\(revision)" } ?? String(revision)
  }

  private static func json(_ path: String) -> Value? {
    guard let bytes = try? WholeFile.read(path) else { return nil }
    return JSONParser.parsePrefix(bytes).value
  }
}

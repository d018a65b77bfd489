import GrailCore
import GrailRecord

/// The packages that a program was built with, and their versions.
enum ResolvedPackages {
  /// Lists the packages.
  ///
  /// What the package manager noted where it built says what was built; where that is not there,
  /// the package's `Package.resolved` says what it would build.
  ///
  /// - Parameters:
  ///   - package: The package's folder.
  ///   - scratch: The folder that the program was built in, if it is known.
  /// - Returns: Names and versions as `name==version`, sorted by name.
  static func list(package: String, scratch: String?) -> [String] {
    let state = [scratch, "\(package)/.build"].lazy.compactMap { $0 }
      .compactMap { json("\($0)/workspace-state.json")?["object"]?["dependencies"]?.listValue }
      .first
    let packages: [String]
    if let state {
      packages = state.compactMap(ofState)
    } else {
      let resolved = json("\(package)/Package.resolved") ?? .null
      let pins = resolved["pins"] ?? resolved["object"]?["pins"]
      packages = (pins?.listValue ?? []).compactMap(ofPin)
    }
    return packages.sorted { ($0.lowercased(), $0) < ($1.lowercased(), $1) }
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

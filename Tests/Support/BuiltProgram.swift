import Foundation

/// The programs of this package.
package enum BuiltProgram {
  /// Where a program of the package is, which was built beside the tests.
  ///
  /// - Parameter name: The program's name.
  /// - Returns: Its path.
  package static func path(_ name: String) -> String {
    let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let folders =
      [own.path, Bundle.main.bundleURL.path]
      + Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent().path }
    let found = folders.first { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    return "\(found ?? folders[0])/\(name)"
  }
}
